package dev.latchkey.kv;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The marks by which we know a file of ours, and the tables in it.
final class Schema {

  /// "LKkv", kept as the file's application_id.
  private static final int APPLICATION = 0x4C4B6B76;

  private static final int VERSION = 2;

  /// The first release of SQLite without the bug that could lose commits when the write-ahead log
  /// was reset (https://www.sqlite.org/wal.html).
  private static final List<Integer> OLDEST_SQLITE = List.of(3, 51, 3);

  private static final String CREATE_META =
      """
      CREATE TABLE kv_meta (
        name TEXT NOT NULL PRIMARY KEY,
        value INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID
      """;

  private static final String CREATE_STORES =
      """
      CREATE TABLE kv_stores (
        name TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        large_values INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID
      """;

  private Schema() {}

  /// Refuses an SQLite which may lose commits.
  static void requireSqlite(String version) {
    List<Integer> numbers = Arrays.stream(version.split("\\.")).map(Integer::valueOf).toList();
    for (int i = 0; i < OLDEST_SQLITE.size(); i++) {
      int number = i < numbers.size() ? numbers.get(i) : 0;
      if (number != OLDEST_SQLITE.get(i)) {
        if (number > OLDEST_SQLITE.get(i)) {
          return;
        }
        throw new KvException.Unusable(
            "SQLite "
                + version
                + " may lose commits (WAL-reset bug); 3.51.3 is the oldest accepted",
            null);
      }
    }
  }

  /// Refuses a file which is another program's, or a newer release's. Changes nothing.
  ///
  /// @return whether the file has our tables
  static boolean inspect(Session session, String file) throws SQLException {
    requireSqlite(session.text("SELECT sqlite_version()"));
    long application = session.number("PRAGMA application_id");
    long version = session.number("PRAGMA user_version");
    boolean empty = session.number("SELECT count(*) FROM sqlite_schema") == 0;
    boolean utf8 = session.text("PRAGMA encoding").equals("UTF-8");
    if (application == 0 && version == 0 && empty && utf8) {
      return false;
    }
    if (application != APPLICATION) {
      throw new KvException.Unusable(file + " is another program's database, left as it is", null);
    }
    if (version > VERSION) {
      throw new KvException.Unusable(
          file + " has schema " + version + " of a newer release; this one knows " + VERSION, null);
    }
    if (version < 1) {
      throw damaged(file, "it has schema " + version + ", which no release made");
    }
    return true;
  }

  static KvException damaged(String file, String what) {
    return new KvException.Unusable(file + " is damaged: " + what, null);
  }

  /// Refuses a file with our mark in which a table of ours is missing. Changes nothing.
  static void requireWhole(Session session, String file) throws SQLException {
    Set<String> present =
        Set.copyOf(
            session.all(
                "SELECT name FROM sqlite_schema WHERE type = 'table'", row -> row.getString(1)));
    requirePresent(present, "kv_meta", file);
    requirePresent(present, "kv_stores", file);
    if (marks(session) == null) {
      throw damaged(file, "it doesn't say which version is the last");
    }
    for (Map.Entry<String, Table.Kind> store : tables(session).entrySet()) {
      requirePresent(present, Table.sqlName(store.getValue(), store.getKey()), file);
    }
  }

  private static void requirePresent(Set<String> present, String table, String file) {
    if (!present.contains(table)) {
      throw damaged(file, "the table " + table + " is missing");
    }
  }

  /// What tells a file from others, and its past from its present.
  ///
  /// @param identity made at random with the file; 0 if that was before there was such a thing
  /// @param version the last one of an entry
  record Marks(long identity, long version) {}

  /// Returns the marks, or null if they aren't there.
  static @Nullable Marks marks(Session session) throws SQLException {
    return session.first(
        """
        SELECT coalesce((SELECT value FROM kv_meta WHERE name = 'identity'), 0), value
        FROM kv_meta WHERE name = 'version'
        """,
        row -> new Marks(row.getLong(1), row.getLong(2)));
  }

  static void create(Session session) throws SQLException {
    session.run("BEGIN IMMEDIATE");
    session.run(CREATE_META);
    session.change(
        "INSERT INTO kv_meta (name, value) VALUES ('version', 0), ('identity', ?)",
        UUID.randomUUID().getMostSignificantBits());
    session.run(CREATE_STORES);
    session.run("PRAGMA application_id = " + APPLICATION);
    session.run("PRAGMA user_version = " + VERSION);
    session.run("COMMIT");
  }

  /// Gives a copy an identity of its own, so that a log of the original is never taken for its own.
  static void renew(Session session) throws SQLException {
    session.run("BEGIN IMMEDIATE");
    session.change(
        "INSERT OR REPLACE INTO kv_meta (name, value) VALUES ('identity', ?)",
        UUID.randomUUID().getMostSignificantBits());
    session.run("COMMIT");
  }

  /// Brings a file of an older release up to this one's schema, in one transaction.
  static void migrate(Session session) throws SQLException {
    long version = session.number("PRAGMA user_version");
    if (version == VERSION) {
      return;
    }
    session.run("BEGIN IMMEDIATE");
    // 1 to 2: there were entries only, without an index of what expires.
    for (Map.Entry<String, Table.Kind> store : tables(session).entrySet()) {
      session.run(createExpiryIndex(Table.sqlName(store.getValue(), store.getKey())));
    }
    session.run("PRAGMA user_version = " + VERSION);
    session.run("COMMIT");
  }

  static long version(Session session) throws SQLException {
    return session.number("SELECT value FROM kv_meta WHERE name = 'version'");
  }

  /// Returns the names of the stores and what they hold, in order.
  static SortedMap<String, Table.Kind> tables(Session session) throws SQLException {
    SortedMap<String, Table.Kind> tables = new TreeMap<>();
    session.all(
        "SELECT name, kind FROM kv_stores",
        row -> tables.put(row.getString(1), Table.Kind.of(row.getString(2))) == null);
    return tables;
  }

  static Table.@Nullable Kind kindOf(Session session, String name) throws SQLException {
    return session.first(
        "SELECT kind FROM kv_stores WHERE name = ?", row -> Table.Kind.of(row.getString(1)), name);
  }

  static boolean createTable(Session session, Table table) throws SQLException {
    session.run(
        switch (table.kind()) {
          case ENTRIES -> EntriesSql.create(table.sqlName(), table.largeValues());
          case COUNTERS -> CountersSql.create(table.sqlName());
        });
    session.run(createExpiryIndex(table.sqlName()));
    session.change(
        "INSERT INTO kv_stores (name, kind, large_values) VALUES (?, ?, ?)",
        table.name(),
        table.kind().toString(),
        table.largeValues());
    return true;
  }

  /// The index is called so that it can't have the name of another store's table.
  private static String createExpiryIndex(String table) {
    return "CREATE INDEX kv_expiry_of_%1$s ON %1$s (expires_at) WHERE expires_at IS NOT NULL"
        .formatted(table);
  }

  /// Drops a table and its index.
  ///
  /// @return false if there is none of that name
  static boolean dropTable(Session session, String name) throws SQLException {
    Table.Kind kind = kindOf(session, name);
    if (kind == null) {
      return false;
    }
    session.run("DROP TABLE " + Table.sqlName(kind, name));
    session.change("DELETE FROM kv_stores WHERE name = ?", name);
    return true;
  }
}
