package dev.latchkey.kv;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One caller's part of a group: what its statements run in. Used by one thread, which holds the
/// writer.
final class Transaction implements Scope {

  private final Group group;
  private final @Nullable SqlDatabase handle;
  private final long now;

  /// How many snapshot bodies run in it, which may not write.
  private int reading;

  private boolean written;

  /// Until when it may read, if it is there for a snapshot only.
  private @Nullable TimeLimit limit;

  /// @param handle the one that a body was given to, or null for a command
  /// @param now the time of the whole transaction, in milliseconds since 1970
  Transaction(Group group, @Nullable SqlDatabase handle, long now) {
    this.group = group;
    this.handle = handle;
    this.now = now;
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public boolean isOf(SqlDatabase other) {
    return handle == other;
  }

  @Override
  public boolean has(Table table) {
    return group.has(this, table);
  }

  @Override
  public <T extends @Nullable Object> T read(Session.Step<T> step) {
    return run(step);
  }

  /// Runs a step which is undone by SQLite alone if it fails, and translates its failure.
  <T extends @Nullable Object> T run(Session.Step<T> step) {
    group.requireSound();
    requireTime();
    try {
      T result = step.on(group.session());
      requireTime();
      return result;
    } catch (SQLException e) {
      throw group.failed(e);
    } catch (ResultRow.ReadFailed e) {
      throw group.failed(e.reason);
    }
  }

  /// Runs a body as a part of this transaction, undone alone if it throws.
  <T, X extends Exception> T nested(Database.Work<T, X> body) throws X {
    int savepoint = group.setSavepoint();
    T result;
    try {
      result = body.run();
      group.releaseSavepoint();
    } catch (Throwable e) {
      group.undoToSavepoint(savepoint, e);
      throw e;
    }
    return result;
  }

  /// Runs a body which may only read, on the view that this transaction has.
  <T, X extends Exception> T reading(Database.Work<T, X> body) throws X {
    reading++;
    try {
      return body.run();
    } finally {
      reading--;
    }
  }

  /// Says that this transaction was begun for a snapshot or query only, which lasts no longer.
  void limitTo(Duration timeout) {
    limit = TimeLimit.of(timeout);
  }

  private void requireTime() {
    TimeLimit known = limit;
    if (known != null && known.isOver()) {
      throw known.over();
    }
  }

  /// Refuses to write for the body of a snapshot.
  void requireWritable() {
    if (reading > 0) {
      throw new IllegalStateException("a snapshot can't write");
    }
    written = true;
  }

  /// Returns whether its body wrote, or was free to.
  boolean hasWritten() {
    return written;
  }

  /// Runs a statement of the caller's own. One that fails is undone as a whole: by SQLite alone,
  /// but for where a conflict clause is FAIL, which by itself leaves the rows changed before.
  int update(OwnSql sql, @Nullable Object... arguments) {
    if (sql.kind() == OwnSql.Kind.DATA && !sql.returning() && !group.mayLeaveHalf(sql)) {
      try {
        return run(session -> session.change(sql.text(), arguments));
      } catch (Error e) {
        // Thrown by the virtual machine, before or after the statement took effect.
        group.breakOff(e);
        throw e;
      }
    }
    return nested(() -> {
      if (sql.kind() == OwnSql.Kind.SCHEMA) {
        run(session -> session.change(sql.text(), arguments));
        group.schemaChanged();
        return 0;
      } else if (sql.returning()) {
        return run(session -> session.changeAndSkipRows(sql.text(), arguments));
      }
      return run(session -> session.change(sql.text(), arguments));
    });
  }

  <T> List<T> query(OwnSql sql, Database.RowMapper<T> mapper, @Nullable Object... arguments) {
    if (sql.kind() == OwnSql.Kind.READ) {
      return run(session -> rows(session, sql, mapper, arguments));
    }
    return nested(() -> run(session -> rows(session, sql, mapper, arguments)));
  }

  static <T> List<T> rows(
      Session session, OwnSql sql, Database.RowMapper<T> mapper, @Nullable Object... arguments)
      throws SQLException {
    return session.all(sql.text(), row -> new ResultRow(row).map(mapper), arguments);
  }

  /// Returns a version that no committed write has. It is the same one until [#useVersion].
  long nextVersion() {
    return group.nextVersion();
  }

  /// Says that an entry has been given the next version.
  void useVersion() {
    group.useVersion();
  }

  /// Says that an entry was changed, for those who keep what was committed.
  void changed(Table table, String key) {
    group.changed(table, key);
  }

  /// Creates the table unless it is there.
  void create(Table table) {
    if (!has(table)) {
      nested(() -> run(session -> Schema.createTable(session, table)));
      group.created(table.name());
    }
  }

  /// Drops a table with everything in it.
  ///
  /// @return false if there is none
  boolean drop(String name) {
    boolean dropped = nested(() -> run(session -> Schema.dropTable(session, name)));
    if (dropped) {
      group.dropped(name);
    }
    return dropped;
  }
}
