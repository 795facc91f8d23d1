package dev.latchkey.review;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/// How long an endpoint asks to be left alone (RFC 9110, 10.2.3), at most a day.
final class RetryAfter {
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final int MOST_DIGITS = 9;

  private RetryAfter() {}

  /// A date is counted from the endpoint's own `Date`, so that no two clocks need to agree; without
  /// that it is passed over.
  static Optional<Duration> of(HttpHeaders headers) {
    return headers
        .firstValue("retry-after")
        .map(String::strip)
        .flatMap(text -> isNumber(text) ? seconds(text) : until(text, headers))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
        .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Optional<Duration> seconds(String text) {
    return text.length() > MOST_DIGITS
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(Long.parseLong(text)));
  }

  private static Optional<Duration> until(String text, HttpHeaders headers) {
    Optional<Instant> now = headers.firstValue("date").flatMap(RetryAfter::instant);
    return instant(text).flatMap(then -> now.map(from -> Duration.between(from, then)));
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip(), Instant::from));
    } catch (DateTimeParseException e) {
      // Not a date, so not something to wait for.
      return Optional.empty();
    }
  }
}
