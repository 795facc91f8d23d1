package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A store kept as a table.
final class SqlStore<V> implements Store<V> {

  private final SqlDatabase database;
  private final Engine engine;
  private final StoreSpec<V> spec;
  private final EntriesSql sql;

  SqlStore(SqlDatabase database, StoreSpec<V> spec) {
    this.database = database;
    this.engine = database.engine();
    this.spec = spec;
    this.sql = EntriesSql.of(Schema.entriesTable(spec.name()));
  }

  /// A row before its value is decoded.
  private static final class Encoded {
    final long version;
    final @Nullable Instant expiresAt;
    final byte[] value;

    Encoded(ResultSet row) throws SQLException {
      version = row.getLong(1);
      long deadline = row.getLong(2);
      expiresAt = row.wasNull() ? null : Instant.ofEpochMilli(deadline);
      value = row.getBytes(3);
    }
  }

  @Override
  public Optional<V> get(String key) {
    return find(key).map(found -> decode(key, found.value));
  }

  @Override
  public boolean contains(String key) {
    Keys.require(key);
    return database.within(() -> read((session, now) -> session.number(sql.contains(), key, now)))
        == 1;
  }

  @Override
  public Optional<Entry<V>> entry(String key) {
    return find(key)
        .map(found -> new Entry<>(key, decode(key, found.value), found.version, found.expiresAt));
  }

  @Override
  public void put(String key, V value) {
    put(key, value, spec.defaultExpiry());
  }

  @Override
  public void put(String key, V value, Expiry expiry) {
    byte[] bytes = encode(Keys.require(key), value);
    requireNonNull(expiry, "expiry");
    write(transaction -> {
      Long deadline = Millis.deadline(expiry, transaction.now());
      if (deadline != null && deadline <= transaction.now()) {
        return change(transaction, sql.remove(), key, transaction.now());
      }
      return store(transaction, sql.put(), key, transaction.nextVersion(), deadline, bytes);
    });
  }

  @Override
  public boolean putIfAbsent(String key, V value) {
    return putIfAbsent(key, value, spec.defaultExpiry());
  }

  @Override
  public boolean putIfAbsent(String key, V value, Expiry expiry) {
    byte[] bytes = encode(Keys.require(key), value);
    requireNonNull(expiry, "expiry");
    return write(transaction -> {
      long now = transaction.now();
      Long deadline = Millis.deadline(expiry, now);
      if (deadline != null && deadline <= now) {
        // It would be stored and be absent at once.
        return transaction.run(session -> session.number(sql.contains(), key, now)) == 0;
      }
      long version = transaction.nextVersion();
      return store(transaction, sql.putIfAbsent(), key, version, deadline, bytes, now);
    });
  }

  @Override
  public boolean compareAndSet(Entry<V> expected, V value) {
    String key = Keys.require(expected.key());
    byte[] bytes = encode(key, value);
    return write(transaction ->
        store(
            transaction,
            sql.set(),
            transaction.nextVersion(),
            bytes,
            key,
            expected.version(),
            transaction.now()));
  }

  @Override
  public boolean remove(String key) {
    Keys.require(key);
    return write(transaction -> change(transaction, sql.remove(), key, transaction.now()));
  }

  @Override
  public boolean remove(Entry<V> expected) {
    String key = Keys.require(expected.key());
    return write(transaction ->
        change(transaction, sql.removeVersion(), key, expected.version(), transaction.now()));
  }

  /// Reads at a given time.
  @FunctionalInterface
  private interface TimedStep<T> {
    T on(Session session, long now) throws SQLException;
  }

  private Optional<Encoded> find(String key) {
    Keys.require(key);
    return database.within(() ->
        read((session, now) ->
            Optional.ofNullable(session.first(sql.select(), Encoded::new, key, now))));
  }

  private <T> T read(TimedStep<T> step) {
    Transaction current = engine.current();
    if (current != null) {
      current.create(spec);
      return current.run(session -> step.on(session, current.now()));
    }
    if (!engine.hasStore(spec.name())) {
      // The transaction which created it was rolled back.
      write(transaction -> true);
    }
    long now = engine.now();
    return engine.read(session -> step.on(session, now), database.options().lockTimeout());
  }

  private boolean write(Turn.Command<Boolean> command) {
    return database.within(() ->
        database.write(transaction -> {
          transaction.create(spec);
          return command.apply(transaction);
        }));
  }

  private static boolean change(
      Transaction transaction, String statement, @Nullable Object... arguments) {
    return transaction.run(session -> session.change(statement, arguments)) == 1;
  }

  /// Runs a statement which gives an entry the next version, if it changes one.
  private static boolean store(
      Transaction transaction, String statement, @Nullable Object... arguments) {
    boolean stored = change(transaction, statement, arguments);
    if (stored) {
      transaction.useVersion();
    }
    return stored;
  }

  private byte[] encode(String key, V value) {
    requireNonNull(value, "value");
    byte[] bytes;
    try {
      bytes = spec.codec().encode(value);
    } catch (RuntimeException e) {
      throw badValue("can't encode the value", key, e);
    }
    if (bytes == null) {
      throw badValue("returned null for the value", key, null);
    }
    int limit = engine.options().maxValueBytes();
    if (bytes.length > limit) {
      throw new IllegalArgumentException(
          "value has " + bytes.length + " bytes, limit " + limit + ": " + where(key));
    }
    return bytes;
  }

  private V decode(String key, byte[] bytes) {
    V value;
    try {
      value = spec.codec().decode(bytes);
    } catch (RuntimeException e) {
      throw badValue("can't decode the value", key, e);
    }
    if (value == null) {
      throw badValue("decoded the value to null", key, null);
    }
    return value;
  }

  private KvException badValue(String what, String key, @Nullable RuntimeException cause) {
    return new KvException.BadValue("the codec " + what + " of " + where(key), cause);
  }

  private String where(String key) {
    return "store " + spec.name() + ", key " + Keys.brief(key);
  }
}
