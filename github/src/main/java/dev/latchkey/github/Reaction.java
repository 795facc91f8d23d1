package dev.latchkey.github;

/// A sign on a comment.
public enum Reaction {
  EYES("eyes"),
  PLUS_ONE("+1"),
  MINUS_ONE("-1"),
  CONFUSED("confused"),
  ROCKET("rocket");

  private final String word;

  Reaction(String word) {
    this.word = word;
  }

  /// GitHub's word for it.
  String word() {
    return word;
  }
}
