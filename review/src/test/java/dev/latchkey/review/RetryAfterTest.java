package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final String NOW = "Sun, 06 Nov 1994 08:49:37 GMT";

  private static HttpHeaders headers(Map<String, List<String>> values) {
    return HttpHeaders.of(values, (name, value) -> true);
  }

  private static HttpHeaders headers(String retryAfter) {
    return headers(Map.of("Retry-After", List.of(retryAfter), "Date", List.of(NOW)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0",
        " 7 |7",
        "86401|86400",
        "999999999|86400",
        "Sun, 06 Nov 1994 08:49:37 GMT|0",
        "Sun, 06 Nov 1994 08:51:00 GMT|83",
        "Mon, 07 Nov 1994 08:49:38 GMT|86400",
        "Sun, 06 Nov 1994 08:00:00 GMT|0",
      })
  void waitIsReadInBothForms(String header, long seconds) {
    assertThat(RetryAfter.of(headers(header))).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1.5", "1234567890", "٣", "Sun, 06 Nov 1994"})
  void anythingElseIsPassedOver(String header) {
    assertThat(RetryAfter.of(headers(header))).isEmpty();
  }

  @Test
  void dateWithoutTheEndpointsOwnIsPassedOver() {
    HttpHeaders headers = headers(Map.of("Retry-After", List.of(NOW)));

    assertThat(RetryAfter.of(headers)).isEmpty();
    assertThat(RetryAfter.of(headers(Map.of()))).isEmpty();
  }
}
