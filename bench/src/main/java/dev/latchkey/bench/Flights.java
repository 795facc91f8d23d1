package dev.latchkey.bench;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The webhooks under way: accepted, or about to be, and not yet done.
final class Flights implements WebhookQueue.Watch {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Map<String, Flight> flights = new ConcurrentHashMap<>();

  /// One webhook's way, from now on.
  Flight begin(String id) {
    Flight flight = new Flight(id);
    flights.put(id, flight);
    return flight;
  }

  /// What nobody waits for, such as what others left behind, is of no interest.
  @Override
  public void started(String id) {
    Flight flight = flights.get(id);
    if (flight != null) {
      flight.started = System.nanoTime();
    }
  }

  @Override
  public void done(String id) {
    Flight flight = flights.remove(id);
    if (flight != null) {
      flight.done.countDown();
    }
  }

  static final class Flight {
    private final String id;
    private final CountDownLatch done = new CountDownLatch(1);
    private final long begin = System.nanoTime();
    private volatile long started;

    private Flight(String id) {
      this.id = id;
    }

    /// @throws IllegalStateException if that takes more than a minute
    void awaitDone() throws InterruptedException {
      if (!done.await(LONGEST.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IllegalStateException(id + " isn't done");
      }
    }

    /// Waits until it is done, or until that moment of [System#nanoTime].
    boolean isDoneBy(long deadline) throws InterruptedException {
      return done.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /// The nanoseconds from its beginning until its handler was called; to be asked once it is
    /// done.
    long toStart() {
      return started - begin;
    }
  }
}
