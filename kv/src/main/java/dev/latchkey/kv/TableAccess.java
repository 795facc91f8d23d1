package dev.latchkey.kv;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Reads and writes one table, in whatever the calling thread is in, and makes it when it's needed.
final class TableAccess {

  private final SqlDatabase database;
  private final Engine engine;
  private volatile Table table;

  TableAccess(SqlDatabase database, Table table) {
    this.database = database;
    this.engine = database.engine();
    this.table = table;
  }

  /// Reads at a given time.
  @FunctionalInterface
  interface TimedStep<T> {
    @Nullable T on(Session session, long now) throws SQLException;
  }

  /// Returns what the name stands for.
  ///
  /// @throws IllegalStateException if the store was dropped, and the name is in use otherwise
  Table table() {
    Table known = table;
    if (known.isDropped()) {
      known = engine.claim(known.anew());
      table = known;
    }
    return known;
  }

  /// Reads within the thread's transaction or snapshot, or else what was committed.
  ///
  /// @return null if there is no table, or if the step returned it
  <T> @Nullable T read(TimedStep<T> step) {
    return database.<@Nullable T, RuntimeException>within(() -> {
      Scope scope = engine.scope();
      Table now = table();
      if (scope == null) {
        return readCommitted(now, step);
      }
      return scope.has(now)
          ? scope.<@Nullable T>read(session -> step.on(session, scope.now()))
          : null;
    });
  }

  /// Reads what was committed.
  <T> @Nullable T readCommitted(Table wanted, TimedStep<T> step) {
    if (!engine.hasTable(wanted)) {
      return null;
    }
    long now = engine.now();
    try {
      return engine.<@Nullable T>read(
          session -> step.on(session, now), database.options().lockTimeout());
    } catch (KvException.Rejected e) {
      if (!engine.hasTable(wanted)) {
        // It was dropped just now.
        return null;
      }
      throw e;
    }
  }

  /// Applies the command within the thread's transaction, or as a transaction by itself.
  <T> T write(Turn.Command<T> command) {
    return database.within(() -> {
      Table wanted = table();
      return database.write(transaction -> {
        transaction.create(wanted);
        return command.apply(transaction);
      });
    });
  }
}
