package dev.latchkey.kv;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Ends the snapshots of an engine which last for too long. Its thread is there from the first one
/// on, and sleeps until the next deadline.
final class Deadlines {

  private static final System.Logger LOG = System.getLogger("dev.latchkey.kv");

  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final Set<Snapshot> open = new HashSet<>();
  private @Nullable Thread watcher;

  /// When the thread wakes by itself, unless it waits for a snapshot to begin.
  private long wakingAt;

  private boolean idle;
  private boolean closed;

  Deadlines(String name) {
    this.name = name;
  }

  void add(Snapshot snapshot) {
    lock.lock();
    try {
      open.add(snapshot);
      if (watcher == null) {
        wakingAt = snapshot.deadline();
        watcher =
            Thread.ofPlatform().daemon().name("latchkey-kv-deadlines " + name).start(this::watch);
      } else if (idle || snapshot.deadline() - wakingAt < 0) {
        // Most begin and end while it sleeps until the deadline of one before.
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  void remove(Snapshot snapshot) {
    lock.lock();
    try {
      open.remove(snapshot);
    } finally {
      lock.unlock();
    }
  }

  private void watch() {
    lock.lock();
    try {
      while (!closed) {
        Snapshot next = nearest();
        idle = next == null;
        if (next == null) {
          changed.await();
        } else if (next.deadline() - System.nanoTime() > 0) {
          wakingAt = next.deadline();
          long _ = changed.awaitNanos(next.deadline() - System.nanoTime());
        } else {
          open.remove(next);
          expire(next);
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody has a reason to interrupt this thread", e);
    } finally {
      lock.unlock();
    }
  }

  private void expire(Snapshot snapshot) {
    // Others may come and go while a connection is closed.
    lock.unlock();
    try {
      snapshot.expire();
    } catch (RuntimeException | Error e) {
      // The others are to be ended all the same.
      LOG.log(System.Logger.Level.WARNING, "a snapshot could not be ended", e);
    } finally {
      lock.lock();
    }
  }

  private @Nullable Snapshot nearest() {
    Snapshot nearest = null;
    for (Snapshot snapshot : open) {
      if (nearest == null || snapshot.deadline() - nearest.deadline() < 0) {
        nearest = snapshot;
      }
    }
    return nearest;
  }

  void close() {
    Thread running;
    lock.lock();
    try {
      closed = true;
      changed.signal();
      running = watcher;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      Threads.join(running);
    }
  }
}
