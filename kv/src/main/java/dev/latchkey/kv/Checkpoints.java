package dev.latchkey.kv;

import java.sql.ResultSet;
import java.sql.SQLException;
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
  private final String uri;
  private final long dueFrames;

  private volatile State state = State.IDLE;

  // Touched only by whoever holds the writer.
  private int commits;
  private long framesSeen;
  private @Nullable Thread copier;

  /// @param uri of the file, opened for writing
  Checkpoints(Engine engine, Session writer, String uri) throws SQLException {
    this.engine = engine;
    this.writer = writer;
    this.uri = uri;
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
          state = State.COPYING;
          copier = Thread.ofPlatform().daemon().name("latchkey-kv-checkpoint").start(this::copy);
        }
      }
    } catch (SQLException e) {
      failed(e);
    }
  }

  private void copy() {
    try (Session session = Session.open(uri)) {
      run(session, "PRAGMA wal_checkpoint(PASSIVE)");
      state = State.COPIED;
    } catch (SQLException e) {
      failed(e);
      state = State.IDLE;
    }
  }

  private static Progress run(Session session, String checkpoint) throws SQLException {
    Progress progress = session.first(checkpoint, Progress::of);
    return progress == null ? new Progress(0, 0) : progress;
  }

  private void failed(SQLException e) {
    if (SqlFailure.of(e) == SqlFailure.FATAL) {
      engine.stop("a checkpoint failed", e);
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
