package dev.latchkey.kv;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
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
/// snapshot ends that may have been in the way. Past its limit new readers wait a moment, so that
/// there is one in which nobody reads.
final class Checkpoints {

  private static final long DUE_BYTES = 16L << 20;
  private static final int COMMITS_BETWEEN_LOOKS = 8;
  private static final int FRAME_HEADER_BYTES = 24;

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

  /// Since when, by [System#nanoTime], a snapshot has been in the way; null if none is.
  private volatile @Nullable Long blockedSince;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private volatile boolean overLimit;

  // Touched only by whoever holds the writer.
  private int commits;
  private long framesSeen;

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
        compareWithLimit(progress);
      } else if (state.get() == State.IDLE
          && (++commits % COMMITS_BETWEEN_LOOKS == 0 || overLimit)) {
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
    compareWithLimit(progress);
    logRoom.makeRoom(progress.log());
    if (progress.log() - framesSeen >= dueFrames) {
      startCopying();
    }
  }

  /// A log which is copied whole starts over by itself, at the next commit beside no reader.
  private void compareWithLimit(Progress progress) {
    boolean over = progress.log() > limitFrames && progress.copied() < progress.log();
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

  /// Has a new reader wait while the log is over its limit.
  void awaitRoom(Duration timeout) {
    if (!overLimit) {
      return;
    }
    lock.lock();
    try {
      long left = Millis.waitNanos(timeout);
      while (overLimit && left > 0) {
        left = room.awaitNanos(left);
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
    if (overLimit || (since != null && begun - since < 0)) {
      startCopying();
    }
  }

  static ThreadFactory platformThreads() {
    return Thread.ofPlatform().daemon().name("latchkey-kv-checkpoint").factory();
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
      compareWithLimit(run(session, "PRAGMA wal_checkpoint(PASSIVE)"));
      next = State.COPIED;
    } catch (SQLException e) {
      failed(e);
    } catch (RuntimeException | Error e) {
      // Nothing is lost by it: the log is whole, and is copied after a later look.
      engine.warn("a checkpoint failed", e);
    } finally {
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
