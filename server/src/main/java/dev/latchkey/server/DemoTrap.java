package dev.latchkey.server;

import java.util.concurrent.CountDownLatch;

/// A point of the server's work at which it is to be killed: whoever serves it there is held until
/// the server is dead. It catches once.
final class DemoTrap {
  private final CountDownLatch released = new CountDownLatch(1);
  private final String place;
  private final DemoBell bell;
  private boolean armed;
  private boolean caught;

  /// @param place where it stands, as a person would say it
  DemoTrap(String place, DemoBell bell) {
    this.place = place;
    this.bell = bell;
  }

  String place() {
    return place;
  }

  synchronized void arm() {
    armed = true;
  }

  synchronized boolean caught() {
    return caught;
  }

  /// Told by the server's counterpart that the server is there; holds it if the trap is armed.
  void passed() {
    synchronized (this) {
      if (!armed || caught) {
        return;
      }
      caught = true;
    }
    bell.ring();
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Lets go whom it holds, and never catches again.
  synchronized void release() {
    armed = false;
    released.countDown();
  }
}
