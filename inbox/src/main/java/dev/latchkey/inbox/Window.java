package dev.latchkey.inbox;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Objects;

/// The stretch of time in which a limit counts.
public sealed interface Window {

  /// Every stretch of that length, not one that starts on the hour.
  ///
  /// @param length 1 millisecond to 3,660 days; rounded up to milliseconds
  record Rolling(Duration length) implements Window {
    private static final Duration LONGEST = Duration.ofDays(3_660);

    public Rolling {
      if (!length.isPositive() || length.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "window is %s, allowed are PT0.001S to %s".formatted(length, LONGEST));
      }
      length = Duration.ofMillis(length.plusNanos(999_999).toMillis());
    }
  }

  /// A day of the calendar, from midnight to midnight, as long as it is in that zone.
  record Day(ZoneId zone) implements Window {
    public Day {
      Objects.requireNonNull(zone, "zone");
    }
  }

  /// Returns the latest time at which a charge has left the window that ends now.
  ///
  /// @param now epoch milliseconds
  default long leftBy(long now) {
    return switch (this) {
      case Rolling(var length) -> now - length.toMillis();
      case Day(var zone) -> startOf(dayOf(now, zone), zone) - 1;
    };
  }

  /// Returns when a charge leaves the window.
  ///
  /// @param at when it was made, in epoch milliseconds
  default long leaves(long at) {
    return switch (this) {
      case Rolling(var length) -> at + length.toMillis();
      case Day(var zone) -> startOf(dayOf(at, zone).plusDays(1), zone);
    };
  }

  /// Returns the text by which it is kept.
  default String text() {
    return switch (this) {
      case Rolling(var length) -> Long.toString(length.toMillis());
      case Day(var zone) -> "day@" + zone.getId();
    };
  }

  static Window ofText(String text) {
    return text.startsWith("day@")
        ? new Day(ZoneId.of(text.substring("day@".length())))
        : new Rolling(Duration.ofMillis(Long.parseLong(text)));
  }

  private static LocalDate dayOf(long at, ZoneId zone) {
    try {
      return Instant.ofEpochMilli(at).atZone(zone).toLocalDate();
    } catch (DateTimeException e) {
      throw new IllegalStateException("the clock is beyond the calendar: " + at, e);
    }
  }

  private static long startOf(LocalDate day, ZoneId zone) {
    return day.atStartOfDay(zone).toInstant().toEpochMilli();
  }
}
