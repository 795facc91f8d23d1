package dev.latchkey.github;

import java.time.Instant;
import java.util.List;

/// A pull request as it is now.
///
/// @param number within its repository
/// @param draft not ready to be reviewed
/// @param merged closed by merging; false in a list, where GitHub does not say
/// @param title in one line
/// @param body Markdown; empty if there is none
/// @param author who opened it
/// @param headSha the commit that would be merged
/// @param headRepositoryId differs from the repository's own id for a fork; zero if that is gone
/// @param baseRef the branch it would be merged into
/// @param baseSha that branch's commit; the files' patches are against the merge base instead
/// @param changedFiles how many files it changes; [GitHub#files] lists at most 3,000; zero in a
///   list
/// @param labels their names
/// @param association how the author stands to the repository
/// @param updatedAt the epoch if GitHub does not say
public record PullRequest(
    int number,
    State state,
    boolean draft,
    boolean merged,
    String title,
    String body,
    Account author,
    String headSha,
    long headRepositoryId,
    String baseRef,
    String baseSha,
    int changedFiles,
    List<String> labels,
    Association association,
    Instant updatedAt) {
  public PullRequest {
    labels = List.copyOf(labels);
  }

  /// Whether it can still be merged.
  public enum State {
    OPEN,
    CLOSED
  }
}
