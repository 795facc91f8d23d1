package dev.latchkey.github;

import java.util.Optional;

/// One file of a pull request's changes.
///
/// @param filename its path; the new one for a renamed file
/// @param previousFilename the old path of a renamed or copied file
/// @param additions lines added
/// @param deletions lines removed
/// @param patch the hunks, without a header, against the merge base; absent for a binary file, a
///   file too large, or one only renamed
public record PullFile(
    String filename,
    Optional<String> previousFilename,
    Status status,
    int additions,
    int deletions,
    Optional<String> patch) {

  /// What was done to it.
  public enum Status {
    ADDED,
    REMOVED,
    MODIFIED,
    RENAMED,
    COPIED,
    /// Something other than the content, such as the mode.
    CHANGED,
    UNCHANGED
  }
}
