package dev.latchkey.inbox;

import java.time.Duration;

/// How long what is over is kept. What isn't over is kept: a live work with its deliveries, and a
/// DEAD one until it was replayed or dismissed.
///
/// @param bodies of deliveries, and results of steps, after the last of their works ended; 1 hour
///   to 3,660 days
/// @param ids of deliveries, and works with their story, after they came or ended; `bodies` to
///   3,660 days. A delivery that is sent again after that is a new one.
public record Retention(Duration bodies, Duration ids) {

  private static final Duration SHORTEST = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofDays(3_660);

  public Retention {
    if (bodies.compareTo(SHORTEST) < 0 || bodies.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "bodies is %s, allowed are %s to %s".formatted(bodies, SHORTEST, LONGEST));
    }
    if (ids.compareTo(bodies) < 0 || ids.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "ids is %s, allowed are %s to %s".formatted(ids, bodies, LONGEST));
    }
  }

  /// Returns 7 days for bodies and 30 for ids.
  public static Retention defaults() {
    return new Retention(Duration.ofDays(7), Duration.ofDays(30));
  }
}
