package dev.latchkey.review;

/// Markdown for GitHub in which nothing a model or a diff says is active: no mention, no issue
/// reference, no HTML, no image, no link, no invisible character.
public final class Neutral {
  private Neutral() {}

  /// The body of a comment at the finding's line, at most 8,000 characters.
  public static String comment(Finding finding) {
    throw new UnsupportedOperationException();
  }

  /// The body of the review, at most 60,000 characters, so that a marker fits below GitHub's
  /// 65,536.
  public static String summary(Review review) {
    throw new UnsupportedOperationException();
  }
}
