package dev.latchkey.review;

import java.nio.charset.StandardCharsets;

/// How much of a model's context text takes, guessed from above: a token for 3 bytes.
final class Tokens {
  private static final int BYTES_EACH = 3;

  private Tokens() {}

  static long of(FileDiff file) {
    long bytes = bytes(Numbered.header(0, file));
    for (Hunk hunk : file.hunks()) {
      for (DiffLine line : hunk.lines()) {
        bytes += bytes(Numbered.line(line));
      }
    }
    return bytes / BYTES_EACH;
  }

  static long of(DiffLine line) {
    return bytes(Numbered.line(line)) / BYTES_EACH + 1;
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length + 1L;
  }
}
