package dev.latchkey.simulator;

import java.time.Instant;

/// A write the simulated GitHub was asked for, refused ones too.
///
/// @param at when it was applied or refused, by the simulated GitHub's clock
/// @param status what GitHub decided, whether or not the answer reached the sender
/// @param answer the body of that answer, JSON
public record ApiWrite(
    Instant at, String method, String path, String body, int status, String answer) {

  /// Whether GitHub refused it because the App has a pending review already.
  public boolean refusedByPendingReview() {
    return status == 422 && answer.contains(ReviewsApi.ONE_PENDING);
  }
}
