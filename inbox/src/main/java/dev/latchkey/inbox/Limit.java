package dev.latchkey.inbox;

import java.time.Duration;

/// Within any `window`, at most `units` works begin that then pay, counted exactly: a window is
/// every stretch of that length, not one that starts on the hour.
///
/// A work takes one unit when it begins, once, however often it is tried. The unit is spent as soon
/// as the work's first [paid step][Task#paidStep] is about to be called. A work that ends before
/// gives its unit back, and another may begin at once: with works that end unpaid, more than
/// `units` begin within a window, but no window ever holds more than `units` that are spent or
/// held.
///
/// Works name the same bucket to share a limit; each is judged by the limit it carries.
///
/// @param bucket what is counted together, such as `owner/acme`, 1 to 256 characters
/// @param units 1 to 1,000,000
/// @param window 1 millisecond to 3,660 days; rounded up to milliseconds
public record Limit(String bucket, int units, Duration window) {

  private static final int MAX_UNITS = 1_000_000;
  private static final Duration MAX_WINDOW = Duration.ofDays(3_660);

  public Limit {
    Texts.requireName("bucket", bucket, 256);
    if (units < 1 || units > MAX_UNITS) {
      throw new IllegalArgumentException(
          "limit of bucket " + bucket + " has " + units + " units, allowed are 1 to " + MAX_UNITS);
    }
    if (!window.isPositive() || window.compareTo(MAX_WINDOW) > 0) {
      throw new IllegalArgumentException(
          "limit of bucket %s has the window %s, allowed are PT0.001S to %s"
              .formatted(bucket, window, MAX_WINDOW));
    }
  }

  /// Returns the limit as it is kept, its window in whole milliseconds.
  Limit inMillis() {
    return new Limit(bucket, units, Duration.ofMillis(windowMillis()));
  }

  long windowMillis() {
    return window.plusNanos(999_999).toMillis();
  }
}
