package dev.latchkey.kv;

import java.sql.SQLException;
import org.sqlite.SQLiteException;

/// What an error of SQLite means for whoever met it.
enum SqlFailure {
  /// The statement was refused, and nothing but the statement failed.
  REFUSED,
  /// Somebody else has a lock.
  BUSY,
  /// A read, a write or the memory failed, or the file is damaged: nothing more may be trusted.
  FATAL;

  /// A virtual table finds its own rows in disorder, which are the caller's to keep in order. The
  /// file is sound.
  private static final int CORRUPT_VTAB = 267;

  /// A write through a connection which is for reading.
  private static final int READONLY = 8;

  /// Sorts by the primary result code (https://www.sqlite.org/rescode.html). An error which the
  /// driver raised by itself has the code 0.
  static SqlFailure of(SQLException e) {
    if (code(e) == CORRUPT_VTAB) {
      return REFUSED;
    }
    return switch (primaryCode(e)) {
      // BUSY
      case 5 -> BUSY;
      // INTERNAL, PERM, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOLFS, NOTADB
      case 2, 3, 7, 8, 10, 11, 13, 14, 15, 22, 26 -> FATAL;
      default -> REFUSED;
    };
  }

  /// Returns whether a commit that failed so was refused before anything of it was written: for a
  /// constraint, a lock, or by a virtual table that can't write down what it has put off.
  static boolean isRefusedCommit(SQLException e) {
    return switch (code(e)) {
      // ERROR, CORRUPT_VTAB
      case 1, CORRUPT_VTAB -> true;
      // BUSY, CONSTRAINT
      default -> primaryCode(e) == 5 || primaryCode(e) == 19;
    };
  }

  static boolean isNotADatabase(SQLException e) {
    return primaryCode(e) == 26;
  }

  static boolean isDamage(SQLException e) {
    return primaryCode(e) == 11 || primaryCode(e) == 26;
  }

  /// Returns whether a statement would have written through a connection which is for reading: a
  /// query may call a function that writes.
  static boolean isWriteByReader(SQLException e) {
    return code(e) == READONLY;
  }

  private static int primaryCode(SQLException e) {
    return code(e) & 0xff;
  }

  /// Returns the extended result code, which the driver keeps apart.
  private static int code(SQLException e) {
    return e instanceof SQLiteException own ? own.getResultCode().code : e.getErrorCode();
  }
}
