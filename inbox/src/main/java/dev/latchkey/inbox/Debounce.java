package dev.latchkey.inbox;

import java.time.Duration;

/// How long a work waits for things to become quiet before it begins.
///
/// It begins `quiet` after the last delivery for it, and at the latest `longest` after its first. A
/// delivery whose work has no debounce lets it begin at once.
///
/// @param quiet zero to 7 days
/// @param longest `quiet` to 30 days
public record Debounce(Duration quiet, Duration longest) {

  private static final Duration MAX_QUIET = Duration.ofDays(7);
  private static final Duration MAX_LONGEST = Duration.ofDays(30);
  private static final Debounce NONE = new Debounce(Duration.ZERO, Duration.ZERO);

  public Debounce {
    if (quiet.isNegative() || quiet.compareTo(MAX_QUIET) > 0) {
      throw new IllegalArgumentException(
          "quiet is " + quiet + ", allowed are zero to " + MAX_QUIET);
    }
    if (longest.compareTo(quiet) < 0 || longest.compareTo(MAX_LONGEST) > 0) {
      throw new IllegalArgumentException(
          "longest is %s, allowed are %s to %s".formatted(longest, quiet, MAX_LONGEST));
    }
  }

  public static Debounce none() {
    return NONE;
  }
}
