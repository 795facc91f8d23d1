package dev.latchkey.kv;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/// Copies the log into the file as it grows, so that it can start over.
///
/// SQLite's own way, after a commit, would swallow I/O errors and keep that commit's callers
/// waiting. Here a thread copies while writing goes on; what was written meanwhile, which is
/// little, is copied between two groups, because the log starts over only once all of it is copied.
/// A transaction that reads for long delays that, so the log is looked at again as it grows on.
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

  private volatile State state = State.IDLE;

  // Touched only by whoever holds the writer.
  private int commits;
  private long framesSeen;
  private @Nullable Thread copier;

  /// @param copying opens the file for writing
  /// @param threads makes the thread which copies
  Checkpoints(Engine engine, Session writer, Session.Source copying, ThreadFactory threads)
      throws SQLException {
    this.engine = engine;
    this.writer = writer;
    this.copying = copying;
    this.threads = threads;
    this.dueFrames = DUE_BYTES / (writer.number("PRAGMA page_size") + FRAME_HEADER_BYTES);
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
      if (state == State.COPIED) {
        framesSeen = run(writer, "PRAGMA wal_checkpoint(PASSIVE)").log();
        state = State.IDLE;
      } else if (state == State.IDLE && ++commits % COMMITS_BETWEEN_LOOKS == 0) {
        Progress progress = run(writer, "PRAGMA wal_checkpoint(NOOP)");
        if (progress.log() < framesSeen) {
          // It has started over.
          framesSeen = 0;
        }
        if (progress.log() - framesSeen >= dueFrames) {
          startCopying();
        }
      }
    } catch (SQLException e) {
      failed(e);
    }
  }

  static ThreadFactory platformThreads() {
    return Thread.ofPlatform().daemon().name("latchkey-kv-checkpoint").factory();
  }

  /// Without a thread to be had, the log is left to grow until the next look.
  private void startCopying() {
    state = State.COPYING;
    try {
      Thread thread = threads.newThread(this::copy);
      thread.start();
      copier = thread;
    } catch (RuntimeException | Error e) {
      state = State.IDLE;
      engine.warn("a checkpoint could not begin", e);
    }
  }

  private void copy() {
    State next = State.IDLE;
    try (Session session = copying.open()) {
      run(session, "PRAGMA wal_checkpoint(PASSIVE)");
      next = State.COPIED;
    } catch (SQLException e) {
      failed(e);
    } catch (RuntimeException | Error e) {
      // Nothing is lost by it: the log is whole, and is copied after a later look.
      engine.warn("a checkpoint failed", e);
    } finally {
      // Last, since after it the writer may start another.
      state = next;
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

  /// Waits for a copy under way. No turn may be under way.
  void close() {
    Thread running = copier;
    if (running != null) {
      Threads.join(running);
    }
  }
}
