package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
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

  static Database openFile(Path file, DatabaseOptions options) {
    requireNonNull(file, "file");
    requireNonNull(options, "options");
    return new SqlDatabase(Engines.acquire(file, options), options);
  }

  static Database openInMemory(DatabaseOptions options) {
    requireNonNull(options, "options");
    return new SqlDatabase(Engine.inMemory(options), options);
  }

  @Override
  public <V> Store<V> store(StoreSpec<V> spec) {
    requireNonNull(spec, "spec");
    return within(() -> {
      engine.requireCodec(spec);
      if (!engine.hasStore(spec.name())) {
        write(transaction -> {
          transaction.create(spec);
          return true;
        });
      }
      return new SqlStore<>(this, spec);
    });
  }

  @Override
  public <T, X extends Exception> T transact(Work<T, X> body) throws X {
    requireNonNull(body, "body");
    return within(() -> {
      Transaction current = engine.current();
      return current != null ? current.nested(body) : begin(body);
    });
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
    return within(() -> {
      Transaction current = engine.current();
      if (current != null) {
        return current.query(statement, mapper, arguments);
      } else if (!reads) {
        throw new IllegalStateException("a query that writes must run inside transact");
      } else if (engine.isInMemory()) {
        // The mapper is the caller's code, so it runs on the caller's thread.
        return begin(() -> query(sql, mapper, arguments));
      }
      return engine.read(
          session -> Transaction.rows(session, statement, mapper, arguments),
          options.lockTimeout());
    });
  }

  @Override
  public void close() {
    if (gate.isClosed()) {
      return;
    }
    if (engine.isBusyHere()) {
      throw new IllegalStateException("a handle can't be closed inside a transaction or query");
    }
    if (gate.close()) {
      if (engine.isInMemory()) {
        engine.shutDown();
      } else {
        Engines.release(engine);
      }
    }
  }

  private <T, X extends Exception> T begin(Work<T, X> body) throws X {
    return engine.writer().transact(this, body, options.lockTimeout());
  }

  Engine engine() {
    return engine;
  }

  DatabaseOptions options() {
    return options;
  }

  /// Applies the command in this thread's transaction, or as a transaction by itself.
  <T> T write(Turn.Command<T> command) {
    Transaction current = engine.current();
    return current != null
        ? command.apply(current)
        : engine.writer().apply(command, options.lockTimeout());
  }

  /// Runs a call, which [#close] waits for.
  <T, X extends Exception> T within(Work<T, X> call) throws X {
    Transaction current = engine.current();
    if (current != null && current.isOf(this)) {
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
