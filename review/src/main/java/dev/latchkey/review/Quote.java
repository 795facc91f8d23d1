package dev.latchkey.review;

import java.util.List;
import java.util.stream.Stream;

/// What a model quoted, to be found again in a diff.
///
/// @param raw as it was given
/// @param lines as they are compared
record Quote(String raw, List<String> lines) {
  private static final int MIN_CHARACTERS = 4;
  private static final int MAX_LINES = 3;

  static Quote of(String raw) {
    return new Quote(raw, Stream.of(raw.strip().split("\n", -1)).map(Quote::normal).toList());
  }

  /// A line without what a model may change in copying it: outer white space and carriage returns.
  /// White space at the ends which the prompt showed as escapes is taken off too, for a model may
  /// write it either way.
  static String normal(String line) {
    return Visible.line(line.strip()).strip();
  }

  /// Whether so much was quoted that it means a place: 4 characters, or 2 to 3 lines.
  boolean tellsAPlace() {
    String stripped = raw.strip();
    return lines.size() <= MAX_LINES
        && (lines.size() > 1 || stripped.codePointCount(0, stripped.length()) >= MIN_CHARACTERS);
  }

  boolean matches(int index, DiffLine line) {
    String quoted = lines.get(index);
    String text = line.bytes().text();
    return quoted.equals(normal(text)) || quoted.equals(Visible.line(text).strip());
  }

  /// Whether the lines were quoted byte for byte.
  boolean isExactly(List<DiffLine> found) {
    String whole = raw.endsWith("\n") ? raw.substring(0, raw.length() - 1) : raw;
    List<String> quoted = List.of(whole.split("\n", -1));
    return quoted.equals(found.stream().map(line -> line.bytes().text()).toList());
  }
}
