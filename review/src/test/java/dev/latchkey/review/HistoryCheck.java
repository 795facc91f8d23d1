package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testkit.GitRepository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.patch.Patch;

/// Compares what the parser says of a change with the blobs before and after it, with `git diff
/// --numstat`, and with JGit.
final class HistoryCheck {
  private final GitRepository repository;
  int diffs;
  int files;
  long lines;

  HistoryCheck(GitRepository repository) {
    this.repository = repository;
  }

  void check(GitRepository.Change change, String... options) throws IOException {
    byte[] text = repository.diff(change, options);
    List<FileDiff> parsed = Diffs.parse(text);
    compareWithNumstat(change, parsed);
    compareWithJGit(text, parsed);
    for (FileDiff file : parsed) {
      if (file.completeness() == FileDiff.Completeness.COMPLETE) {
        compareWithBlobs(change, file);
      }
      files++;
    }
    diffs++;
  }

  private void compareWithBlobs(GitRepository.Change change, FileDiff file) throws IOException {
    String newPath = raw(file.path());
    String oldPath = raw(file.oldPath().orElse(file.path()));
    boolean added = file.status() == FileDiff.Status.ADDED;
    boolean deleted = file.status() == FileDiff.Status.DELETED;
    List<Bytes> before =
        added ? List.of() : split(repository.blob(change.before(), oldPath).orElseThrow());
    List<Bytes> after =
        deleted ? List.of() : split(repository.blob(change.after(), newPath).orElseThrow());
    for (Hunk hunk : file.hunks()) {
      for (DiffLine line : hunk.lines()) {
        Bytes whole = terminated(line);
        if (line.kind() != DiffLine.Kind.ADDED) {
          assertThat(whole).isEqualTo(before.get(line.oldNumber() - 1));
        }
        if (line.kind() != DiffLine.Kind.DELETED) {
          assertThat(whole).isEqualTo(after.get(line.newNumber() - 1));
        }
        lines++;
      }
    }
    assertThat(applied(before, file.hunks())).isEqualTo(after);
  }

  /// The old lines with the hunks applied: nothing may be missing, not only nothing wrong.
  private static List<Bytes> applied(List<Bytes> before, List<Hunk> hunks) {
    List<Bytes> result = new ArrayList<>();
    int at = 0;
    for (Hunk hunk : hunks) {
      int start = hunk.oldCount() == 0 ? hunk.oldStart() : hunk.oldStart() - 1;
      result.addAll(before.subList(at, start));
      at = start + hunk.oldCount();
      hunk.lines().stream()
          .filter(line -> line.kind() != DiffLine.Kind.DELETED)
          .forEach(line -> result.add(terminated(line)));
    }
    result.addAll(before.subList(at, before.size()));
    return result;
  }

  private static Bytes terminated(DiffLine line) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(line.bytes().toArray());
    if (line.terminated()) {
      whole.write('\n');
    }
    return Bytes.of(whole.toByteArray());
  }

  private static List<Bytes> split(byte[] blob) {
    List<Bytes> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < blob.length; i++) {
      if (blob[i] == '\n') {
        lines.add(new Bytes(blob, start, i + 1));
        start = i + 1;
      }
    }
    if (start < blob.length) {
      lines.add(new Bytes(blob, start, blob.length));
    }
    return lines;
  }

  /// git counts a file that gave way to one of another type as one entry, where its diff has two.
  private void compareWithNumstat(GitRepository.Change change, List<FileDiff> parsed)
      throws IOException {
    Map<String, String> expected =
        numstat(
            repository.text(
                "diff",
                "--numstat",
                "-z",
                "--find-renames",
                "--find-copies",
                change.before(),
                change.after()));
    Map<String, String> actual = new HashMap<>();
    for (FileDiff file : parsed) {
      boolean renamedBinary =
          file.completeness() == FileDiff.Completeness.NO_TEXT
              && "-\t-".equals(expected.get(raw(file.path())));
      String counts = renamedBinary ? "-\t-" : counted(file);
      actual.merge(raw(file.path()), counts, HistoryCheck::sum);
    }
    parsed.stream()
        .filter(file -> file.completeness() == FileDiff.Completeness.SUBMODULE)
        .map(file -> raw(file.path()))
        .forEach(path -> {
          actual.remove(path);
          expected.remove(path);
        });
    assertThat(actual).isEqualTo(expected);
  }

  private static String counted(FileDiff file) {
    return file.completeness() == FileDiff.Completeness.BINARY
        ? "-\t-"
        : file.additions() + "\t" + file.deletions();
  }

  private static String sum(String one, String other) {
    if (one.equals("-\t-") || other.equals("-\t-")) {
      return "-\t-";
    }
    List<String> a = List.of(one.split("\t", -1));
    List<String> b = List.of(other.split("\t", -1));
    return (Integer.parseInt(a.get(0)) + Integer.parseInt(b.get(0)))
        + "\t"
        + (Integer.parseInt(a.get(1)) + Integer.parseInt(b.get(1)));
  }

  private static Map<String, String> numstat(String output) {
    Map<String, String> entries = new HashMap<>();
    List<String> fields = List.of(output.split("\0", -1));
    for (int i = 0; i < fields.size() - 1; i++) {
      String entry = fields.get(i);
      int second = entry.indexOf('\t', entry.indexOf('\t') + 1);
      String path = entry.substring(second + 1);
      if (path.isEmpty()) {
        path = fields.get(i + 2);
        i += 2;
      }
      entries.put(path, entry.substring(0, second));
    }
    return entries;
  }

  /// JGit reads names its own way, so only hunks are compared, by their order in the text.
  private static void compareWithJGit(byte[] text, List<FileDiff> parsed) {
    Patch patch = new Patch();
    patch.parse(text, 0, text.length);
    List<String> theirs = new ArrayList<>();
    patch
        .getFiles()
        .forEach(file ->
            file.getHunks()
                .forEach(hunk ->
                    theirs.add(
                        hunk.getOldImage().getStartLine()
                            + ","
                            + hunk.getOldImage().getLineCount()
                            + " "
                            + hunk.getNewStartLine()
                            + ","
                            + hunk.getNewLineCount())));
    List<String> ours = new ArrayList<>();
    for (FileDiff file : parsed) {
      for (Hunk hunk : file.hunks()) {
        ours.add(
            hunk.oldStart()
                + ","
                + hunk.oldCount()
                + " "
                + hunk.newStart()
                + ","
                + hunk.newCount());
      }
    }
    Map<String, Integer> missing = new HashMap<>();
    ours.forEach(hunk -> missing.merge(hunk, 1, Integer::sum));
    theirs.forEach(hunk -> missing.merge(hunk, -1, Integer::sum));
    assertThat(missing.values()).allMatch(count -> count <= 0);
  }

  /// A path as a character for each byte.
  static String raw(String path) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    path.codePoints()
        .forEach(c -> {
          if (c >= 0xDC80 && c <= 0xDCFF) {
            bytes.write(c - 0xDC00);
          } else {
            bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
          }
        });
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }
}
