package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import dev.latchkey.kv.DatabaseOptions;
import java.nio.file.Path;

/// Where a test keeps its database.
enum Storage {
  FILE {
    @Override
    Database open(Path directory, DatabaseOptions options) {
      return Database.open(directory.resolve("inbox.db"), options);
    }
  },
  MEMORY {
    @Override
    Database open(Path directory, DatabaseOptions options) {
      return Database.inMemory(options);
    }
  };

  abstract Database open(Path directory, DatabaseOptions options);

  Database open(Path directory) {
    return open(directory, DatabaseOptions.defaults());
  }
}
