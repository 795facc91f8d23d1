package dev.latchkey.server;

import dev.latchkey.github.PostedReview;

/// Makes a review visible at GitHub.
@FunctionalInterface
interface Publisher {

  /// Posts the draft, unless the review with this key is there already.
  ///
  /// @return the visible review
  /// @throws Writes.NotSettled if it is too early to look what became of an earlier try
  /// @throws HeadMoved if the pull request has another head or base by now; nothing was posted
  PostedReview publish(PullRef pull, ReviewKey key, Draft draft);

  /// Whether a write for that review may still arrive.
  default boolean isLate(PullRef pull, ReviewKey key) {
    return false;
  }

  /// The pull request is no longer what was reviewed.
  final class HeadMoved extends RuntimeException {
    private static final long serialVersionUID = 1;

    HeadMoved(PullRef pull) {
      super("the head or base of " + pull + " has changed");
    }
  }
}
