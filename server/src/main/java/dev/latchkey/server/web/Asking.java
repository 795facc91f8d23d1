package dev.latchkey.server.web;

import dev.latchkey.inbox.WorkView;

/// Asks for a pull request to be reviewed, on behalf of the operator.
public interface Asking {

  /// Returns once what was asked for is durable, or refused; it doesn't wait for the review.
  ///
  /// @param newRound whether to review a head again which has its review
  Asked ask(String owner, String repo, int number, boolean newRound);

  /// Is told of a work that is about to be done again: for a head that has its review, that is a
  /// new round.
  void replaying(WorkView work);
}
