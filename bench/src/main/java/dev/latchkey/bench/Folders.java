package dev.latchkey.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/// Where the databases are. Each peer's database is filled once for each size of values and copied
/// for each row, so that a row finds the same state whether it runs alone or after others.
final class Folders implements AutoCloseable {
  private static final long VALUES_SEED = 2;

  private final Path root;
  private final Keys keys;
  private final Map<String, Path> filled = new HashMap<>();
  private int copies;

  /// @param root an existing folder, in which a new one is made
  Folders(Path root, Keys keys) throws IOException {
    this.root = Files.createTempDirectory(root, "latchkey-bench-");
    this.keys = keys;
  }

  /// Returns a folder with a database of that peer which holds the keys, for one row.
  Path prepared(Peer peer, int valueBytes) throws Exception {
    Path original = filled(peer, valueBytes);
    Path copy = root.resolve("row-" + copies++);
    copy(original, copy);
    return copy;
  }

  /// Copies a folder to one that isn't there yet.
  static void copy(Path original, Path copy) throws IOException {
    try (Stream<Path> files = Files.walk(original)) {
      for (Path file : files.toList()) {
        Path target = copy.resolve(original.relativize(file));
        Files.copy(file, target);
        if (Files.isRegularFile(target)) {
          sync(target);
        }
      }
    }
  }

  private Path filled(Peer peer, int valueBytes) throws Exception {
    String name = peer.name() + "-" + valueBytes;
    Path folder = filled.get(name);
    if (folder == null) {
      folder = Files.createDirectory(root.resolve(name));
      try (Contender contender = peer.open(folder, true)) {
        contender.load(keys.all(), new Values(VALUES_SEED, valueBytes));
      }
      filled.put(name, folder);
    }
    return folder;
  }

  /// What is written back later would be paid for by the first fsync that is measured.
  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() throws IOException {
    delete(root);
  }
}
