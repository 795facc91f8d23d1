package dev.latchkey.server.web;

/// Asks for a pull request to be reviewed, on behalf of the operator.
@FunctionalInterface
public interface Asking {

  /// Returns once what was asked for is durable, or refused; it doesn't wait for the review.
  ///
  /// @param newRound whether to review a head again which has its review
  Asked ask(String owner, String repo, int number, boolean newRound);
}
