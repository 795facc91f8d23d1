package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import dev.latchkey.kv.DatabaseOptions;
import java.nio.file.Path;

/// Where a test keeps its database.
enum Storage {
  FILE {
    @Override
    Database open(Path directory) {
      return Database.open(directory.resolve("inbox.db"));
    }
  },
  MEMORY {
    @Override
    Database open(Path directory) {
      return Database.inMemory(DatabaseOptions.defaults());
    }
  };

  abstract Database open(Path directory);
}
