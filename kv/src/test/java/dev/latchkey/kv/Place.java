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

  /// Maps a row to the text in its first column.
  static String text(Database.Row row) {
    return requireNonNull(row.text(1));
  }
}
