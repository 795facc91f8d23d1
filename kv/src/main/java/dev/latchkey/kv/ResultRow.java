package dev.latchkey.kv;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The row of a result on which its cursor stands.
final class ResultRow implements Database.Row {

  private final ResultSet result;
  private final int columns;
  private volatile boolean mapped;

  ResultRow(ResultSet result) throws SQLException {
    this.result = result;
    this.columns = result.getMetaData().getColumnCount();
  }

  /// Carries an error of SQLite through a mapper, which can't throw one.
  static final class ReadFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final SQLException reason;

    ReadFailed(SQLException reason) {
      super(reason);
      this.reason = reason;
    }
  }

  @FunctionalInterface
  private interface Column<T extends @Nullable Object> {
    T read(int column) throws SQLException;
  }

  @Override
  public @Nullable String text(int column) {
    return this.<@Nullable String>read(column, result::getString);
  }

  @Override
  public long number(int column) {
    return read(column, result::getLong);
  }

  @Override
  public double real(int column) {
    return read(column, result::getDouble);
  }

  @Override
  public byte @Nullable [] bytes(int column) {
    return this.<byte @Nullable []>read(column, result::getBytes);
  }

  @Override
  public @Nullable Instant instant(int column) {
    return isNull(column) ? null : Instant.ofEpochMilli(number(column));
  }

  @Override
  public boolean isNull(int column) {
    return read(
        column,
        c -> {
          // Asks for the column's type without copying what is in it.
          result.getLong(c);
          return result.wasNull();
        });
  }

  /// Returns what the mapper makes of it. After that the cursor may stand on another row.
  <T> T map(Database.RowMapper<T> mapper) {
    try {
      return mapper.map(this);
    } finally {
      mapped = true;
    }
  }

  private <T extends @Nullable Object> T read(int column, Column<T> reader) {
    if (mapped) {
      throw new IllegalStateException("a row can be read only while it is mapped");
    }
    if (column < 1 || column > columns) {
      throw new IllegalArgumentException("column " + column + " is none of 1 to " + columns);
    }
    try {
      return reader.read(column);
    } catch (SQLException e) {
      throw new ReadFailed(e);
    }
  }
}
