package dev.latchkey.review;

import org.jspecify.annotations.Nullable;

/// A file as GitHub's "list pull request files" names it, to be read by [Diffs#ofPatch].
///
/// @param path GitHub's `filename`
/// @param previousPath GitHub's `previous_filename`, or null
/// @param status GitHub's word: added, removed, modified, renamed, copied, changed, unchanged
/// @param patch GitHub's `patch`, or null where it sends none: binary, too large, or no text
///   changed
public record FilePatch(
    String path,
    @Nullable String previousPath,
    String status,
    int additions,
    int deletions,
    @Nullable String patch) {
  /// A file without a patch and without a former path.
  public static FilePatch of(String path, String status, int additions, int deletions) {
    return new FilePatch(path, null, status, additions, deletions, null);
  }

  public FilePatch withPatch(String text) {
    return new FilePatch(path, previousPath, status, additions, deletions, text);
  }

  public FilePatch withPreviousPath(String former) {
    return new FilePatch(path, former, status, additions, deletions, patch);
  }
}
