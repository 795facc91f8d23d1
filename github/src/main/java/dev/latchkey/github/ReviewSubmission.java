package dev.latchkey.github;

import java.util.Optional;

/// A pending review to be made visible, as a comment: approving does not exist here.
///
/// @param reviewId the pending review
/// @param body takes the place of the one it was created with; absent: that one stays
public record ReviewSubmission(long reviewId, Optional<String> body) {
  /// Checks what it is made of.
  ///
  /// @throws IllegalArgumentException if the body is longer than GitHub takes
  public ReviewSubmission {
    body.ifPresent(text -> NewReview.requireBody("review", text));
  }

  public static ReviewSubmission of(long reviewId) {
    return new ReviewSubmission(reviewId, Optional.empty());
  }

  public ReviewSubmission withBody(String text) {
    return new ReviewSubmission(reviewId, Optional.of(text));
  }
}
