package dev.latchkey.server.cli;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.DatabaseOptions;
import dev.latchkey.kv.Entry;
import dev.latchkey.kv.Expiry;
import dev.latchkey.kv.KeyRange;
import dev.latchkey.kv.StoreSpec;
import dev.latchkey.review.Visible;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// A store file that `latchkey kv` has open. Nobody else can have it open meanwhile.
///
/// What the library doesn't tell of a file, such as the kind of a store, is read from its tables.
final class KvFile implements AutoCloseable {

  private static final String STORES = "SELECT name, kind FROM kv_stores ORDER BY name";

  private static final String KIND = "SELECT kind FROM kv_stores WHERE name = ?";

  private static final String FREE_BYTES =
      "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size";

  private static final String COUNTERS = "counters";

  private final Path file;
  private final Database database;
  private final InstantSource clock;

  private KvFile(Path file, Database database, InstantSource clock) {
    this.file = file;
    this.database = database;
    this.clock = clock;
  }

  /// @param kind `entries` or `counters`
  /// @param entries how many there are, expired ones not counted
  record Content(String name, String kind, long entries) {}

  /// @param sizeBytes of the file and its log
  /// @param freeBytes of it that hold nothing, to be used by later writes
  /// @param expired entries and counters which sweeping would remove
  record Figures(
      long sizeBytes, long freeBytes, long stores, long entries, long counters, long expired) {}

  /// Where a value is put, and for how long.
  ///
  /// @param spec of the store, should it be made
  record Place(StoreSpec<byte[]> spec, String key, Expiry expiry) {}

  /// Refuses a key that no store could have.
  static String requireKey(String key) {
    if (key.isEmpty()) {
      throw new UsageException("the key is empty");
    }
    return KeyRange.prefix(key).prefix();
  }

  /// @param create whether a file is made if there is none
  static KvFile open(Path file, boolean create, InstantSource clock) {
    if (!create) {
      requireFile(file);
    }
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .withSweepInterval(Duration.ZERO)
            .withCacheBytes(0)
            .withClock(clock);
    return new KvFile(file, Database.open(file, options), clock);
  }

  /// The library makes a database of a file that is absent or empty.
  private static void requireFile(Path file) {
    try {
      if (!Files.exists(file)) {
        throw new UnusableException(
            "there is no file " + name(file) + "; put --create makes one", null);
      } else if (Files.isRegularFile(file) && Files.size(file) == 0) {
        throw new UnusableException(
            name(file) + " is empty, so no database yet; put --create makes it one", null);
      }
    } catch (IOException e) {
      throw new UnusableException("can't look at " + name(file), e);
    }
  }

  private static String name(Path file) {
    return Visible.path(file.toString());
  }

  List<Content> stores() {
    return database.query(STORES, row -> List.of(textOf(row, 1), textOf(row, 2))).stream()
        .map(store -> {
          String name = store.getFirst();
          return new Content(name, store.getLast(), shelf(name, false).count(KeyRange.all()));
        })
        .toList();
  }

  private static String textOf(Database.Row row, int column) {
    return String.valueOf(row.text(column));
  }

  /// @param hex whether values are wanted as hexadecimal digits
  Shelf shelf(String name, boolean hex) {
    String kind = kindOf(name).orElseThrow(() -> noStore(name, "stores lists those there are"));
    if (kind.equals(COUNTERS)) {
      return new Shelf.Counts(database, name, database.counters(name, Expiry.never()), clock);
    }
    return new Shelf.Entries(database.store(StoreSpec.of(name, Codec.bytes())), hex);
  }

  private Optional<String> kindOf(String name) {
    return database.query(KIND, row -> textOf(row, 1), name).stream().findFirst();
  }

  private UsageException noStore(String store, String help) {
    return new UsageException(
        "there is no store " + Words.quoted(store) + " in " + name(file) + "; " + help);
  }

  /// Stores a value.
  ///
  /// @param create whether the store is made if there is none
  Entry<byte[]> put(Place place, byte[] value, boolean create) {
    String name = place.spec().name();
    Optional<String> kind = kindOf(name);
    if (kind.isEmpty() && !create) {
      throw noStore(name, "put --create makes one");
    } else if (kind.filter(COUNTERS::equals).isPresent()) {
      throw new UsageException(
          name + " has counters, which can't be put; delete sets one back to 0");
    }
    return database.transact(() -> {
      var store = database.store(place.spec());
      store.put(place.key(), value, place.expiry());
      return store.entry(place.key()).orElseThrow();
    });
  }

  int sweep(long limit) {
    return database.sweep((int) Math.min(limit, Integer.MAX_VALUE));
  }

  Figures figures() {
    List<Content> stores = stores();
    return new Figures(
        database.stats().sizeBytes(),
        number(FREE_BYTES),
        stores.size(),
        entriesOf(stores, "entries"),
        entriesOf(stores, COUNTERS),
        stores.stream().mapToLong(this::expired).sum());
  }

  private long expired(Content store) {
    return number(
        "SELECT count(*) FROM kv_%s_%s WHERE expires_at <= ?".formatted(store.kind(), store.name()),
        clock.instant());
  }

  private static long entriesOf(List<Content> stores, String kind) {
    return stores.stream()
        .filter(store -> store.kind().equals(kind))
        .mapToLong(Content::entries)
        .sum();
  }

  private long number(String sql, Object... arguments) {
    return database.query(sql, row -> row.number(1), arguments).getFirst();
  }

  /// Copies the file and returns the size of the copy.
  long backupTo(Path target) {
    Path directory = target.toAbsolutePath().getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      throw new UnusableException("there is no directory " + name(directory), null);
    }
    try {
      database.backupTo(target);
      return Files.size(target);
    } catch (FileAlreadyExistsException e) {
      throw new UsageException("there is a file " + name(target) + " already, left as it is", e);
    } catch (IOException e) {
      throw new UnusableException("can't copy to " + name(target) + ": " + e.getMessage(), e);
    }
  }

  List<String> check() {
    return database.check();
  }

  @Override
  public void close() {
    database.close();
  }
}
