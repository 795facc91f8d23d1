package dev.latchkey.review;

/// One line of a hunk.
///
/// @param oldNumber its number before the change, from 1; 0 for an added line
/// @param newNumber its number after the change, from 1; 0 for a deleted line
/// @param bytes what stands on the line, without the diff's first column and without the line feed;
///   a carriage return before the line feed is part of it
/// @param terminated false for the last line of a file that does not end in a line feed
public record DiffLine(Kind kind, int oldNumber, int newNumber, Bytes bytes, boolean terminated) {
  /// What the change did to the line.
  public enum Kind {
    CONTEXT,
    ADDED,
    DELETED
  }

  /// The side this line may carry a comment on.
  public Side side() {
    return kind == Kind.DELETED ? Side.LEFT : Side.RIGHT;
  }

  /// Its number on [#side()].
  public int number() {
    return kind == Kind.DELETED ? oldNumber : newNumber;
  }

  DiffLine withText(String text) {
    return new DiffLine(kind, oldNumber, newNumber, Bytes.ofText(text), terminated);
  }

  DiffLine unterminated() {
    return new DiffLine(kind, oldNumber, newNumber, bytes, false);
  }
}
