package dev.latchkey.simulator;

import java.time.Duration;

/// Rules of the simulated GitHub that differ by product or slow a run down.
///
/// @param contentPerMinute how many reviews, comments and reactions an installation may create in a
///   minute, 0 for any number; GitHub says 80
/// @param contentPerHour the same for an hour; GitHub says 500
/// @param etags whether answers carry an `ETag`; some proxies take it away
/// @param deliveriesKept how long deliveries can be looked up
public record SimulatedRules(
    int contentPerMinute, int contentPerHour, boolean etags, Duration deliveriesKept) {

  /// Checks the limits.
  ///
  /// @throws IllegalArgumentException if a limit or the time is negative
  public SimulatedRules {
    if (contentPerMinute < 0 || contentPerHour < 0 || deliveriesKept.isNegative()) {
      throw new IllegalArgumentException("a limit or a time is negative");
    }
  }

  /// No limit on what is created, ETags, deliveries kept for 3 days.
  public static SimulatedRules relaxed() {
    return new SimulatedRules(0, 0, true, Duration.ofDays(3));
  }

  /// With GitHub's limits: 80 a minute and 500 an hour.
  public static SimulatedRules strict() {
    return relaxed().withContentLimits(80, 500);
  }

  public SimulatedRules withContentLimits(int perMinute, int perHour) {
    return new SimulatedRules(perMinute, perHour, etags, deliveriesKept);
  }

  public SimulatedRules withoutEtags() {
    return new SimulatedRules(contentPerMinute, contentPerHour, false, deliveriesKept);
  }

  public SimulatedRules withDeliveriesKept(Duration time) {
    return new SimulatedRules(contentPerMinute, contentPerHour, etags, time);
  }
}
