package dev.latchkey.kv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// What a directory holds: names, kinds, sizes, times and hashes. Two are equal if nothing was
/// created, removed or changed between them.
record Listing(List<String> lines) {

  static Listing of(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return new Listing(all.filter(path -> !path.equals(directory)).map(Listing::line).toList());
    }
  }

  private static String line(Path path) {
    try {
      boolean regular = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
      return String.join(
          " ",
          path.toString(),
          Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toString(),
          regular ? String.valueOf(Files.size(path)) : "not regular",
          regular ? hash(Files.readAllBytes(path)) : "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }
}
