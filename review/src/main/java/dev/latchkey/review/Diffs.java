package dev.latchkey.review;

import java.util.List;

/// Reads diffs, from `git diff` and from GitHub. Both readers are driven by the counts in the hunk
/// headers, never by what a line looks like, and take linear time.
public final class Diffs {
  private Diffs() {}

  /// Reads what `git diff` prints, with its `a/` and `b/` prefixes, with mnemonic ones or with
  /// none. An empty text is an empty list.
  ///
  /// @throws DiffException if the text is not a diff, is damaged, or is of several commits or
  ///   parents
  public static List<FileDiff> parse(byte[] gitDiff) {
    if (gitDiff.length == 0) {
      return List.of();
    }
    throw new UnsupportedOperationException();
  }

  /// Reads one file as GitHub sends it. It never fails: what is missing, damaged, or not as long as
  /// announced makes the file partial, and [FileDiff#reason()] says why.
  public static FileDiff ofPatch(FilePatch file) {
    if (file.path().isEmpty()) {
      throw new IllegalArgumentException("a file has no path");
    }
    throw new UnsupportedOperationException();
  }
}
