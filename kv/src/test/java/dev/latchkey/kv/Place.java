package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/// Where a database under test is kept.
enum Place {
  FILE,
  MEMORY;

  Database open(Path directory, DatabaseOptions options) {
    return switch (this) {
      case FILE -> Database.open(directory.resolve("data.db"), options);
      case MEMORY -> Database.inMemory(options);
    };
  }

  /// Counts the rows of a store or counters, those that have expired included.
  long rows(Database database, Table.Kind kind, String name) {
    String table = Table.sqlName(kind, name);
    return database.query("SELECT count(*) FROM " + table, row -> row.number(1)).getFirst();
  }

  /// Maps a row to the text in its first column.
  static String text(Database.Row row) {
    return requireNonNull(row.text(1));
  }
}
