package dev.latchkey.server.web;

/// What came of asking for a review.
public sealed interface Asked {

  /// It will be seen to.
  ///
  /// @param note what happens next, in a sentence
  record Accepted(String note) implements Asked {}

  /// It won't, as things are.
  ///
  /// @param reason in a sentence, without a secret
  record Refused(String reason) implements Asked {}

  /// There is no such pull request, or the App may not see it.
  ///
  /// @param reason in a sentence, without a secret
  record Unknown(String reason) implements Asked {}
}
