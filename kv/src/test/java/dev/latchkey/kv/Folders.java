package dev.latchkey.kv;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Folders of files that a harness makes by the thousand.
final class Folders {

  private Folders() {}

  /// Returns a new folder in memory where there is such a place, and else below the given one.
  static Path makeFast(Path otherwise) throws IOException {
    Path memory = Path.of("/dev/shm");
    Path parent = Files.isWritable(memory) ? memory : otherwise;
    return Files.createTempDirectory(parent, "latchkey-kv-").toRealPath();
  }

  /// Removes the files in the folder.
  static void empty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  /// Removes the folder with all that a harness which failed has left there.
  static void remove(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = walk.toList();
    }
    for (Path path : all.reversed()) {
      Files.delete(path);
    }
  }
}
