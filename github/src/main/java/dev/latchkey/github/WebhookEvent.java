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

  /// Somebody wrote on a pull request.
  ///
  /// @param number the pull request
  /// @param inReplyTo the first comment of the thread it answers in; zero if none
  /// @param association how the author stands to the repository
  /// @param text how the comment begins: at most 1,000 characters of it
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

  /// Somebody asks for a check run, or a whole suite, again.
  ///
  /// @param appId the App whose check it is; zero if GitHub does not say
  /// @param externalId what the check run was created with; empty for a suite
  /// @param pullRequests those of the commit, at most 100; none for a fork
  record CheckEvent(
      RepositoryRef repository,
      long appId,
      String headSha,
      String externalId,
      List<Integer> pullRequests)
      implements WebhookEvent {
    public CheckEvent {
      pullRequests = List.copyOf(pullRequests);
    }
  }

  /// The App was installed, removed, or sees other repositories.
  ///
  /// @param action GitHub's word
  /// @param account whose repositories they are
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
    /// Edited so that it has a new base, and maybe a new title.
    RETARGETED,
    /// Edited so that it has a new title, and its old base.
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
  ///   or is larger than [#MAX_BODY_BYTES], or an event that is acted on lacks what makes it one
  static WebhookEvent parse(String eventHeader, byte[] body) {
    return WebhookPayload.parse(
        requireNonNull(eventHeader, "eventHeader"), requireNonNull(body, "body"));
  }
}
