package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

/// A remark of a check run on lines of a file.
///
/// @param path the file's path in the head
/// @param firstLine counted from 1
/// @param lastLine included
/// @param title at most 255 characters; empty for none
/// @param message plain text, at most 21,845 characters
public record Annotation(
    String path, int firstLine, int lastLine, Level level, String title, String message) {
  private static final int MAX_TITLE_LENGTH = 255;

  /// GitHub counts 64 KB, so that characters of up to three bytes each are sure to fit.
  private static final int MAX_MESSAGE_LENGTH = (64 << 10) / 3;

  /// How much it matters.
  public enum Level {
    NOTICE,
    WARNING,
    FAILURE
  }

  /// Checks what it is made of.
  ///
  /// @throws IllegalArgumentException if the path or message is empty, the title or message too
  ///   long, or the lines are none
  public Annotation {
    requireNonNull(level, "level");
    if (path.isEmpty() || message.isBlank()) {
      throw new IllegalArgumentException("an annotation needs a path and a message");
    }
    if (firstLine < 1 || lastLine < firstLine) {
      throw new IllegalArgumentException(
          "an annotation's lines must be 1 or more and in order: " + firstLine + "-" + lastLine);
    }
    requireLength("title", title, MAX_TITLE_LENGTH);
    requireLength("message", message, MAX_MESSAGE_LENGTH);
  }

  private static void requireLength(String what, String text, int limit) {
    if (text.length() > limit) {
      throw new IllegalArgumentException(
          "an annotation's " + what + " has " + text.length() + " characters, limit " + limit);
    }
  }
}
