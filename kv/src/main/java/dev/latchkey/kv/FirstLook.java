package dev.latchkey.kv;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A look at a file while it is opened. It changes nothing, so that what is refused stays as it was
/// found.
///
/// SQLite takes any log it finds beside a file for that file's. So what the file says of itself is
/// compared with what it says together with its log.
final class FirstLook {

  private static final int SMALLEST_PAGE = 512;

  private final DatabaseFile file;
  private final boolean logged;

  /// Whether the file's making was broken off perhaps, which SQLite undoes as it opens it.
  private final boolean journaled;

  private FirstLook(DatabaseFile file) {
    this.file = file;
    this.logged = file.bytesBeside("-wal") > 0;
    this.journaled = file.bytesBeside("-journal") > 0;
  }

  /// Opens a file for writing. One that is not ours, or is damaged as far as can be seen at once,
  /// is refused.
  ///
  /// @param writing opens the session
  static Session open(DatabaseFile file, Session.Opening writing) throws SQLException {
    FirstLook look = new FirstLook(file);
    Schema.@Nullable Marks alone = file.bytes() == 0 ? null : look.atTheFileAlone();
    if (look.logged) {
      file.requireLog();
    }
    Session session = writing.open(file.uri("vfs=unix-excl"));
    try {
      if (look.logged) {
        look.throughTheLog(session, alone);
      }
      return session;
    } catch (Throwable e) {
      closeUntouched(file, e, session);
      throw e;
    }
  }

  /// Returns what the file says of itself, or null if it says nothing by itself. Takes no locks.
  private Schema.@Nullable Marks atTheFileAlone() throws SQLException {
    if (file.bytes() < SMALLEST_PAGE && !journaled) {
      throw Schema.damaged(file.toString(), "it has only " + file.bytes() + " bytes");
    }
    boolean whole = !logged && !journaled;
    try (Session session = Session.open(file.uri("mode=ro&immutable=1"))) {
      if (!Schema.inspect(session, file.toString())) {
        return null;
      }
      if (whole) {
        Schema.requireWhole(session, file.toString());
        requireWholePages(session.number("PRAGMA page_size"));
      }
      return Schema.marks(session);
    } catch (SQLException e) {
      if (whole || (SqlFailure.isNotADatabase(e) && !journaled)) {
        throw e;
      }
      // A copy of the log was under way, for instance. Together they are whole.
      return null;
    }
  }

  private void requireWholePages(long pageBytes) {
    if (file.bytes() % pageBytes != 0) {
      throw Schema.damaged(file.toString(), "its last page is cut off");
    }
  }

  private void throughTheLog(Session session, Schema.@Nullable Marks alone) throws SQLException {
    boolean ours = Schema.inspect(session, file.toString());
    if (ours) {
      Schema.requireWhole(session, file.toString());
    }
    if (alone == null) {
      return;
    }
    Schema.Marks both = ours ? Schema.marks(session) : null;
    if (both == null || alone.identity() != both.identity()) {
      throw Schema.damaged(file.toString(), "the log beside it is another database's");
    }
    if (alone.version() > both.version()) {
      throw Schema.damaged(file.toString(), "the log beside it is older, or was cut off");
    }
  }

  /// Closes a session that can't be used, and the file stays as it is: the reason may be a disk
  /// that fails. The last connection to be closed copies the log into the file and removes it,
  /// unless it is one for reading.
  static void closeUntouched(DatabaseFile file, Throwable reason, Session session) {
    Session last = null;
    try {
      last = Session.open(file.uri("vfs=unix-excl&mode=ro"));
      last.number("SELECT count(*) FROM sqlite_schema");
    } catch (SQLException e) {
      reason.addSuppressed(e);
    } finally {
      Session.closeAfter(reason, session);
      if (last != null) {
        Session.closeAfter(reason, last);
      }
    }
  }
}
