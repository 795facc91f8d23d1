package dev.latchkey.inbox;

import java.nio.charset.StandardCharsets;

/// The rules for text that comes from outside: bounded, storable, and unable to forge a log line.
final class Texts {

  private static final int MAX_NOTE = 500;

  private Texts() {}

  /// Requires 1 to `max` characters, none of them a control character.
  static void requireName(String what, String text, int max) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(what + " is empty");
    }
    requireText(what, text, max);
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(what + " has a control character");
    }
  }

  /// Requires at most `max` characters on one line.
  static void requireLine(String what, String text, int max) {
    requireText(what, text, max);
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new IllegalArgumentException(what + " has a line break");
    }
  }

  /// Requires at most `max` characters which a database can keep: no U+0000, no lone surrogate.
  static void requireText(String what, String text, int max) {
    if (text.length() > max) {
      throw new IllegalArgumentException(
          what + " has " + text.length() + " characters, limit " + max);
    }
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(what + " has the character U+0000");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(what + " has a lone surrogate");
    }
  }

  /// Returns the text as a note for people: on one line, storable, at most 500 characters.
  static String note(String text) {
    StringBuilder note = new StringBuilder(Math.min(text.length(), MAX_NOTE));
    text.codePoints()
        .limit(MAX_NOTE)
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '?' : c)
        .forEach(note::appendCodePoint);
    return note.toString().strip();
  }

  /// Returns how a failure is told: its kind and message, without its trace.
  static String failure(Throwable failure) {
    String message = failure.getMessage();
    String kind = failure.getClass().getSimpleName();
    return note(message == null ? kind : kind + ": " + message);
  }
}
