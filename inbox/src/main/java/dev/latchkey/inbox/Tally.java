package dev.latchkey.inbox;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// Counts what happens in this process, and how much of it within the last minute.
final class Tally {

  private final Rate accepted;
  private final Rate ended;
  private final AtomicLong retried = new AtomicLong();

  Tally(InstantSource clock) {
    accepted = new Rate(clock);
    ended = new Rate(clock);
  }

  void count(Event event) {
    switch (event) {
      case Event.Stored(_, _, var receipt) when receipt != Receipt.DUPLICATE -> accepted.count();
      case Event.Ended _, Event.Cancelled _, Event.Poisoned _ -> ended.count();
      case Event.Retried _ -> retried.incrementAndGet();
      case Event.Stored _,
          Event.Claimed _,
          Event.CallStarted _,
          Event.StepKept _,
          Event.Postponed _,
          Event.HandedBack _,
          Event.Held _,
          Event.CaughtUp _,
          Event.Resynced _,
          Event.LookFailed _ -> {
        // Not counted.
      }
    }
  }

  InboxStats.Recent recent() {
    return new InboxStats.Recent(
        accepted.total(), ended.total(), retried.get(), accepted.perMinute(), ended.perMinute());
  }

  /// A count by seconds, for one minute.
  private static final class Rate {

    private static final int SECONDS = 60;

    private final InstantSource clock;
    private final long[] counts = new long[SECONDS];
    private final long[] seconds = new long[SECONDS];
    private long total;

    Rate(InstantSource clock) {
      this.clock = clock;
    }

    synchronized void count() {
      long second = Math.floorDiv(clock.millis(), 1_000L);
      int slot = Math.floorMod(second, SECONDS);
      if (seconds[slot] != second) {
        seconds[slot] = second;
        counts[slot] = 0;
      }
      counts[slot]++;
      total++;
    }

    synchronized long total() {
      return total;
    }

    synchronized long perMinute() {
      long second = Math.floorDiv(clock.millis(), 1_000L);
      long sum = 0;
      for (int slot = 0; slot < SECONDS; slot++) {
        if (seconds[slot] > second - SECONDS && seconds[slot] <= second) {
          sum += counts[slot];
        }
      }
      return sum;
    }
  }
}
