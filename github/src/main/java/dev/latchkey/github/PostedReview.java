package dev.latchkey.github;

import java.time.Instant;
import java.util.Optional;

/// A review as GitHub has it, submitted or still pending.
///
/// @param id within GitHub
/// @param author who wrote it
/// @param body Markdown; empty if there is none
/// @param commitId the commit GitHub shows it at, which a force-push moves: it does not tell what
///   was reviewed; empty if that commit is gone
/// @param submittedAt absent while it is pending
/// @param nodeId its name in GraphQL; empty if GitHub does not say
public record PostedReview(
    long id,
    Account author,
    State state,
    String body,
    String commitId,
    Optional<Instant> submittedAt,
    String nodeId) {

  /// What has become of it.
  public enum State {
    PENDING,
    COMMENTED,
    APPROVED,
    CHANGES_REQUESTED,
    DISMISSED
  }
}
