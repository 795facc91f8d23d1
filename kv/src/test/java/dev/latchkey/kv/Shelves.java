package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Where the callers of a harness write, in one database: three stores, counters and a table which
/// they share, and a store which each has for itself and drops now and then.
record Shelves(
    Database database,
    Store<String> left,
    Store<String> right,
    Store<String> large,
    Counters counters) {

  private static final StoreSpec<String> LEFT_SPEC = StoreSpec.of("left_store", Codec.text());
  private static final StoreSpec<String> RIGHT_SPEC = StoreSpec.of("right_store", Codec.text());
  private static final StoreSpec<String> LARGE_SPEC =
      StoreSpec.of("large_store", Codec.text()).ofLargeValues();

  enum Shelf {
    LEFT("kv_entries_left_store"),
    RIGHT("kv_entries_right_store"),
    LARGE("kv_entries_large_store"),
    OWN("kv_entries_own_.*"),
    COUNTERS("kv_counters_counts"),
    TABLE("own_table");

    private final String tables;

    Shelf(String tables) {
      this.tables = tables;
    }

    /// Returns a name for an entry which no other shelf has.
    String placeOf(String key) {
      return this + " " + key;
    }

    private boolean hasVersions() {
      return this != COUNTERS && this != TABLE;
    }

    /// Returns the table's shelf, or null if it is none.
    private static @Nullable Shelf of(String table) {
      for (Shelf shelf : values()) {
        if (table.matches(shelf.tables)) {
          return shelf;
        }
      }
      return null;
    }
  }

  /// Makes the stores and the table if they aren't there, each by a transaction of its own.
  static Shelves in(Database database) {
    Shelves shelves =
        new Shelves(
            database,
            database.store(LEFT_SPEC),
            database.store(RIGHT_SPEC),
            database.store(LARGE_SPEC),
            database.counters("counts", Expiry.never()));
    database.update("CREATE TABLE IF NOT EXISTS own_table (key TEXT PRIMARY KEY, value BLOB)");
    return shelves;
  }

  /// Puts the value there, or adds one to the count.
  void put(Shelf shelf, String key, String value) {
    switch (shelf) {
      case LEFT -> left.put(key, value);
      case RIGHT -> right.put(key, value);
      case LARGE -> large.put(key, value);
      case OWN -> database.store(ownSpec(key)).put(key, value);
      case COUNTERS -> counters.add(key, 1);
      case TABLE ->
          database.update(
              "INSERT OR REPLACE INTO own_table (key, value) VALUES (?, ?)",
              key,
              value.getBytes(StandardCharsets.UTF_8));
    }
  }

  /// Removes the entry, or the whole store where each caller has its own.
  void remove(Shelf shelf, String key) {
    switch (shelf) {
      case LEFT -> left.remove(key);
      case RIGHT -> right.remove(key);
      case LARGE -> large.remove(key);
      case OWN -> database.drop(ownSpec(key).name());
      case COUNTERS -> counters.remove(key);
      case TABLE -> database.update("DELETE FROM own_table WHERE key = ?", key);
    }
  }

  private static StoreSpec<String> ownSpec(String caller) {
    return StoreSpec.of("own_" + caller, Codec.text());
  }

  /// Returns what there is of each caller, place by place. Makes nothing that isn't there.
  static Map<String, SortedMap<String, String>> read(Database database) {
    Map<String, SortedMap<String, String>> all = new TreeMap<>();
    present(database)
        .forEach((table, shelf) -> {
          List<String[]> rows =
              database.query(
                  "SELECT key, CAST(value AS TEXT) FROM " + table,
                  row -> new String[] {Place.text(row), requireNonNull(row.text(2))});
          for (String[] row : rows) {
            String caller = row[0].split("-", 2)[0];
            all.computeIfAbsent(caller, name -> new TreeMap<>()).put(shelf.placeOf(row[0]), row[1]);
          }
        });
    return all;
  }

  /// Returns what is wrong with the database, whatever was written to it.
  static List<String> defects(Database database) {
    List<String> defects = new ArrayList<>(database.check());
    List<Long> versions = new ArrayList<>();
    present(database)
        .forEach((table, shelf) -> {
          if (shelf.hasVersions()) {
            versions.addAll(database.query("SELECT version FROM " + table, row -> row.number(1)));
          }
        });
    if (versions.stream().distinct().count() < versions.size()) {
      defects.add("two entries have the same version");
    }
    long last =
        database
            .query("SELECT value FROM kv_meta WHERE name = 'version'", row -> row.number(1))
            .getFirst();
    if (versions.stream().anyMatch(version -> version > last)) {
      defects.add("an entry's version is beyond " + last + ", the last one given");
    }
    return defects;
  }

  private static Map<String, Shelf> present(Database database) {
    Map<String, Shelf> present = new TreeMap<>();
    for (String table :
        database.query("SELECT name FROM sqlite_schema WHERE type = 'table'", Place::text)) {
      Shelf shelf = Shelf.of(table);
      if (shelf != null) {
        present.put(table, shelf);
      }
    }
    return present;
  }
}
