package dev.latchkey.review;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one file of a git diff, from its `diff --git` line on.
final class FileReader {
  private static final String SUBMODULE = "160000";

  private final Lines lines;
  private final int firstLine;
  private FileDiff.Status status = FileDiff.Status.MODIFIED;
  private boolean submodule;
  private @Nullable String path;
  private @Nullable String previousPath;

  FileReader(Lines lines) {
    this.lines = lines;
    this.firstLine = lines.number();
  }

  FileDiff read() {
    path = FileNames.fromGitHeader(lines.header("diff --git ".length())).orElse(null);
    lines.advance();
    while (lines.more() && extendedHeader()) {
      lines.advance();
    }
    if (lines.starts("Binary files ")) {
      lines.advance();
      return file(List.of(), FileDiff.Completeness.BINARY, "binary");
    }
    if (lines.starts("GIT binary patch")) {
      skipBinaryPatch();
      return file(List.of(), FileDiff.Completeness.BINARY, "binary");
    }
    if (lines.starts("--- ")) {
      return text();
    }
    return file(List.of(), FileDiff.Completeness.NO_TEXT, "no line of it changed");
  }

  /// Reads a header line of git's own, if this is one.
  private boolean extendedHeader() {
    submodule |= modeOrIndex() && lines.header(0).endsWith(" " + SUBMODULE);
    if (lines.starts("new file mode ")) {
      status = FileDiff.Status.ADDED;
    } else if (lines.starts("deleted file mode ")) {
      status = FileDiff.Status.DELETED;
    } else if (lines.starts("rename from ") || lines.starts("copy from ")) {
      boolean rename = lines.starts("rename");
      status = rename ? FileDiff.Status.RENAMED : FileDiff.Status.COPIED;
      previousPath = named((rename ? "rename from " : "copy from ").length());
    } else if (lines.starts("rename to ") || lines.starts("copy to ")) {
      path = named((lines.starts("rename") ? "rename to " : "copy to ").length());
    } else {
      return modeOrIndex() || similarity();
    }
    return true;
  }

  private boolean modeOrIndex() {
    return lines.starts("index ")
        || lines.starts("old mode ")
        || lines.starts("new mode ")
        || lines.starts("new file mode ")
        || lines.starts("deleted file mode ");
  }

  private boolean similarity() {
    return lines.starts("similarity index ") || lines.starts("dissimilarity index ");
  }

  private String named(int skip) {
    return FileNames.plain(lines.header(skip)).orElseThrow(() -> unnamed(lines.number()));
  }

  private FileDiff text() {
    Optional<String> before = FileNames.marked(lines.header("--- ".length()));
    lines.advance();
    if (!lines.starts("+++ ")) {
      throw new DiffException("line " + lines.number() + ": no +++ line follows the --- line");
    }
    Optional<String> after = FileNames.marked(lines.header("+++ ".length()));
    checkNames(before, after);
    lines.advance();
    List<Hunk> hunks = new HunkReader(lines).readAll();
    if (hunks.isEmpty()) {
      throw new DiffException("line " + lines.number() + ": no hunk follows the +++ line");
    }
    return submodule
        ? file(List.of(), FileDiff.Completeness.SUBMODULE, "submodule")
        : file(hunks, FileDiff.Completeness.COMPLETE, "");
  }

  private void checkNames(Optional<String> before, Optional<String> after) {
    if (path == null) {
      throw unnamed(firstLine);
    }
    String present = path;
    String former = previousPath == null ? present : previousPath;
    if (!after.map(name -> FileNames.names(name, present)).orElse(true)
        || !before.map(name -> FileNames.names(name, former)).orElse(true)) {
      throw new DiffException(
          "line " + lines.number() + ": the file's headers name different files");
    }
  }

  /// `literal` or `delta`, a size, and lines of base 85 up to an empty one; once for each
  /// direction.
  private void skipBinaryPatch() {
    lines.advance();
    while (lines.starts("literal ") || lines.starts("delta ")) {
      while (lines.more() && !lines.header(0).isEmpty()) {
        lines.advance();
      }
      lines.advance();
    }
  }

  private FileDiff file(List<Hunk> hunks, FileDiff.Completeness completeness, String reason) {
    if (path == null) {
      throw unnamed(firstLine);
    }
    boolean moved = status == FileDiff.Status.RENAMED || status == FileDiff.Status.COPIED;
    return new FileDiff(path, moved ? previousPath : null, status, hunks, completeness, reason);
  }

  private static DiffException unnamed(int line) {
    return new DiffException(
        "line "
            + line
            + ": can't tell the file's name; make the diff with"
            + " git diff --src-prefix=a/ --dst-prefix=b/");
  }
}
