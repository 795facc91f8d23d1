package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// A review to be created, pending, with its inline comments: all of them or none.
///
/// @param commitId the head that was reviewed
/// @param body Markdown, at most 65,536 characters
/// @param comments inline; each on lines of the pull request's diff
public record NewReview(String commitId, String body, List<NewComment> comments) {
  /// What GitHub stores of one body at most, in characters.
  static final int MAX_BODY_LENGTH = 65_536;

  /// Checks what it is made of.
  ///
  /// @throws IllegalArgumentException if the body is longer than GitHub takes
  public NewReview {
    requireNonNull(commitId, "commitId");
    requireBody("review", body);
    comments = List.copyOf(comments);
  }

  static void requireBody(String what, String body) {
    if (requireNonNull(body, "body").length() > MAX_BODY_LENGTH) {
      throw new IllegalArgumentException(
          "a " + what + "'s body has " + body.length() + " characters, limit " + MAX_BODY_LENGTH);
    }
  }
}
