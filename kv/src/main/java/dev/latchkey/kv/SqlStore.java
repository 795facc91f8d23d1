package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A store kept as a table.
final class SqlStore<V> implements Store<V> {

  private static final int MOST_SCANNED = 10_000;
  private static final int MOST_RACES = 3;

  private final SqlDatabase database;
  private final Engine engine;
  private final StoreSpec<V> spec;
  private final TableAccess access;
  private final EntriesSql sql;
  private final Values<V> values;

  SqlStore(SqlDatabase database, Table table, StoreSpec<V> spec) {
    this.database = database;
    this.engine = database.engine();
    this.spec = spec;
    this.access = new TableAccess(database, table);
    this.sql = EntriesSql.of(table.sqlName());
    this.values = new Values<>(spec, engine.options().maxValueBytes());
  }

  @Override
  public Optional<V> get(String key) {
    Keys.require(key);
    byte[] found =
        database.<byte @Nullable [], RuntimeException>within(() -> {
          if (isCached()) {
            Encoded entry = findCommitted(key);
            return entry == null ? null : entry.value();
          }
          return access.<byte[]>read(
              (session, now) -> session.first(sql.value(), row -> row.getBytes(1), key, now));
        });
    return found == null ? Optional.empty() : Optional.of(values.decode(key, found));
  }

  /// Returns whether what was committed may be in the cache, and is what this thread is to see.
  private boolean isCached() {
    return engine.scope() == null && !engine.cache().isOff();
  }

  @Override
  public boolean contains(String key) {
    Keys.require(key);
    Long count = access.read((session, now) -> session.number(sql.contains(), key, now));
    return count != null && count == 1;
  }

  @Override
  public Optional<Entry<V>> entry(String key) {
    Encoded found = find(key);
    return found == null ? Optional.empty() : Optional.of(values.decodeEntry(key, found));
  }

  @Override
  public void put(String key, V value) {
    put(key, value, spec.defaultExpiry());
  }

  @Override
  public void put(String key, V value, Expiry expiry) {
    byte[] bytes = values.encode(Keys.require(key), value);
    requireNonNull(expiry, "expiry");
    access.write(transaction -> put(transaction, key, bytes, expiry));
  }

  private boolean put(Transaction transaction, String key, byte[] bytes, Expiry expiry) {
    Long deadline = Millis.deadline(expiry, transaction.now());
    if (deadline != null && deadline <= transaction.now()) {
      return change(transaction, key, sql.remove(), key, transaction.now());
    }
    return store(transaction, key, sql.put(), key, transaction.nextVersion(), deadline, bytes);
  }

  @Override
  public boolean putIfAbsent(String key, V value) {
    return putIfAbsent(key, value, spec.defaultExpiry());
  }

  @Override
  public boolean putIfAbsent(String key, V value, Expiry expiry) {
    byte[] bytes = values.encode(Keys.require(key), value);
    requireNonNull(expiry, "expiry");
    return access.write(transaction -> {
      long now = transaction.now();
      Long deadline = Millis.deadline(expiry, now);
      if (deadline != null && deadline <= now) {
        // It would be stored and be absent at once.
        return transaction.run(session -> session.number(sql.contains(), key, now)) == 0;
      }
      long version = transaction.nextVersion();
      return store(transaction, key, sql.putIfAbsent(), key, version, deadline, bytes, now);
    });
  }

  @Override
  public void putAll(Map<String, V> entries) {
    Map<String, byte[]> encoded = new LinkedHashMap<>();
    entries.forEach((key, value) -> encoded.put(key, values.encode(Keys.require(key), value)));
    access.write(transaction ->
        transaction.nested(() -> {
          encoded.forEach((key, bytes) -> put(transaction, key, bytes, spec.defaultExpiry()));
          return true;
        }));
  }

  @Override
  public Map<String, V> getAll(Collection<String> keys) {
    List<String> wanted = List.copyOf(keys);
    wanted.forEach(Keys::require);
    return database.snapshot(() -> {
      Map<String, V> found = new LinkedHashMap<>();
      for (String key : wanted) {
        get(key).ifPresent(value -> found.put(key, value));
      }
      return found;
    });
  }

  @Override
  public boolean compareAndSet(Entry<V> expected, V value) {
    String key = Keys.require(expected.key());
    byte[] bytes = values.encode(key, value);
    return access.write(transaction -> set(transaction, key, expected.version(), bytes));
  }

  private boolean set(Transaction transaction, String key, long expected, byte[] bytes) {
    long version = transaction.nextVersion();
    return store(transaction, key, sql.set(), version, bytes, key, expected, transaction.now());
  }

  @Override
  public V update(String key, V initial, UnaryOperator<V> change) {
    Keys.require(key);
    requireNonNull(initial, "initial");
    requireNonNull(change, "change");
    return untilWon(() -> {
      Entry<V> before = entry(key).orElse(null);
      V base = before == null ? initial : before.value();
      V after = requireNonNull(change.apply(base), "what the change returned");
      return replace(key, before, after) ? after : null;
    });
  }

  /// Stores a value if the entry, or its absence, is still what was read.
  ///
  /// @return false, with nothing changed, if it is not
  boolean replace(String key, @Nullable Entry<V> before, V after) {
    return before == null ? putIfAbsent(key, after) : compareAndSet(before, after);
  }

  /// Does several things as one.
  <T> T atomically(Database.Work<T, RuntimeException> work) {
    return database.transact(work);
  }

  /// Does something once that may lose a race with other writers.
  @FunctionalInterface
  interface Attempt<T> {
    /// Returns what came of it, or null, with nothing changed, if it lost.
    @Nullable T once();
  }

  /// Tries a few times without the writer's turn, which costs nobody anything, and then within it,
  /// where there is no race.
  <T> T untilWon(Attempt<T> attempt) {
    if (!(engine.scope() instanceof Transaction)) {
      for (int i = 0; i < MOST_RACES; i++) {
        T result = attempt.once();
        if (result != null) {
          return result;
        }
      }
    }
    return database.transact(() -> {
      T result = attempt.once();
      if (result == null) {
        // Nobody else writes now.
        throw new IllegalStateException(
            "the function wrote the entry that it is to change, in store " + spec.name());
      }
      return result;
    });
  }

  @Override
  public boolean touch(String key, Expiry expiry) {
    Keys.require(key);
    requireNonNull(expiry, "expiry");
    return access.write(transaction -> {
      long now = transaction.now();
      Long deadline = Millis.deadline(expiry, now);
      if (deadline != null && deadline <= now) {
        return change(transaction, key, sql.remove(), key, now);
      }
      return store(transaction, key, sql.touch(), transaction.nextVersion(), deadline, key, now);
    });
  }

  @Override
  public boolean remove(String key) {
    Keys.require(key);
    return access.write(
        transaction -> change(transaction, key, sql.remove(), key, transaction.now()));
  }

  @Override
  public boolean remove(Entry<V> expected) {
    String key = Keys.require(expected.key());
    return access.write(transaction ->
        change(transaction, key, sql.removeVersion(), key, expected.version(), transaction.now()));
  }

  @Override
  public List<Entry<V>> scan(KeyRange range, int limit) {
    if (limit < 1 || limit > MOST_SCANNED) {
      throw new IllegalArgumentException("limit is not 1 to " + MOST_SCANNED + ": " + limit);
    }
    Bounds bounds = Bounds.of(range);
    List<Map.Entry<String, Encoded>> rows =
        access.read((session, now) ->
            session.all(
                sql.scan().of(bounds),
                row -> Map.entry(row.getString(4), Encoded.of(row)),
                bounds.arguments(now, limit)));
    List<Entry<V>> entries = new ArrayList<>();
    if (rows != null) {
      rows.forEach(row -> entries.add(values.decodeEntry(row.getKey(), row.getValue())));
    }
    return entries;
  }

  /// As [#scan], without the values.
  List<String> keys(KeyRange range, int limit) {
    Bounds bounds = Bounds.of(range);
    List<String> keys =
        access.read((session, now) ->
            session.all(
                sql.keys().of(bounds), row -> row.getString(1), bounds.arguments(now, limit)));
    return keys == null ? List.of() : keys;
  }

  @Override
  public long count(KeyRange range) {
    Bounds bounds = Bounds.of(range);
    Long count =
        access.read(
            (session, now) -> session.number(sql.count().of(bounds), bounds.arguments(now)));
    return count == null ? 0 : count;
  }

  @Override
  public ConcurrentMap<String, V> asMap() {
    return new StoreMap<>(this);
  }

  private @Nullable Encoded find(String key) {
    Keys.require(key);
    return database.<@Nullable Encoded, RuntimeException>within(() ->
        isCached()
            ? findCommitted(key)
            : access.<Encoded>read(
                (session, now) -> session.first(sql.select(), Encoded::of, key, now)));
  }

  private @Nullable Encoded findCommitted(String key) {
    EntryCache cache = engine.cache();
    Table table = access.table();
    EntryCache.Key place = new EntryCache.Key(table, key);
    Encoded known = cache.find(place);
    if (known != null) {
      return known.isLive(engine.now()) ? known : null;
    }
    int mark = cache.mark(place);
    Encoded found =
        access.<Encoded>readCommitted(
            table, (session, now) -> session.first(sql.select(), Encoded::of, key, now));
    if (found != null) {
      cache.keep(place, found, mark);
    }
    return found;
  }

  private boolean change(
      Transaction transaction, String key, String statement, @Nullable Object... arguments) {
    transaction.changed(access.table(), key);
    return transaction.run(session -> session.change(statement, arguments)) == 1;
  }

  /// Runs a statement which gives an entry the next version, if it changes one.
  private boolean store(
      Transaction transaction, String key, String statement, @Nullable Object... arguments) {
    boolean stored = change(transaction, key, statement, arguments);
    if (stored) {
      transaction.useVersion();
    }
    return stored;
  }
}
