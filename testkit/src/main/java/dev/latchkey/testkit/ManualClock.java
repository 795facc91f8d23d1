package dev.latchkey.testkit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that stands still until a test moves it. May be read and moved by any number of threads:
/// a reader sees every move that happened before its reading, and no two moves are lost in one.
///
/// It may be moved backwards, as the clock of a real machine may be.
public final class ManualClock implements InstantSource {
  private final AtomicReference<Instant> now;

  private ManualClock(Instant start) {
    now = new AtomicReference<>(start);
  }

  /// A clock that shows `start`.
  public static ManualClock at(Instant start) {
    return new ManualClock(requireNonNull(start, "start"));
  }

  /// A clock that shows the instant written as ISO 8601, such as `2026-01-01T00:00:00Z`.
  ///
  /// @throws java.time.format.DateTimeParseException if it isn't written so
  public static ManualClock at(String start) {
    return new ManualClock(Instant.parse(start));
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  /// Moves the clock by `step`, backwards if it is negative, and returns what it shows now.
  public Instant advance(Duration step) {
    requireNonNull(step, "step");
    return now.updateAndGet(instant -> instant.plus(step));
  }

  /// Makes the clock show `instant`.
  public void set(Instant instant) {
    now.set(requireNonNull(instant, "instant"));
  }

  /// The instant that it shows.
  @Override
  public String toString() {
    return now.get().toString();
  }
}
