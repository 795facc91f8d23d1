package dev.latchkey.review;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a diff says of one file.
///
/// @param path the file's path after the change, or before it if it was deleted; bytes that are not
///   UTF-8 are kept as [Bytes#text()] keeps them
/// @param previousPath the path before a rename or copy, else null
/// @param hunks ordered and not overlapping; empty where [Completeness] says there is no text
/// @param reason why the diff is not complete, for a person; empty where it is
public record FileDiff(
    String path,
    @Nullable String previousPath,
    Status status,
    List<Hunk> hunks,
    Completeness completeness,
    String reason) {
  /// What the change did to the file.
  public enum Status {
    ADDED,
    DELETED,
    MODIFIED,
    RENAMED,
    COPIED
  }

  /// Whether the changed lines are here, and if not, why.
  public enum Completeness {
    /// Every changed line is here.
    COMPLETE,
    /// The change has no lines: an empty file, a mode, a rename without a change.
    NO_TEXT,
    /// Not text.
    BINARY,
    /// Only a commit of another repository.
    SUBMODULE,
    /// The source sent no lines, not all, or not the number it announced.
    PARTIAL
  }

  public FileDiff {
    hunks = List.copyOf(hunks);
  }

  /// The path before a rename or copy.
  public Optional<String> oldPath() {
    return Optional.ofNullable(previousPath);
  }

  /// The number of added lines.
  public int additions() {
    return count(DiffLine.Kind.ADDED);
  }

  /// The number of deleted lines.
  public int deletions() {
    return count(DiffLine.Kind.DELETED);
  }

  private int count(DiffLine.Kind kind) {
    int count = 0;
    for (Hunk hunk : hunks) {
      for (DiffLine line : hunk.lines()) {
        count += line.kind() == kind ? 1 : 0;
      }
    }
    return count;
  }

  FileDiff withHunks(List<Hunk> some) {
    return new FileDiff(path, previousPath, status, some, completeness, reason);
  }
}
