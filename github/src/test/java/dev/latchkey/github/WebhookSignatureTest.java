package dev.latchkey.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {
  /// GitHub's published example, in "Validating webhook deliveries".
  private static final Secret SECRET = Secret.of("It's a Secret to Everybody");

  private static final byte[] BODY = "Hello, World!".getBytes(UTF_8);
  private static final String HEX =
      "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  private static final String HEADER = "sha256=" + HEX;

  @Test
  void publishedVectorIsAccepted() {
    boolean verified = WebhookSignature.verify(List.of(SECRET), List.of(HEADER), BODY);

    assertThat(verified).isTrue();
  }

  @Test
  void eachSecretOfARotationIsAccepted() {
    Secret other = Secret.of("another one of sixteen or more");

    assertThat(WebhookSignature.verify(List.of(other, SECRET), List.of(HEADER), BODY)).isTrue();
    assertThat(WebhookSignature.verify(List.of(SECRET, other), List.of(HEADER), BODY)).isTrue();
    assertThat(WebhookSignature.verify(List.of(other), List.of(HEADER), BODY)).isFalse();
  }

  @Test
  void noSecretAcceptsNothing() {
    assertThat(WebhookSignature.verify(List.of(), List.of(HEADER), BODY)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256=",
        HEX,
        "sha1=757107ea0eb2509fc211221cce984b8a37570b6d",
        "sha1=" + HEX,
        "SHA256=" + HEX,
        " sha256=" + HEX,
        "sha256=" + HEX + " ",
        "sha256=" + HEX + "00",
        "sha256=" + HEX + ",sha256=" + HEX,
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18",
        "sha256=857107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1g",
        "sha256=７57107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
      })
  void anyOtherHeaderIsRefused(String header) {
    assertThat(WebhookSignature.verify(List.of(SECRET), List.of(header), BODY)).isFalse();
  }

  @Test
  void missingAndRepeatedHeadersAreRefused() {
    assertThat(WebhookSignature.verify(List.of(SECRET), List.of(), BODY)).isFalse();
    assertThat(WebhookSignature.verify(List.of(SECRET), List.of(HEADER, HEADER), BODY)).isFalse();
  }

  @Test
  void everyByteOfTheBodyCounts() {
    byte[] spaced = "Hello, World! ".getBytes(UTF_8);

    assertThat(WebhookSignature.verify(List.of(SECRET), List.of(HEADER), spaced)).isFalse();
    assertThat(WebhookSignature.verify(List.of(SECRET), List.of(HEADER), new byte[0])).isFalse();
  }
}
