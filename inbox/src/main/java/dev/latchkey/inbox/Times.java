package dev.latchkey.inbox;

import java.time.Instant;

/// Instants as the epoch milliseconds that SQL keeps.
final class Times {

  private static final Instant EARLIEST = Instant.EPOCH;

  // Far from overflow, so that a window of years may still be added.
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  private Times() {}

  /// Returns the instant rounded up to milliseconds, so that nothing happens before it, and within
  /// the years 1970 to 9999.
  static long millis(Instant instant) {
    if (instant.isBefore(EARLIEST)) {
      return EARLIEST.toEpochMilli();
    }
    if (instant.isAfter(LATEST)) {
      return LATEST.toEpochMilli();
    }
    return instant.plusNanos(999_999).toEpochMilli();
  }
}
