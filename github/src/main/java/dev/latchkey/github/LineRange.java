package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

/// Lines of a diff: one line, or several of one hunk.
///
/// @param startSide the first line's side
/// @param startLine the first line, counted from 1 in that side's file
/// @param side the last line's side
/// @param line the last line
public record LineRange(Side startSide, int startLine, Side side, int line) {
  /// Which of the two files a line is counted in.
  public enum Side {
    /// The file before: removed lines.
    LEFT,
    /// The file after: added lines and context.
    RIGHT
  }

  /// Checks what it is made of.
  ///
  /// @throws IllegalArgumentException if a line is below 1, or the lines of one side are reversed
  public LineRange {
    requireNonNull(startSide, "startSide");
    requireNonNull(side, "side");
    if (startLine < 1 || line < 1 || (startSide == side && startLine > line)) {
      throw new IllegalArgumentException(
          "lines must be from 1 on and in order: " + startLine + " to " + line);
    }
  }

  /// One line.
  public static LineRange of(Side side, int line) {
    return new LineRange(side, line, side, line);
  }

  /// Lines `first` to `last` of one side, both included.
  public static LineRange of(Side side, int first, int last) {
    return new LineRange(side, first, side, last);
  }

  /// Whether it is one line, for which GitHub wants no start.
  public boolean single() {
    return startSide == side && startLine == line;
  }
}
