package dev.latchkey.server;

import dev.latchkey.github.PullRequest;

/// What one review is of. Two deliveries which ask for the same key ask for the same review.
///
/// The head is not enough by itself: with another base the same head has another diff, and a round
/// is begun when somebody asks for a review again.
///
/// @param repository GitHub's id, which a rename or a transfer leaves as it is
/// @param head the commit which is reviewed, 40 or 64 hex digits
/// @param baseRef the branch which the pull request is to be merged into
/// @param round counted from 1
record ReviewKey(long repository, int number, String head, String baseRef, int round) {

  private static final int SHORT = 7;

  /// Returns the key of a pull request's present head, in its present round.
  static ReviewKey of(PullRef pull, PullRequest now, Wishes wishes) {
    int round = wishes.round(pull, now.headSha(), now.baseRef());
    return new ReviewKey(
        pull.repository().id(), pull.number(), now.headSha(), now.baseRef(), round);
  }

  /// Returns the head as people write it.
  String shortHead() {
    return head.substring(0, SHORT);
  }

  /// Returns the key as 64 hex digits. It is a hash, because a branch's name may hold what would
  /// end the HTML comment in which the key is posted.
  String hash() {
    return Json.hash(String.join("\n", "" + repository, "" + number, head, "" + round, baseRef));
  }
}
