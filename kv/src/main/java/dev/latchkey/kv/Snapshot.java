package dev.latchkey.kv;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One unchanging view of a file, read by one thread through a connection of its own until it is
/// over. A single query is one too while its mapper runs.
///
/// SQLite's log can't start over while there is one, so it ends at its deadline, whatever its
/// thread does then: its connection is closed.
final class Snapshot implements Scope {

  private enum State {
    OPEN,
    /// Ended at its deadline; the connection is closed.
    EXPIRED,
    /// Ended by its own thread.
    OVER
  }

  private final Engine engine;
  private final SqlDatabase handle;
  private final Session session;
  private final long now;
  private final Duration timeout;
  private final long begun = System.nanoTime();
  private final long deadline;
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

  /// The tables of the view, or null if it is a single query's, which has no need of them.
  private @Nullable Map<String, Table.Kind> tables;

  private boolean fixed;

  /// How many bodies run in it; only a query's mapper runs in none. Used by its own thread.
  private int bodies;

  Snapshot(Engine engine, SqlDatabase handle, Session session) {
    this.engine = engine;
    this.handle = handle;
    this.session = session;
    this.now = engine.now();
    this.timeout = handle.options().snapshotTimeout();
    this.deadline = begun + Millis.waitNanos(timeout);
  }

  Session session() {
    return session;
  }

  /// Fixes the view. A query needs no more than its own statement for that.
  void fix() throws SQLException {
    session.run("BEGIN");
    fixed = true;
    tables = Schema.tables(session);
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
    if (tables == null) {
      tables = new HashMap<>(read(Schema::tables));
    }
    Table.Kind kind = tables.get(table.name());
    if (kind != null) {
      table.requireKind(kind);
    }
    return kind != null;
  }

  @Override
  public <T extends @Nullable Object> T read(Session.Step<T> step) {
    requireTime();
    try {
      T result = step.on(session);
      requireTime();
      return result;
    } catch (SQLException e) {
      requireTime();
      throw engine.readFailed(e);
    } catch (ResultRow.ReadFailed e) {
      requireTime();
      throw engine.readFailed(e.reason);
    }
  }

  /// Runs a body which may only read.
  <T, X extends Exception> T run(Database.Work<T, X> body) throws X {
    bodies++;
    try {
      return body.run();
    } finally {
      bodies--;
    }
  }

  /// Returns whether a body runs in it, not only a query's mapper.
  boolean isExplicit() {
    return bodies > 0;
  }

  private void requireTime() {
    if (System.nanoTime() - deadline >= 0) {
      expire();
    }
    if (state.get() == State.EXPIRED) {
      throw new KvException.Unavailable(
          "the snapshot or query ended after its "
              + timeout.toMillis()
              + " ms, so that the log can start over",
          null);
    }
  }

  long begun() {
    return begun;
  }

  long deadline() {
    return deadline;
  }

  /// Ends it, on any thread. What its own thread reads meanwhile fails.
  void expire() {
    if (state.compareAndSet(State.OPEN, State.EXPIRED)) {
      session.abort();
    }
  }

  /// Ends it, on its own thread.
  ///
  /// @return whether its connection may be used again
  boolean end() {
    if (!state.compareAndSet(State.OPEN, State.OVER)) {
      return false;
    }
    try {
      if (fixed) {
        session.run("COMMIT");
      }
      return true;
    } catch (SQLException e) {
      engine.warn("a snapshot could not be ended", e);
      session.abort();
      return false;
    }
  }
}
