package dev.latchkey.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class BodiesTest {

  private static final int KIB = 1 << 10;

  private final Bodies bodies = new Bodies(100 * KIB, 150 * KIB);

  @Test
  void aBodyUpToTheLimitIsReadWhole() throws Bodies.Refused {
    byte[] bytes = new byte[100 * KIB];
    bytes[bytes.length - 1] = 7;

    try (Bodies.Body body = bodies.read(new ByteArrayInputStream(bytes), true)) {
      assertThat(body.bytes()).isEqualTo(bytes);
    }
  }

  @Test
  void oneByteMoreIsRefusedAsTooLarge() {
    assertThatExceptionOfType(Bodies.Refused.class)
        .isThrownBy(() -> bodies.read(zeros(100 * KIB + 1), true))
        .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(413));
  }

  @Test
  void bodiesShareABudgetAndGiveItBack() throws Bodies.Refused {
    Bodies.Body first = bodies.read(zeros(100 * KIB), true);

    assertThatExceptionOfType(Bodies.Refused.class)
        .isThrownBy(() -> bodies.read(zeros(60 * KIB), true))
        .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(503));
    first.close();
    bodies.read(zeros(60 * KIB), true).close();
    bodies.read(zeros(100 * KIB), true).close();
  }

  @Test
  void aBodyOfUnknownSizeReservesTheMost() throws Bodies.Refused {
    Bodies.Body first = bodies.read(zeros(1), false);

    assertThatExceptionOfType(Bodies.Refused.class)
        .isThrownBy(() -> bodies.read(zeros(1), false))
        .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(503));
    first.close();
    bodies.read(zeros(1), false).close();
  }

  @Test
  void aBodyWhichBreaksOffGivesItsShareBack() throws Bodies.Refused {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };

    for (int i = 0; i < 10; i++) {
      assertThatExceptionOfType(Bodies.Refused.class)
          .isThrownBy(() -> bodies.read(broken, false))
          .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(400));
    }
    bodies.read(zeros(100 * KIB), true).close();
  }

  private static InputStream zeros(int size) {
    return new ByteArrayInputStream(new byte[size]);
  }
}
