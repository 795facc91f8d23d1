package dev.latchkey.kv;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An entry before its value is decoded.
///
/// @param deadline in milliseconds since 1970, if it expires
@SuppressWarnings("ArrayRecordComponent")
record Encoded(long version, long deadline, boolean expires, byte[] value) {

  /// Reads version, deadline and value from the first three columns.
  static Encoded of(ResultSet row) throws SQLException {
    long version = row.getLong(1);
    long deadline = row.getLong(2);
    return new Encoded(version, deadline, !row.wasNull(), row.getBytes(3));
  }

  boolean isLive(long now) {
    return !expires || deadline > now;
  }

  @Nullable Instant expiresAt() {
    return expires ? Instant.ofEpochMilli(deadline) : null;
  }
}
