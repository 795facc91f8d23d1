package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A handle of an engine.
final class SqlDatabase implements Database {

  private final Engine engine;
  private final DatabaseOptions options;
  private final Gate gate = new Gate();

  SqlDatabase(Engine engine, DatabaseOptions options) {
    this.engine = engine;
    this.options = options;
  }

  /// A part of a method of this handle.
  @FunctionalInterface
  interface Call<T extends @Nullable Object, X extends Exception> {
    T run() throws X;
  }

  static Database openFile(Path file, DatabaseOptions options) {
    requireNonNull(file, "file");
    requireNonNull(options, "options");
    return new SqlDatabase(Engines.acquire(file, options), options);
  }

  static Database openInMemory(DatabaseOptions options) {
    requireNonNull(options, "options");
    Engine engine = Engine.inMemory(options);
    engine.opened(options);
    return new SqlDatabase(engine, options);
  }

  @Override
  public <V> Store<V> store(StoreSpec<V> spec) {
    requireNonNull(spec, "spec");
    return within(() -> new SqlStore<>(this, make(Table.ofEntries(spec)), spec));
  }

  @Override
  public Counters counters(String name, Expiry defaultExpiry) {
    Names.requireStoreName(name);
    requireNonNull(defaultExpiry, "defaultExpiry");
    return within(() -> new SqlCounters(this, make(Table.ofCounters(name)), defaultExpiry));
  }

  /// Claims the name and makes the table, unless a snapshot's body asks, which can't.
  private Table make(Table wanted) {
    Table table = engine.claim(wanted);
    boolean there =
        engine.scope() instanceof Transaction transaction
            ? transaction.has(table)
            : engine.hasTable(table);
    if (!there) {
      write(transaction -> {
        transaction.create(table);
        return true;
      });
    }
    return table;
  }

  @Override
  public List<String> storeNames() {
    return within(() -> List.copyOf(read(session -> Schema.tables(session).keySet())));
  }

  @Override
  public boolean drop(String name) {
    Names.requireStoreName(name);
    return within(() -> write(transaction -> transaction.drop(name)));
  }

  @Override
  public <T, X extends Exception> T transact(Work<T, X> body) throws X {
    requireNonNull(body, "body");
    return within(() ->
        switch (engine.scope()) {
          case Transaction transaction -> {
            transaction.requireWritable();
            yield transaction.nested(body);
          }
          case Snapshot snapshot when snapshot.isExplicit() -> throw writesInSnapshot();
          case Snapshot _ -> engine.writer().transact(this, body);
          case null -> engine.writer().transact(this, body);
        });
  }

  private static IllegalStateException writesInSnapshot() {
    return new IllegalStateException("a snapshot can't write");
  }

  @Override
  public <X extends Exception> void transact(Action<X> body) throws X {
    requireNonNull(body, "body");
    this.<Boolean, X>transact(() -> {
      body.run();
      return true;
    });
  }

  @Override
  public <T> T transactAnywhere(Work<T, RuntimeException> body) {
    requireNonNull(body, "body");
    return within(() ->
        switch (engine.scope()) {
          case Transaction transaction -> {
            transaction.requireWritable();
            yield transaction.nested(body);
          }
          case Snapshot snapshot when snapshot.isExplicit() -> throw writesInSnapshot();
          case Snapshot _ -> engine.writer().applyBody(this, body);
          case null -> engine.writer().applyBody(this, body);
        });
  }

  @Override
  public <T, X extends Exception> T snapshot(Work<T, X> body) throws X {
    requireNonNull(body, "body");
    return within(() ->
        switch (engine.scope()) {
          case Transaction transaction -> transaction.reading(body);
          case Snapshot snapshot -> snapshot.run(body);
          case null ->
              engine.isInMemory()
                  ? engine.writer().read(this, () -> snapshot(body))
                  : engine.readers().snapshot(this, body);
        });
  }

  @Override
  public int update(String sql, @Nullable Object... arguments) {
    OwnSql statement = OwnSql.check(sql);
    Session.requireArguments(arguments);
    if (statement.kind() == OwnSql.Kind.READ) {
      throw new IllegalArgumentException("SQL is a query, which update can't answer");
    }
    return within(() -> write(transaction -> transaction.update(statement, arguments)));
  }

  @Override
  public <T> List<T> query(String sql, RowMapper<T> mapper, @Nullable Object... arguments) {
    OwnSql statement = OwnSql.check(sql);
    requireNonNull(mapper, "mapper");
    Session.requireArguments(arguments);
    boolean reads = statement.kind() == OwnSql.Kind.READ;
    if (!reads && !statement.returning()) {
      throw new IllegalArgumentException("SQL gives no rows, so it is for update");
    }
    Session.Step<List<T>> rows = session -> Transaction.rows(session, statement, mapper, arguments);
    return within(() -> {
      Scope scope = engine.scope();
      if (!(reads || scope instanceof Transaction)) {
        throw new IllegalStateException("a query that writes must run inside transact");
      }
      return switch (scope) {
        case Transaction transaction -> {
          if (!reads) {
            transaction.requireWritable();
          }
          yield transaction.query(statement, mapper, arguments);
        }
        case Snapshot snapshot -> snapshot.read(rows);
        // The mapper is the caller's code, so it runs on the caller's thread.
        case null ->
            engine.isInMemory()
                ? engine.writer().read(this, () -> query(sql, mapper, arguments))
                : engine.readers().query(this, rows);
      };
    });
  }

  @Override
  public Dialect dialect() {
    return within(() -> Dialect.SQLITE);
  }

  @Override
  public void backupTo(Path file) throws IOException {
    requireNonNull(file, "file");
    this.<Boolean, IOException>alone(
        "back up",
        () -> {
          Backup.write(this, file);
          return true;
        });
  }

  @Override
  public int sweep(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit is less than 1: " + limit);
    }
    return alone("sweep", () -> engine.sweeper().sweep(limit, options.lockTimeout()));
  }

  @Override
  public List<String> check() {
    // It would pin a virtual thread's carrier for as long as it takes.
    return alone(
        "check", () -> Threads.onOwn("latchkey-kv-check", () -> read(SqlDatabase::problems)));
  }

  private static List<String> problems(Session session) throws SQLException {
    List<String> lines = new ArrayList<>();
    try {
      session.all("PRAGMA integrity_check", row -> lines.addAll(row.getString(1).lines().toList()));
    } catch (SQLException e) {
      if (!SqlFailure.isDamage(e)) {
        throw e;
      }
      // Some damage makes the check itself fail, after those lines it had already.
      lines.add("the check could not go on: " + e.getMessage());
    }
    lines.removeIf(line -> line.equals("ok") || line.startsWith("*** in database "));
    return List.copyOf(lines);
  }

  @Override
  public DatabaseStats stats() {
    return within(() -> engine.stats(engine.isInMemory() ? read(Session::sizeBytes) : 0));
  }

  @Override
  public void close() {
    if (gate.isClosed()) {
      return;
    }
    if (engine.scope() != null) {
      throw new IllegalStateException(
          "a handle can't be closed inside a transaction, snapshot or query");
    }
    if (gate.close()) {
      if (engine.isInMemory()) {
        engine.closed(options);
        engine.shutDown();
      } else {
        Engines.release(engine, options);
      }
    }
  }

  Engine engine() {
    return engine;
  }

  DatabaseOptions options() {
    return options;
  }

  /// Applies the command in this thread's transaction, or as a transaction by itself.
  <T> T write(Turn.Command<T> command) {
    return switch (engine.scope()) {
      case Transaction transaction -> {
        transaction.requireWritable();
        yield command.apply(transaction);
      }
      case Snapshot snapshot when snapshot.isExplicit() -> throw writesInSnapshot();
      case Snapshot _ -> engine.writer().apply(command, options.lockTimeout());
      case null -> engine.writer().apply(command, options.lockTimeout());
    };
  }

  private <T> T read(Session.Step<T> step) {
    Scope scope = engine.scope();
    return scope != null ? scope.read(step) : engine.read(step, options.lockTimeout());
  }

  /// Runs what has no place in a transaction or snapshot.
  private <T, X extends Exception> T alone(String what, Call<T, X> work) throws X {
    if (engine.scope() != null) {
      throw new IllegalStateException("can't " + what + " inside a transaction or snapshot");
    }
    return within(work);
  }

  /// Runs a call, which [#close] waits for.
  <T extends @Nullable Object, X extends Exception> T within(Call<T, X> call) throws X {
    Scope scope = engine.scope();
    if (scope != null && scope.isOf(this)) {
      // A part of a call under way: it goes on even if another thread is closing the handle.
      engine.requireRunning();
      return call.run();
    }
    gate.enter();
    try {
      engine.requireRunning();
      return call.run();
    } finally {
      gate.leave();
    }
  }
}
