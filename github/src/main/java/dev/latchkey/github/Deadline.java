package dev.latchkey.github;

import java.time.Duration;

/// A moment by which a call must have ended, its answer's body included.
///
/// @param nanoTime on the scale of [System#nanoTime]
public record Deadline(long nanoTime) {
  private static final Duration LONGEST = Duration.ofDays(1);

  /// Checks what it is made of.
  ///
  /// @param timeout from now on; negative counts as over, more than a day counts as a day
  public static Deadline after(Duration timeout) {
    Duration bounded = timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
    long nanos = bounded.isNegative() ? 0 : bounded.toNanos();
    return new Deadline(System.nanoTime() + nanos);
  }

  /// What is left; zero once it is over, never negative.
  public Duration remaining() {
    return Duration.ofNanos(remainingNanos());
  }

  long remainingNanos() {
    return Math.max(0, nanoTime - System.nanoTime());
  }
}
