package dev.latchkey.inbox;

import java.time.Duration;

/// How often and when a failed work is tried again: after attempt `n` it waits a time chosen evenly
/// from zero to `min(cap, base * 2^(n-1))`, exponential backoff with full jitter ("Exponential
/// Backoff and Jitter", AWS Architecture Blog).
///
/// Runs which end because the process died, or because the work was handed back or postponed, are
/// no attempts.
///
/// @param maxAttempts after so many failed attempts the work is DEAD, 1 to 100
/// @param base 1 millisecond to `cap`
/// @param cap at most 7 days
public record RetryPolicy(int maxAttempts, Duration base, Duration cap) {

  private static final RetryPolicy DEFAULTS =
      new RetryPolicy(8, Duration.ofSeconds(2), Duration.ofMinutes(10));

  public RetryPolicy {
    if (maxAttempts < 1 || maxAttempts > 100) {
      throw new IllegalArgumentException(
          "maxAttempts is " + maxAttempts + ", allowed are 1 to 100");
    }
    if (base.compareTo(Duration.ofMillis(1)) < 0 || base.compareTo(cap) > 0) {
      throw new IllegalArgumentException(
          "base is " + base + ", allowed are PT0.001S to the cap of " + cap);
    }
    if (cap.compareTo(Duration.ofDays(7)) > 0) {
      throw new IllegalArgumentException("cap is " + cap + ", limit 7 days");
    }
  }

  /// Returns 8 attempts, 2 seconds doubling up to 10 minutes.
  public static RetryPolicy defaults() {
    return DEFAULTS;
  }

  /// Returns the longest wait after that failed attempt.
  ///
  /// @param attempt from 1
  Duration longestAfter(int attempt) {
    // 2^30 is beyond any cap in milliseconds, and times the longest base it still fits a long.
    long factor = 1L << Math.min(attempt - 1, 30);
    return Duration.ofMillis(Math.min(base.toMillis() * factor, cap.toMillis()));
  }
}
