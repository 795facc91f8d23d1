package dev.latchkey.inbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What is done every so often, each on a virtual thread of its own, which sleeps in between.
final class Rounds {

  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /// A round, which says itself what it does about failures.
  @FunctionalInterface
  interface Round {
    void run() throws InterruptedException;
  }

  /// Runs a round now, and again each time the interval has passed since it ended.
  synchronized void start(String name, Duration interval, Round round) {
    threads.add(Thread.ofVirtual().name("latchkey-" + name).start(() -> repeat(interval, round)));
  }

  private void repeat(Duration interval, Round round) {
    try {
      do {
        round.run();
      } while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /// Interrupts all rounds, and waits that long for those under way.
  synchronized void close(Duration timeout) {
    closed.countDown();
    threads.forEach(Thread::interrupt);
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      for (Thread thread : threads) {
        long left = deadline - System.nanoTime();
        if (left > 0) {
          var _ = thread.join(Duration.ofNanos(left));
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
