package dev.latchkey.review;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Reads diffs, from `git diff` and from GitHub. Both readers are driven by the counts in the hunk
/// headers, never by what a line looks like, and take linear time.
public final class Diffs {
  private Diffs() {}

  /// Reads what `git diff` prints, with its `a/` and `b/` prefixes, with mnemonic ones or with
  /// none. An empty text is an empty list. The lines share the array, which must not change
  /// afterwards.
  ///
  /// @throws DiffException if the text is not a diff, is damaged, or is of several commits or
  ///   parents
  public static List<FileDiff> parse(byte[] gitDiff) {
    return DiffReader.read(gitDiff);
  }

  /// Reads one file as GitHub sends it. It never fails: what is missing, damaged, or not as long as
  /// announced makes the file partial, and [FileDiff#reason()] says why.
  public static FileDiff ofPatch(FilePatch file) {
    FileDiff empty =
        new FileDiff(
            file.path(),
            file.previousPath(),
            status(file.status()),
            List.of(),
            FileDiff.Completeness.NO_TEXT,
            "no line of it changed, or it is binary");
    if (file.patch() == null || file.patch().isEmpty()) {
      return file.additions() == 0 && file.deletions() == 0
          ? empty
          : partial(empty, "GitHub sent no patch for it: too large, or binary");
    }
    try {
      return ofText(empty, file, file.patch());
    } catch (DiffException e) {
      return partial(empty, "its patch is damaged, " + e.getMessage());
    }
  }

  private static FileDiff ofText(FileDiff empty, FilePatch file, String patch) {
    Lines lines = new Lines(patch.getBytes(StandardCharsets.UTF_8));
    List<Hunk> hunks = new HunkReader(lines).readAll();
    if (lines.more()) {
      return partial(empty, "its patch is damaged, line " + lines.number() + " is no hunk");
    }
    FileDiff whole =
        new FileDiff(
            file.path(),
            file.previousPath(),
            empty.status(),
            hunks,
            FileDiff.Completeness.COMPLETE,
            "");
    if (whole.additions() != file.additions() || whole.deletions() != file.deletions()) {
      return partial(
          empty,
          "its patch has +%d -%d, GitHub announced +%d -%d"
              .formatted(whole.additions(), whole.deletions(), file.additions(), file.deletions()));
    }
    return whole;
  }

  private static FileDiff partial(FileDiff file, String reason) {
    return new FileDiff(
        file.path(),
        file.previousPath(),
        file.status(),
        List.of(),
        FileDiff.Completeness.PARTIAL,
        reason);
  }

  private static FileDiff.Status status(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "added" -> FileDiff.Status.ADDED;
      case "removed" -> FileDiff.Status.DELETED;
      case "renamed" -> FileDiff.Status.RENAMED;
      case "copied" -> FileDiff.Status.COPIED;
      default -> FileDiff.Status.MODIFIED;
    };
  }
}
