package dev.latchkey.kv;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Lets calls through until it is closed, and knows how many are under way.
final class Gate {

  private static final int CLOSED = Integer.MIN_VALUE;

  /// The calls under way, less 2^31 once closed.
  private final AtomicInteger calls = new AtomicInteger();

  private final CountDownLatch empty = new CountDownLatch(1);

  void enter() {
    if (calls.incrementAndGet() <= 0) {
      leave();
      throw new IllegalStateException("the database handle is closed");
    }
  }

  void leave() {
    if (calls.decrementAndGet() == CLOSED) {
      empty.countDown();
    }
  }

  boolean isClosed() {
    return calls.get() < 0;
  }

  /// Closes, and waits for the calls under way. Those are bounded by their own waits and by the
  /// bodies of their transactions.
  ///
  /// @return whether this call closed it
  boolean close() {
    int before = calls.getAndUpdate(n -> n < 0 ? n : n + CLOSED);
    if (before < 0) {
      return false;
    } else if (before == 0) {
      return true;
    }
    boolean interrupted = false;
    while (empty.getCount() > 0) {
      try {
        empty.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
