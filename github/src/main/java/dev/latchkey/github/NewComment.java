package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

/// An inline comment to be.
///
/// @param path the file's path in the head; the old path for a removed file
/// @param lines where it stands
/// @param body Markdown, at most 65,536 characters
public record NewComment(String path, LineRange lines, String body) {
  /// Checks what it is made of.
  ///
  /// @throws IllegalArgumentException if the path or body is empty or the body longer than GitHub
  ///   takes
  public NewComment {
    requireNonNull(path, "path");
    requireNonNull(lines, "lines");
    NewReview.requireBody("comment", body);
    if (path.isEmpty() || body.isBlank()) {
      throw new IllegalArgumentException("a comment needs a path and a body");
    }
  }
}
