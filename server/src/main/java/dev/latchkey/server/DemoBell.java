package dev.latchkey.server;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Wakes whoever waits for something to happen in the demonstration.
final class DemoBell {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rung = lock.newCondition();
  private long rings;

  /// Says that something happened.
  void ring() {
    lock.lock();
    try {
      rings++;
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the condition holds, asking again whenever the bell rings; returns whether it
  /// does.
  boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
    var deadline = System.nanoTime() + atMost.toNanos();
    lock.lock();
    try {
      while (true) {
        var before = rings;
        // Asked without the lock: it may take others that are held while the bell is rung.
        lock.unlock();
        boolean holds;
        try {
          holds = condition.getAsBoolean();
        } finally {
          lock.lock();
        }
        if (holds) {
          return true;
        }
        while (rings == before) {
          var left = deadline - System.nanoTime();
          if (left <= 0 || rung.awaitNanos(left) <= 0) {
            return false;
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the bell was silent for that long; returns false if it went on ringing.
  boolean awaitSilence(Duration silence, Duration atMost) throws InterruptedException {
    var deadline = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < deadline) {
      var before = count();
      if (!await(() -> count() != before, silence)) {
        return true;
      }
    }
    return false;
  }

  private long count() {
    lock.lock();
    try {
      return rings;
    } finally {
      lock.unlock();
    }
  }
}
