package dev.latchkey.server.cli;

import dev.latchkey.kv.Counters;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.Entry;
import dev.latchkey.kv.KeyRange;
import dev.latchkey.kv.Store;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// A store, or counters, of a file that `latchkey kv` has open.
sealed interface Shelf {

  /// The most values held in memory at once, each of them as large as its application allows.
  int PAGE = 32;

  Optional<KvItem> find(String key);

  /// Returns items in key order. For the next page, ask for `range.after(lastKey)`.
  List<KvItem> page(KeyRange range, int limit);

  long count(KeyRange range);

  /// Returns whether there was one.
  boolean remove(String key);

  /// Reads the items in key order, a page at a time.
  ///
  /// @param limit the most items to read, at least 1
  default Iterable<List<KvItem>> pages(KeyRange range, long limit) {
    return () -> new Pages(this, range, limit);
  }

  /// Pages, each read when it is asked for.
  final class Pages implements Iterator<List<KvItem>> {
    private final Shelf shelf;
    private KeyRange rest;
    private long left;

    private Pages(Shelf shelf, KeyRange range, long limit) {
      this.shelf = shelf;
      this.rest = range;
      this.left = limit;
    }

    @Override
    public boolean hasNext() {
      return left > 0;
    }

    /// The last page may be empty.
    @Override
    public List<KvItem> next() {
      if (left <= 0) {
        throw new NoSuchElementException();
      }
      int wanted = (int) Math.min(PAGE, left);
      List<KvItem> page = shelf.page(rest, wanted);
      left = page.size() < wanted ? 0 : left - wanted;
      if (left > 0) {
        rest = rest.after(page.getLast().key());
      }
      return page;
    }
  }

  /// A store, whose values it gives as text or as digits.
  ///
  /// @param hex whether values are wanted as hexadecimal digits even where they are text
  record Entries(Store<byte[]> store, boolean hex) implements Shelf {

    @Override
    public Optional<KvItem> find(String key) {
      return store.entry(key).map(this::item);
    }

    @Override
    public List<KvItem> page(KeyRange range, int limit) {
      return store.scan(range, limit).stream().map(this::item).toList();
    }

    private KvItem item(Entry<byte[]> entry) {
      return new KvItem(
          entry.key(), KvValue.of(entry.value(), hex), entry.version(), entry.expiresAt());
    }

    @Override
    public long count(KeyRange range) {
      return store.count(range);
    }

    @Override
    public boolean remove(String key) {
      return store.remove(key);
    }
  }

  /// Counters, which the library itself doesn't list. So they are read from their table.
  ///
  /// @param name checked to be a possible one, since it becomes a part of the SQL
  record Counts(Database database, String name, Counters counters, InstantSource clock)
      implements Shelf {

    private static final String ONE =
        """
        SELECT key, value, expires_at FROM kv_counters_%s
        WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)
        """;

    /// Parameters: the key to come after, the prefix to begin at, the present time, the limit.
    private static final String SOME =
        """
        SELECT key, value, expires_at FROM kv_counters_%s
        WHERE key > ? AND key >= ? AND (expires_at IS NULL OR expires_at > ?)
        ORDER BY key LIMIT ?
        """;

    /// Parameters: the prefix, three times, and the present time.
    private static final String NUMBER =
        """
        SELECT count(*) FROM kv_counters_%s
        WHERE key >= ? AND substr(key, 1, length(?)) = ? AND (expires_at IS NULL OR expires_at > ?)
        """;

    @Override
    public Optional<KvItem> find(String key) {
      return read(ONE, key, clock.instant()).stream().findFirst();
    }

    @Override
    public List<KvItem> page(KeyRange range, int limit) {
      // Keys are ordered by their bytes, so those with the prefix stand together.
      return read(SOME, range.after(), range.prefix(), clock.instant(), limit).stream()
          .takeWhile(item -> item.key().startsWith(range.prefix()))
          .toList();
    }

    private List<KvItem> read(String sql, Object... arguments) {
      return database.query(named(sql), Counts::item, arguments);
    }

    private String named(String sql) {
      return sql.formatted(name);
    }

    private static KvItem item(Database.Row row) {
      String key = String.valueOf(row.text(1));
      return new KvItem(key, new KvValue.Count(row.number(2)), null, row.instant(3));
    }

    @Override
    public long count(KeyRange range) {
      String prefix = range.prefix();
      return database
          .query(named(NUMBER), row -> row.number(1), prefix, prefix, prefix, clock.instant())
          .getFirst();
    }

    @Override
    public boolean remove(String key) {
      return counters.remove(key);
    }
  }
}
