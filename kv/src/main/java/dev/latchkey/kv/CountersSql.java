package dev.latchkey.kv;

/// The statements on one table of counters. A row whose deadline has come counts as absent; the
/// last parameter of each statement that says so is the present time.
///
/// @param set key, value, deadline, for one that is absent
/// @param change value; key, of one that is there
record CountersSql(String select, String set, String change, String remove) {

  static String create(String table) {
    return """
    CREATE TABLE %s (
      key TEXT NOT NULL PRIMARY KEY,
      value INTEGER NOT NULL,
      expires_at INTEGER
    ) STRICT, WITHOUT ROWID
    """
        .formatted(table);
  }

  static CountersSql of(String table) {
    String live = "(expires_at IS NULL OR expires_at > ?)";
    return new CountersSql(
        "SELECT value FROM " + table + " WHERE key = ? AND " + live,
        "INSERT OR REPLACE INTO " + table + " (key, value, expires_at) VALUES (?, ?, ?)",
        "UPDATE " + table + " SET value = ? WHERE key = ?",
        "DELETE FROM " + table + " WHERE key = ? AND " + live);
  }
}
