package dev.latchkey.review;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Reads the text `git diff` prints, file by file.
final class DiffReader {
  private final Lines lines;
  private final List<FileDiff> files = new ArrayList<>();
  private final Map<String, FileDiff.Status> seen = new HashMap<>();

  private DiffReader(byte[] text) {
    this.lines = new Lines(text);
  }

  static List<FileDiff> read(byte[] text) {
    if (startsWith(text, 0xFF, 0xFE) || startsWith(text, 0xFE, 0xFF)) {
      throw new DiffException("the diff is in UTF-16: write it as git does, without a conversion");
    }
    boolean marked = startsWith(text, 0xEF, 0xBB, 0xBF);
    return new DiffReader(marked ? new Bytes(text, 3, text.length).toArray() : text).readAll();
  }

  private static boolean startsWith(byte[] text, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (i >= text.length || (text[i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private List<FileDiff> readAll() {
    boolean blank = skipToFile();
    if (!lines.more()) {
      if (blank) {
        return List.of();
      }
      throw new DiffException(
          "this is not a diff: no line begins with \"diff --git\"; make one with"
              + " git diff --no-color A...B");
    }
    while (lines.more()) {
      FileDiff file = new FileReader(lines).read();
      checkOnce(file);
      files.add(file);
      skipBetweenFiles();
    }
    return List.copyOf(files);
  }

  /// Skips what stands above the first file, such as a commit's message. Says whether that was
  /// blank.
  private boolean skipToFile() {
    boolean blank = true;
    while (lines.more() && !lines.starts("diff --git ")) {
      refuseCombined();
      blank &= lines.header(0).isBlank();
      lines.advance();
    }
    return blank;
  }

  private void refuseCombined() {
    if (lines.starts("diff --cc ") || lines.starts("diff --combined ")) {
      throw HunkReader.combined();
    }
  }

  /// After a file only another may follow, or blank lines, or the end of a mail: a hunk whose
  /// header counts too few lines must not lose the others unseen.
  private void skipBetweenFiles() {
    while (lines.more() && !lines.starts("diff --git ")) {
      refuseCombined();
      if (lines.starts("-- ") && lines.header(0).equals("-- ")) {
        skipSignature();
        return;
      }
      if (!lines.header(0).isEmpty()) {
        throw damaged();
      }
      lines.advance();
    }
  }

  /// Skips the end of a mail. What goes on like a hunk is none: its first line was a deleted one.
  private void skipSignature() {
    lines.advance();
    if (lines.more() && Stream.of("+", "-", " ", "@@ ", "\\ ").anyMatch(lines::starts)) {
      throw damaged();
    }
    skipToFile();
  }

  private DiffException damaged() {
    return new DiffException(
        "line "
            + lines.number()
            + ": neither a hunk nor a file's header; the diff is damaged, or is more than what"
            + " git diff A...B prints");
  }

  /// A path comes once, or twice where a file gave way to another of a different type.
  private void checkOnce(FileDiff file) {
    FileDiff.Status before = seen.put(file.path(), file.status());
    boolean replaced = before == FileDiff.Status.DELETED && file.status() == FileDiff.Status.ADDED;
    if (before != null && !replaced) {
      throw new DiffException(
          "line "
              + lines.number()
              + ": a file comes a second time; give one difference, git diff A...B, not the"
              + " differences of several commits");
    }
  }
}
