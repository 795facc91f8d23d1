package dev.latchkey.kv;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Removes what has expired, oldest deadline first, by an index, in transactions short enough that
/// nobody waits for them. Its thread is there while a handle wants to be swept by itself.
final class Sweeper {

  private static final int MOST_AT_ONCE = 256;
  private static final int MOST_BY_ITSELF = 1_000_000;
  private static final Duration TURN_TIMEOUT = Duration.ofSeconds(5);

  private final Engine engine;
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final List<Duration> intervals = new ArrayList<>();
  private @Nullable Thread thread;
  private boolean closed;

  Sweeper(Engine engine, String name) {
    this.engine = engine;
    this.name = name;
  }

  private record Expired(String table, String key, long deadline) {}

  /// Sweeps by itself at the shortest interval that was added.
  void add(Duration interval) {
    if (interval.isZero()) {
      return;
    }
    lock.lock();
    try {
      intervals.add(interval);
      if (thread == null) {
        thread = Thread.ofPlatform().daemon().name("latchkey-kv-sweep " + name).start(this::work);
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void remove(Duration interval) {
    lock.lock();
    try {
      intervals.remove(interval);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    long last = System.nanoTime();
    while (awaitNext(last)) {
      try {
        sweep(MOST_BY_ITSELF, TURN_TIMEOUT);
      } catch (RuntimeException | Error e) {
        // Whatever it was, the next one may do better: nothing depends on this one.
        if (!engine.isStopped()) {
          engine.warn("a sweep did not finish, and goes on at the next", e);
        }
      }
      last = System.nanoTime();
    }
  }

  /// @return false if it is to end
  private boolean awaitNext(long last) {
    lock.lock();
    try {
      while (!closed && !engine.isStopped()) {
        Duration shortest = intervals.stream().min(Comparator.naturalOrder()).orElse(null);
        if (shortest == null) {
          changed.await();
          continue;
        }
        long left = Millis.waitNanos(shortest) - (System.nanoTime() - last);
        if (left <= 0) {
          return true;
        }
        long _ = changed.awaitNanos(left);
      }
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody has a reason to interrupt this thread", e);
    } finally {
      lock.unlock();
    }
  }

  int sweep(int limit, Duration timeout) {
    long begun = System.nanoTime();
    int removed = 0;
    while (removed < limit && !isClosed()) {
      int wanted = Math.min(MOST_AT_ONCE, limit - removed);
      int some = sweepSome(wanted, timeout, removed > 0);
      removed += some;
      if (some < wanted) {
        break;
      }
    }
    if (removed > 0) {
      engine.swept(removed, Duration.ofNanos(System.nanoTime() - begun));
    }
    return removed;
  }

  /// @param begun whether some were removed before. Then a turn that can't be had is the end of the
  ///   sweep and no failure, which would say that nothing was changed
  private int sweepSome(int wanted, Duration timeout, boolean begun) {
    try {
      return engine.writer().apply(transaction -> sweepSome(transaction, wanted), timeout);
    } catch (KvException.Unavailable e) {
      if (!begun) {
        throw e;
      }
      return 0;
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private static int sweepSome(Transaction transaction, int wanted) {
    return transaction.nested(() ->
        transaction.run(session -> {
          List<Expired> oldest = new ArrayList<>();
          for (Map.Entry<String, Table.Kind> store : Schema.tables(session).entrySet()) {
            String table = Table.sqlName(store.getValue(), store.getKey());
            oldest.addAll(
                session.all(
                    "SELECT key, expires_at FROM "
                        + table
                        + " WHERE expires_at <= ? ORDER BY expires_at LIMIT ?",
                    row -> new Expired(table, row.getString(1), row.getLong(2)),
                    transaction.now(),
                    wanted));
          }
          oldest.sort(Comparator.comparingLong(Expired::deadline));
          List<Expired> chosen = oldest.subList(0, Math.min(wanted, oldest.size()));
          for (Expired expired : chosen) {
            session.change("DELETE FROM " + expired.table() + " WHERE key = ?", expired.key());
          }
          return chosen.size();
        }));
  }

  /// Ends the thread. No turn may be under way but its own.
  void close() {
    Thread running;
    lock.lock();
    try {
      closed = true;
      changed.signal();
      running = thread;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      Threads.join(running);
    }
  }
}
