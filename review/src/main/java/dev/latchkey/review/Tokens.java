package dev.latchkey.review;

/// How much of a model's context a file takes, guessed: a token for 3 bytes of what the prompt
/// shows. What is not shown is not counted; escapes of what can't be seen count as the bytes they
/// stand for, for a file with many of them is rare, and the guess is rough in any case.
final class Tokens {
  private static final int BYTES_EACH = 3;

  /// Side, blank, mark and line feed.
  private static final int AROUND_LINE = 4;

  private static final int MOST_BYTES_SHOWN = 4 * Visible.MAX_LINE;

  private Tokens() {}

  static long of(FileDiff file) {
    long bytes = (long) file.path().length() + AROUND_LINE;
    for (Hunk hunk : file.hunks()) {
      for (DiffLine line : hunk.lines()) {
        bytes += bytes(line);
      }
    }
    return bytes / BYTES_EACH;
  }

  static long of(DiffLine line) {
    return bytes(line) / BYTES_EACH + 1;
  }

  private static long bytes(DiffLine line) {
    int digits = Integer.toString(line.number()).length();
    return (long) Math.min(line.bytes().length(), MOST_BYTES_SHOWN) + digits + AROUND_LINE;
  }
}
