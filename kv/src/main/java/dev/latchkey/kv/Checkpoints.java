package dev.latchkey.kv;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Copies the log into the file as it grows, so that it can start over.
///
/// SQLite's own way, after a commit, would swallow I/O errors and keep that commit's callers
/// waiting. Here a thread copies while writing goes on; what was written meanwhile, which is
/// little, is copied between two groups, because the log starts over only once all of it is copied.
/// A snapshot that lasts delays that, so the log is looked at again as it grows on, and when a
/// snapshot ends that may have been in the way. Past its limit the log is copied again and again,
/// and new readers wait meanwhile, so that there is a moment in which nobody reads what is not in
/// the file yet. Those who read nothing but the file are in nobody's way.
final class Checkpoints {

  private static final long DUE_BYTES = 16L << 20;
  private static final int COMMITS_BETWEEN_LOOKS = 8;
  private static final int FRAME_HEADER_BYTES = 24;

  /// How often, at most, a log over its limit is copied.
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private enum State {
    IDLE,
    COPYING,
    COPIED
  }

  private final Engine engine;
  private final Session writer;
  private final Session.Source copying;
  private final ThreadFactory threads;
  private final long dueFrames;
  private final long limitFrames;
  private final LogRoom logRoom;

  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
  private volatile @Nullable Thread copier;

  /// How long the log was at the last copy. Touched by one copy at a time.
  private volatile long logAtCopy;

  /// When the last copy ended, by [System#nanoTime].
  private volatile long copiedAt = System.nanoTime() - RETRY_NANOS;

  /// Since when, by [System#nanoTime], a snapshot has been in the way; null if none is.
  private volatile @Nullable Long blockedSince;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private volatile boolean overLimit;

  // Touched only by whoever holds the writer.
  private int commits;
  private long framesSeen;
  private boolean large;

  /// @param copying opens the file for writing
  /// @param threads makes the thread which copies
  Checkpoints(Engine engine, Session writer, Session.Source copying, ThreadFactory threads)
      throws SQLException {
    this.engine = engine;
    this.writer = writer;
    this.copying = copying;
    this.threads = threads;
    long frameBytes = writer.number("PRAGMA page_size") + FRAME_HEADER_BYTES;
    long limit = engine.options().walLimitBytes();
    this.dueFrames = Math.min(DUE_BYTES, limit / 2) / frameBytes;
    this.limitFrames = limit / frameBytes;
    this.logRoom = new LogRoom(writer, frameBytes, dueFrames + dueFrames / 4);
  }

  /// The log's length and how much of it is in the file, in frames.
  private record Progress(long log, long copied) {
    static Progress of(ResultSet row) throws SQLException {
      return new Progress(row.getLong(2), row.getLong(3));
    }
  }

  /// Called between groups by whoever holds the writer, on a platform thread.
  void afterCommit() {
    try {
      if (state.compareAndSet(State.COPIED, State.IDLE)) {
        Progress progress = run(writer, "PRAGMA wal_checkpoint(PASSIVE)");
        framesSeen = progress.log();
        // Nobody writes now, so only a reader can have been in the way.
        blockedSince = progress.copied() < progress.log() ? Long.valueOf(System.nanoTime()) : null;
        large = progress.log() > limitFrames;
        compareWithLimit(progress, true);
      } else if (state.get() == State.IDLE && (++commits % COMMITS_BETWEEN_LOOKS == 0 || large)) {
        look();
      }
    } catch (SQLException e) {
      failed(e);
    }
  }

  private void look() throws SQLException {
    Progress progress = run(writer, "PRAGMA wal_checkpoint(NOOP)");
    if (progress.log() < framesSeen) {
      // It has started over.
      framesSeen = 0;
      blockedSince = null;
    }
    large = progress.log() > limitFrames;
    compareWithLimit(progress, true);
    logRoom.makeRoom(progress.log());
    if (progress.log() - framesSeen >= dueFrames) {
      startCopying();
    } else if (overLimit) {
      copyAgain();
    }
  }

  /// A log which is copied whole starts over by itself, at the next commit: until then readers read
  /// the file only, and may be let in.
  ///
  /// @param settled whether nobody writes, so that what is whole stays so
  private void compareWithLimit(Progress progress, boolean settled) {
    boolean whole = settled && progress.copied() == progress.log();
    boolean over = progress.log() > limitFrames && !whole;
    lock.lock();
    try {
      overLimit = over;
      if (!over) {
        room.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Has a new reader wait while the log is over its limit, and copies what may be copied by now:
  /// nobody else might, where nobody writes.
  void awaitRoom(Duration timeout) {
    if (!overLimit) {
      return;
    }
    lock.lock();
    try {
      long left = Millis.waitNanos(timeout);
      while (overLimit && left > 0) {
        copyAgain();
        long slice = Math.min(left, RETRY_NANOS);
        left -= slice - room.awaitNanos(slice);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /// Called when a snapshot has ended.
  ///
  /// @param begun by [System#nanoTime]
  void readerLeft(long begun) {
    Long since = blockedSince;
    if (since != null && begun - since < 0) {
      startCopying();
    } else if (overLimit) {
      copyAgain();
    }
  }

  static ThreadFactory platformThreads() {
    return Thread.ofPlatform().daemon().name("latchkey-kv-checkpoint").factory();
  }

  /// Copies a log over its limit, unless that was just done: then the rest is for the writer.
  private void copyAgain() {
    if (System.nanoTime() - copiedAt >= RETRY_NANOS) {
      startCopying();
    }
  }

  /// Without a thread to be had, the log is left to grow until the next look.
  private void startCopying() {
    if (!state.compareAndSet(State.IDLE, State.COPYING)
        && !state.compareAndSet(State.COPIED, State.COPYING)) {
      return;
    }
    try {
      Thread thread = threads.newThread(this::copy);
      copier = thread;
      thread.start();
    } catch (RuntimeException | Error e) {
      state.set(State.IDLE);
      engine.warn("a checkpoint could not begin", e);
    }
  }

  private void copy() {
    State next = State.IDLE;
    try (Session session = copying.open()) {
      Progress progress = run(session, "PRAGMA wal_checkpoint(PASSIVE)");
      compareWithLimit(progress, progress.log() == logAtCopy);
      logAtCopy = progress.log();
      next = State.COPIED;
    } catch (SQLException e) {
      failed(e);
    } catch (RuntimeException | Error e) {
      // Nothing is lost by it: the log is whole, and is copied after a later look.
      engine.warn("a checkpoint failed", e);
    } finally {
      copiedAt = System.nanoTime();
      // Last, since after it the writer may start another.
      state.set(next);
    }
  }

  private static Progress run(Session session, String checkpoint) throws SQLException {
    Progress progress = session.first(checkpoint, Progress::of);
    return progress == null ? new Progress(0, 0) : progress;
  }

  private void failed(SQLException e) {
    if (SqlFailure.of(e) == SqlFailure.FATAL) {
      engine.stop("a checkpoint failed", e);
    } else {
      engine.warn("a checkpoint failed", e);
    }
  }

  /// Waits for a copy under way. No turn may be under way, and no snapshot.
  void close() {
    Thread running = copier;
    if (running != null) {
      Threads.join(running);
    }
  }
}
