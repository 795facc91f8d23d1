package dev.latchkey.kv;

import java.sql.SQLException;

/// Grows the log's file ahead of its use.
///
/// A commit that makes its file longer costs several times the one that writes where something was
/// already: the file system has its own records to write then. So a multiple of what is in the log
/// is written behind it, as pages of a transaction which is rolled back. SQLite writes such pages
/// to the log when its cache overflows, and passes over them when it reads the log again. The file
/// keeps its length when the log starts over, so this ends after the first time around.
final class LogRoom {

  /// With a cache as small as this, most of a transaction is written to the log before its end.
  private static final String SMALL_CACHE = "PRAGMA cache_size = 32";

  private static final int CACHED_BYTES = 256 << 10;

  private static final int LEAST_BYTES = 256 << 10;
  private static final int GROWTH = 3;

  /// A store that can't be, since its name is empty. Half of the bytes given, twice.
  private static final String FILL =
      "INSERT INTO kv_stores (name, kind, large_values) VALUES ('', hex(zeroblob(?)), 0)";

  private final Session writer;
  private final long frameBytes;
  private final long mostFrames;

  /// How many frames the file has had.
  private long frames;

  /// @param mostFrames what the log has when it starts over, about
  LogRoom(Session writer, long frameBytes, long mostFrames) {
    this.writer = writer;
    this.frameBytes = frameBytes;
    this.mostFrames = mostFrames;
  }

  /// Called between groups by whoever holds the writer.
  ///
  /// @param used how many frames are in the log
  void makeRoom(long used) throws SQLException {
    if (used * 2 <= frames || frames >= mostFrames) {
      frames = Math.max(frames, used);
      return;
    }
    long wanted = Math.min(mostFrames, Math.max(used * GROWTH, LEAST_BYTES / frameBytes));
    if (wanted > used) {
      writer.run(SMALL_CACHE);
      writer.run("BEGIN IMMEDIATE");
      try {
        writer.change(FILL, (CACHED_BYTES + (wanted - used) * frameBytes) / 2);
      } catch (Throwable e) {
        // A failed write has undone the transaction already, and must not be hidden by that.
        Session.closeAfter(e, () -> writer.run("ROLLBACK"));
        throw e;
      }
      writer.run("ROLLBACK");
      writer.run(Session.WRITER_CACHE);
    }
    frames = Math.max(frames, wanted);
  }
}
