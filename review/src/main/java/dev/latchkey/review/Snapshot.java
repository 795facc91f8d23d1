package dev.latchkey.review;

import java.util.List;

/// A pull request as it stood at one moment; everything a review reads.
///
/// @param repository `owner/name`, or a name of the caller's own for a local diff
/// @param number the pull request's number, 0 for a local diff
/// @param body the description; like the title, written by anybody and trusted in nothing
public record Snapshot(
    String repository,
    int number,
    String headSha,
    String baseSha,
    String title,
    String body,
    String author,
    List<FileDiff> files) {
  public Snapshot {
    files = List.copyOf(files);
  }

  /// A diff without a pull request.
  public static Snapshot ofDiff(String repository, List<FileDiff> files) {
    return new Snapshot(repository, 0, "", "", "", "", "", files);
  }
}
