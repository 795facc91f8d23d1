package dev.latchkey.kv;

/// The statements on one store's table. A row whose deadline has come counts as absent; the last
/// parameter of each statement that says so is the present time.
///
/// @param put key, version, deadline, value
/// @param putIfAbsent as `put`, unless there is an entry
/// @param set version, value; key and version of the entry to replace
/// @param removeVersion key and version of the entry to remove
record EntriesSql(
    String select,
    String contains,
    String put,
    String putIfAbsent,
    String set,
    String remove,
    String removeVersion) {

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
    return new EntriesSql(
        """
        SELECT version, expires_at, value FROM %s
        WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)
        """
            .formatted(table),
        """
        SELECT count(*) FROM %s
        WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)
        """
            .formatted(table),
        put,
        put + "WHERE old.expires_at <= ?",
        """
        UPDATE %s SET version = ?, value = ?
        WHERE key = ? AND version = ? AND (expires_at IS NULL OR expires_at > ?)
        """
            .formatted(table),
        """
        DELETE FROM %s
        WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)
        """
            .formatted(table),
        """
        DELETE FROM %s
        WHERE key = ? AND version = ? AND (expires_at IS NULL OR expires_at > ?)
        """
            .formatted(table));
  }
}
