package dev.latchkey.inbox;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// At most `units` within any `window`, counted exactly.
///
/// A work under a limit takes one unit of it when it begins, once, however often it is tried. The
/// unit is spent as soon as the work's first [paid step][Task#paidStep] is about to be called. A
/// run that ends before gives its unit back, and another work may begin at once: with runs that end
/// unpaid, more than `units` begin within a window, but no window ever holds more than `units` that
/// are spent or held. A paid step may take further units, of its own limits, for each call: see
/// [Reservation].
///
/// Works name the same bucket to share a limit; each is judged by the limit it carries. A unit
/// taken in the future, before the clock moved back, counts as in the window.
///
/// @param bucket what is counted together, such as `owner/acme`, 1 to 256 characters
/// @param units 1 to 1,000,000,000,000
public record Limit(String bucket, long units, Window window) {

  private static final long MAX_UNITS = 1_000_000_000_000L;
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,13})/(?:([0-9]{1,9})([smhd])|day)");

  public Limit {
    Texts.requireName("bucket", bucket, 256);
    if (units < 1 || units > MAX_UNITS) {
      throw new IllegalArgumentException(
          "limit of bucket " + bucket + " has " + units + " units, allowed are 1 to " + MAX_UNITS);
    }
    Objects.requireNonNull(window, "window");
  }

  /// Describes a limit with a rolling window.
  ///
  /// @param window 1 millisecond to 3,660 days; rounded up to milliseconds
  public Limit(String bucket, long units, Duration window) {
    this(bucket, units, new Window.Rolling(window));
  }

  /// Describes a limit for each day of the calendar in that zone.
  public static Limit perDay(String bucket, long units, ZoneId zone) {
    return new Limit(bucket, units, new Window.Day(zone));
  }

  /// Reads a limit as people write it: `30/1h` for any 60 minutes (units of time are `s`, `m`, `h`
  /// and `d`), `200/day` for a day of the calendar.
  ///
  /// @param zone of the calendar
  /// @throws IllegalArgumentException if it is written otherwise or out of bounds
  public static Limit parse(String bucket, String text, ZoneId zone) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "limit is \"%s\", allowed are such as 30/1h (s, m, h, d) and 200/day"
              .formatted(Texts.note(text)));
    }
    long units = Long.parseLong(matcher.group(1));
    if (matcher.group(2) == null) {
      return perDay(bucket, units, zone);
    }
    long count = Long.parseLong(matcher.group(2));
    return new Limit(
        bucket,
        units,
        switch (matcher.group(3).toLowerCase(Locale.ROOT)) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        });
  }
}
