package dev.latchkey.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// How much an installation may ask for (GitHub, "Rate limits for the REST API"): so much content a
/// minute and an hour, by rule or because the test says so. Used under the state's monitor.
final class Limits {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final SimulatedGitHubOptions options;
  private final Map<Long, Deque<Instant>> created = new HashMap<>();
  private Instant noContentBefore = Instant.EPOCH;
  private Instant noRequestBefore = Instant.EPOCH;

  Limits(SimulatedGitHubOptions options) {
    this.options = options;
  }

  void refuseContent(Duration time) {
    noContentBefore = now().plus(time);
  }

  void refuseRequests(Duration time) {
    noRequestBefore = now().plus(time);
  }

  /// @throws ApiError 403 if it is too much
  void require(long installation, ApiCall call) {
    var now = now();
    if (now.isBefore(noRequestBefore)) {
      var reset = Long.toString(noRequestBefore.getEpochSecond());
      throw ApiError.limited(
          ApiError.PRIMARY_LIMIT,
          Map.of(
              "X-RateLimit-Limit",
              "5000",
              "X-RateLimit-Remaining",
              "0",
              "X-RateLimit-Reset",
              reset));
    }
    if (!call.createsContent()) {
      return;
    }
    if (now.isBefore(noContentBefore)) {
      throw tooFast(Duration.between(now, noContentBefore));
    }
    var times = created.computeIfAbsent(installation, _ -> new ArrayDeque<>());
    while (!times.isEmpty() && !times.getFirst().plus(HOUR).isAfter(now)) {
      times.removeFirst();
    }
    requireFree(times, options.rules().contentPerMinute(), MINUTE);
    requireFree(times, options.rules().contentPerHour(), HOUR);
  }

  /// Counts what was not refused.
  void done(long installation, ApiCall call) {
    var rules = options.rules();
    // Without a rule nothing is counted, so a long run keeps no times.
    if (call.createsContent() && rules.contentPerMinute() + rules.contentPerHour() > 0) {
      created.computeIfAbsent(installation, _ -> new ArrayDeque<>()).add(now());
    }
  }

  private void requireFree(Deque<Instant> times, int limit, Duration window) {
    if (limit == 0) {
      return;
    }
    var now = now();
    var within = times.stream().filter(time -> time.plus(window).isAfter(now)).toList();
    if (within.size() >= limit) {
      // Free again when so many have left the window that one more fits.
      var leaves = within.get(within.size() - limit).plus(window);
      throw tooFast(Duration.between(now, leaves));
    }
  }

  private static ApiError tooFast(Duration wait) {
    var seconds = Math.max(1, wait.plusMillis(999).toSeconds());
    return ApiError.limited(
        ApiError.SECONDARY_LIMIT, Map.of("Retry-After", Long.toString(seconds)));
  }

  private Instant now() {
    return options.clock().instant();
  }
}
