package dev.latchkey.github;

import java.time.Duration;
import java.time.Instant;

/// How long to wait when GitHub says that it was too much and not until when: a minute, and twice
/// as long each time it says so again, up to half an hour, as "Rate limits for the REST API"
/// advises. A time as long as the last wait without such an answer makes it a minute again.
final class SecondaryLimit {
  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofMinutes(32);

  /// Guarded by `this`.
  private Duration wait = Duration.ZERO;

  private Instant until = Instant.MIN;

  /// When to come back. Answers to what was sent before the wait was known do not prolong it.
  synchronized Instant until(Instant now) {
    if (now.isBefore(until)) {
      return until;
    }
    boolean again = !wait.isZero() && now.isBefore(until.plus(wait));
    Duration next = again ? wait.multipliedBy(2) : FIRST;
    wait = next.compareTo(LONGEST) > 0 ? LONGEST : next;
    until = now.plus(wait);
    return until;
  }
}
