package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

/// A value which must never be seen in a message.
final class Canary {

  static final String TEXT = "canary-7f3a-sings";

  private Canary() {}

  static byte[] bytes() {
    return TEXT.getBytes(StandardCharsets.UTF_8);
  }

  /// Searches the messages of a failure, of its causes and of what was suppressed.
  static void assertSilent(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      assertThat(at.toString()).doesNotContain(TEXT);
      for (Throwable suppressed : at.getSuppressed()) {
        assertSilent(suppressed);
      }
    }
  }
}
