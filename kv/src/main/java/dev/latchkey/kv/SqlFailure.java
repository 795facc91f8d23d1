package dev.latchkey.kv;

import java.sql.SQLException;

/// What an error of SQLite means for whoever met it.
enum SqlFailure {
  /// The statement was refused, and nothing but the statement failed.
  REFUSED,
  /// Somebody else has a lock.
  BUSY,
  /// A read, a write or the memory failed, or the file is damaged: nothing more may be trusted.
  FATAL;

  /// Sorts by the primary result code (https://www.sqlite.org/rescode.html). An error which the
  /// driver raised by itself has the code 0.
  static SqlFailure of(SQLException e) {
    return switch (primaryCode(e)) {
      // BUSY
      case 5 -> BUSY;
      // INTERNAL, PERM, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOLFS, NOTADB
      case 2, 3, 7, 8, 10, 11, 13, 14, 15, 22, 26 -> FATAL;
      default -> REFUSED;
    };
  }

  static boolean isConstraint(SQLException e) {
    return primaryCode(e) == 19;
  }

  static boolean isNotADatabase(SQLException e) {
    return primaryCode(e) == 26;
  }

  static boolean isDamage(SQLException e) {
    return primaryCode(e) == 11 || primaryCode(e) == 26;
  }

  private static int primaryCode(SQLException e) {
    return e.getErrorCode() & 0xff;
  }
}
