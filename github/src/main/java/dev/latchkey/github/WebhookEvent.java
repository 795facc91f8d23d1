package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What a webhook tells, as far as this App acts on it.
public sealed interface WebhookEvent {

  /// The largest payload that is parsed, in bytes; GitHub sends none larger.
  int MAX_BODY_BYTES = 25 << 20;

  /// Something happened to a pull request which may change whether and what there is to review.
  ///
  /// @param action what happened
  /// @param repository where, seen by the installation the webhook was sent for
  /// @param number the pull request
  /// @param headSha its head at that time, which may not be the present one
  /// @param baseRef the branch it is to be merged into
  /// @param draft not ready to be reviewed
  /// @param sender who made it happen
  record PullRequestEvent(
      Action action,
      RepositoryRef repository,
      int number,
      String headSha,
      String baseRef,
      boolean draft,
      Account sender)
      implements WebhookEvent {}

  /// Somebody wrote a comment about a pull request; not that one was edited or deleted.
  ///
  /// @param inReplyTo the comment which began the thread; 0 if this one did, or it is no thread
  /// @param text its first 1,000 characters
  record CommentEvent(
      CommentPlace place,
      RepositoryRef repository,
      int number,
      long commentId,
      long inReplyTo,
      Account author,
      Association association,
      String text)
      implements WebhookEvent {}

  /// Somebody asked for a check run, or all of a commit, to be run again.
  ///
  /// @param appId the App whose check it is; 0 if the payload doesn't say
  /// @param externalId as the check run was created with; empty for all of a commit
  /// @param pullRequests as GitHub names them: none for a fork's
  record CheckEvent(
      RepositoryRef repository,
      long appId,
      String headSha,
      String externalId,
      List<Integer> pullRequests)
      implements WebhookEvent {}

  /// The App was installed or removed, or the repositories it may see changed.
  record InstallationEvent(String action, long installation, Account account)
      implements WebhookEvent {}

  /// The App was registered or its webhook changed.
  ///
  /// @param zen one of GitHub's sayings; may be empty
  record Ping(String zen) implements WebhookEvent {}

  /// Nothing this App acts on.
  ///
  /// @param kind the event's name as sent
  /// @param action as sent; empty if there is none, or if it is not a plain word of at most 100
  ///   characters
  /// @param reason why there is nothing to do, for a log
  record Other(String kind, String action, String reason) implements WebhookEvent {}

  /// What happened to a pull request. What is not listed here arrives as [Other].
  enum Action {
    OPENED,
    REOPENED,
    READY_FOR_REVIEW,
    /// Its head moved.
    SYNCHRONIZE,
    /// Merged or not.
    CLOSED,
    /// Edited so that it has a new base.
    RETARGETED,
    /// Edited so that it has a new title, and the same base.
    RETITLED,
    LABELED,
    UNLABELED,
    CONVERTED_TO_DRAFT
  }

  /// Reads a payload whose signature was checked. A payload that lacks `installation` is [Other]:
  /// it was sent by a repository's own webhook, and an App can do nothing with it.
  ///
  /// @param eventHeader the value of `X-GitHub-Event`
  /// @param body the payload: JSON in UTF-8, nested at most 1,000 deep, no name twice in one object
  /// @throws GitHubException.Malformed if the header is no event's name, the body is not such JSON
  ///   or is larger than [#MAX_BODY_BYTES], or an event lacks what makes it one
  static WebhookEvent parse(String eventHeader, byte[] body) {
    return WebhookPayload.parse(
        requireNonNull(eventHeader, "eventHeader"), requireNonNull(body, "body"));
  }
}
