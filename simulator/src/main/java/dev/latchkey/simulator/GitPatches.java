package dev.latchkey.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The output of `git diff-tree -p`, taken apart by file. Hunks are walked by their counts, so that
/// a content line `diff --git` begins no file.
final class GitPatches {

  /// A file's part of the output.
  ///
  /// @param header the lines before the first hunk
  /// @param patch from the first `@@` on; null if the part has no hunk
  record Section(List<String> header, @Nullable String patch) {}

  private GitPatches() {}

  /// @throws IllegalArgumentException if a hunk is cut off or text stands outside of all files
  static List<Section> sections(String output) {
    // What stands after the last line break is no line.
    var whole = output.endsWith("\n") ? output.substring(0, output.length() - 1) : output;
    var lines = whole.isEmpty() ? new String[0] : whole.split("\n", -1);
    var sections = new ArrayList<Section>();
    var at = 0;
    while (at < lines.length) {
      if (!lines[at].startsWith("diff --git ")) {
        throw new IllegalArgumentException("line " + (at + 1) + " belongs to no file");
      }
      var start = at++;
      while (at < lines.length && headerGoesOn(lines[at])) {
        at++;
      }
      var end = PatchLines.end(lines, at);
      var patch = end == at ? null : String.join("\n", Arrays.copyOfRange(lines, at, end));
      sections.add(new Section(List.of(Arrays.copyOfRange(lines, start, at)), patch));
      at = end;
    }
    return sections;
  }

  private static boolean headerGoesOn(String line) {
    return !line.startsWith("@@ -") && !line.startsWith("diff --git ");
  }
}
