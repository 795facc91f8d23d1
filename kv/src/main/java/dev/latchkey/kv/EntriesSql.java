package dev.latchkey.kv;

/// The statements on one store's table. A row whose deadline has come counts as absent; the last
/// parameter of each statement that says so is the present time.
///
/// @param put key, version, deadline, value
/// @param putIfAbsent as `put`, unless there is an entry
/// @param set version, value; key and version of the entry to replace
/// @param touch version, deadline; key
/// @param removeVersion key and version of the entry to remove
record EntriesSql(
    String select,
    String value,
    String contains,
    String put,
    String putIfAbsent,
    String set,
    String touch,
    String remove,
    String removeVersion,
    Ranges scan,
    Ranges keys,
    Ranges count) {

  private static final String LIVE = "(expires_at IS NULL OR expires_at > ?)";

  /// A statement on a range of keys, by the bounds it has: the first is exclusive or inclusive, the
  /// end, which may be missing, is exclusive. Parameters: first key, end if there is one, the
  /// present time.
  record Ranges(String after, String afterUpTo, String from, String fromUpTo) {

    private static Ranges of(String select, String rest) {
      return new Ranges(
          select + " WHERE key > ? AND " + LIVE + rest,
          select + " WHERE key > ? AND key < ? AND " + LIVE + rest,
          select + " WHERE key >= ? AND " + LIVE + rest,
          select + " WHERE key >= ? AND key < ? AND " + LIVE + rest);
    }

    String of(Bounds bounds) {
      if (bounds.inclusive()) {
        return bounds.end() == null ? from : fromUpTo;
      }
      return bounds.end() == null ? after : afterUpTo;
    }
  }

  /// Returns the statement that creates the table. The value comes last, so that the other columns
  /// of a long row are read without it. Without a rowid, values of a page or so would crowd the
  /// keys out of the tree's inner pages.
  static String create(String table, boolean largeValues) {
    return """
    CREATE TABLE %s (
      key TEXT NOT NULL PRIMARY KEY,
      version INTEGER NOT NULL,
      expires_at INTEGER,
      value BLOB NOT NULL
    ) STRICT%s
    """
        .formatted(table, largeValues ? "" : ", WITHOUT ROWID");
  }

  static EntriesSql of(String table) {
    String put =
        """
        INSERT INTO %s AS old (key, version, expires_at, value) VALUES (?, ?, ?, ?)
        ON CONFLICT (key) DO UPDATE
        SET version = excluded.version, expires_at = excluded.expires_at, value = excluded.value
        """
            .formatted(table);
    String update = "UPDATE " + table;
    String delete = "DELETE FROM " + table;
    return new EntriesSql(
        "SELECT version, expires_at, value FROM " + table + " WHERE key = ? AND " + LIVE,
        "SELECT value FROM " + table + " WHERE key = ? AND " + LIVE,
        "SELECT count(*) FROM " + table + " WHERE key = ? AND " + LIVE,
        put,
        put + "WHERE old.expires_at <= ?",
        update + " SET version = ?, value = ? WHERE key = ? AND version = ? AND " + LIVE,
        update + " SET version = ?, expires_at = ? WHERE key = ? AND " + LIVE,
        delete + " WHERE key = ? AND " + LIVE,
        delete + " WHERE key = ? AND version = ? AND " + LIVE,
        Ranges.of("SELECT version, expires_at, value, key FROM " + table, " ORDER BY key LIMIT ?"),
        Ranges.of("SELECT key FROM " + table, " ORDER BY key LIMIT ?"),
        Ranges.of("SELECT count(*) FROM " + table, ""));
  }
}
