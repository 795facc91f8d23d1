package dev.latchkey.kv;

import java.util.List;

/// What own SQL must not change: the settings of the connections, and what the library keeps.
///
/// @param reading what the connections for reading say
/// @param writing what the writer's connection says
record EngineState(List<String> reading, List<String> writing) {

  private static final List<String> SETTINGS =
      List.of(
          "application_id",
          "auto_vacuum",
          "automatic_index",
          "busy_timeout",
          "cache_size",
          "cell_size_check",
          "checkpoint_fullfsync",
          "defer_foreign_keys",
          "encoding",
          "foreign_keys",
          "fullfsync",
          "hard_heap_limit",
          "ignore_check_constraints",
          "journal_mode",
          "journal_size_limit",
          "legacy_alter_table",
          "locking_mode",
          "max_page_count",
          "page_size",
          "query_only",
          "read_uncommitted",
          "recursive_triggers",
          "reverse_unordered_selects",
          "secure_delete",
          "soft_heap_limit",
          "synchronous",
          "temp_store",
          "threads",
          "trusted_schema",
          "user_version",
          "writable_schema");

  private static final List<String> KEPT =
      List.of(
          "SELECT group_concat(name || ' ' || coalesce(sql, '')) FROM sqlite_schema",
          "SELECT group_concat(name) FROM sqlite_temp_schema",
          "SELECT group_concat(name) FROM pragma_database_list",
          "SELECT group_concat(name || value) FROM kv_meta",
          "SELECT group_concat(name || kind) FROM kv_stores",
          "SELECT group_concat(key || version || hex(value)) FROM kv_entries_words");

  static EngineState of(Database database) {
    return new EngineState(lines(database), database.transact(() -> lines(database)));
  }

  private static List<String> lines(Database database) {
    List<String> settings =
        SETTINGS.stream()
            .map(setting -> setting + " " + text(database, "SELECT * FROM pragma_" + setting))
            .toList();
    List<String> kept = KEPT.stream().map(sql -> text(database, sql)).toList();
    return List.of(String.join("\n", settings), String.join("\n", kept));
  }

  private static String text(Database database, String sql) {
    return database.query(sql, row -> String.valueOf(row.text(1))).getFirst();
  }
}
