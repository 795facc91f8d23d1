package dev.latchkey.github;

/// A reaction to a comment.
public enum Reaction {
  EYES("eyes"),
  PLUS_ONE("+1"),
  MINUS_ONE("-1"),
  CONFUSED("confused"),
  ROCKET("rocket");

  private final String content;

  Reaction(String content) {
    this.content = content;
  }

  /// GitHub's word.
  String content() {
    return content;
  }
}
