package dev.latchkey.github;

import java.util.List;

/// GitHub's REST API, as far as an App that reviews pull requests needs it.
///
/// Safe for any number of threads; a call blocks the thread it is made on, so virtual threads suit
/// it. Every call ends by its deadline, the answer's body included. Redirects and links are never
/// followed. Nothing is retried, except once with a fresh installation token when GitHub answers
/// 401. Writes of one installation are sent one after another, [GitHubOptions#writeInterval] apart.
///
/// Every method throws [GitHubException]; [GitHubException.OutcomeUnknown] only those that write.
/// After [#close] they throw [IllegalStateException].
@SuppressWarnings("DoNotCallSuggester")
public final class GitHub implements AutoCloseable {

  private GitHub() {}

  public static GitHub of(GitHubOptions options) {
    throw new UnsupportedOperationException(options.api().toString());
  }

  /// The App whose key is used.
  public App app(Deadline deadline) {
    throw new UnsupportedOperationException();
  }

  /// A pull request as it is now.
  public PullRequest pullRequest(RepositoryRef repository, int number, Deadline deadline) {
    throw new UnsupportedOperationException();
  }

  /// The files a pull request changes, of all pages, in GitHub's order; at most 3,000, which is all
  /// that GitHub lists. The list is not pinned to a head: read the pull request again afterwards.
  public List<PullFile> files(RepositoryRef repository, int number, Deadline deadline) {
    throw new UnsupportedOperationException();
  }

  /// All reviews of a pull request, of all pages, oldest first. Pending ones are seen only by their
  /// author. More than 10,000 are refused as [GitHubException.Unavailable], since a list cut short
  /// would look as if a review were missing.
  public List<PostedReview> reviews(RepositoryRef repository, int number, Deadline deadline) {
    throw new UnsupportedOperationException();
  }

  /// Creates a review that only we see until it is submitted, with all its comments or not at all.
  ///
  /// @throws GitHubException.Invalid if one of ours is pending already, or GitHub refuses a
  ///   comment's line; it does not say which
  public PostedReview createPendingReview(
      RepositoryRef repository, int number, NewReview review, Deadline deadline) {
    throw new UnsupportedOperationException();
  }

  /// Makes a pending review visible, as a comment.
  public PostedReview submitReview(
      RepositoryRef repository, int number, ReviewSubmission submission, Deadline deadline) {
    throw new UnsupportedOperationException();
  }

  /// Removes a review that was not submitted.
  ///
  /// @throws GitHubException.Invalid if it is submitted
  public void deletePendingReview(
      RepositoryRef repository, int number, long reviewId, Deadline deadline) {
    throw new UnsupportedOperationException();
  }

  public CheckRun createCheckRun(RepositoryRef repository, NewCheckRun check, Deadline deadline) {
    throw new UnsupportedOperationException();
  }

  /// Replaces what one of our check runs tells.
  public CheckRun updateCheckRun(
      RepositoryRef repository, long id, CheckState state, Deadline deadline) {
    throw new UnsupportedOperationException();
  }

  /// Our own App's check runs of one name on a commit, older attempts included; at most 1,000.
  public List<CheckRun> checkRuns(
      RepositoryRef repository, String headSha, String name, Deadline deadline) {
    throw new UnsupportedOperationException();
  }

  /// Ends the calls under way and forgets the tokens. A second close has no effect.
  @Override
  public void close() {}
}
