package dev.latchkey.kv;

import java.util.concurrent.CountDownLatch;

/// Keeps a thread where it is until it is let go: in the body of a transaction, say. Closing lets
/// go, so that a test which fails doesn't wait for a thread that it holds.
final class Hold implements AutoCloseable {

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  /// Called by the thread to be kept.
  void keep() {
    reached.countDown();
    try {
      goOn.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted where it was held", e);
    }
  }

  /// Waits until a thread is kept.
  void awaitReached() throws InterruptedException {
    reached.await();
  }

  void letGo() {
    goOn.countDown();
  }

  @Override
  public void close() {
    letGo();
  }
}
