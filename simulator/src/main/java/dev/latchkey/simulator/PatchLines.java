package dev.latchkey.simulator;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which lines of a patch may carry a comment: RIGHT for added and context lines, LEFT for deleted
/// ones, a range within one hunk (GitHub, "Create a review for a pull request"). Driven by the
/// counts of the hunk headers, so that a content line which looks like a header is content.
final class PatchLines {
  private static final Pattern HEADER =
      Pattern.compile("@@ -(\\d{1,9})(?:,(\\d{1,9}))? \\+(\\d{1,9})(?:,(\\d{1,9}))? @@.*");

  /// The commentable lines of one hunk, by number.
  private record Hunk(BitSet right, BitSet left) {

    boolean has(String side, int line) {
      return line > 0 && (side.equals("LEFT") ? left : right).get(line);
    }
  }

  private final List<Hunk> hunks = new ArrayList<>();
  private int additions;
  private int deletions;

  private PatchLines() {}

  /// Reads a patch as the files API gives it.
  ///
  /// @throws IllegalArgumentException if a hunk ends before its counts are used up, or text stands
  ///   outside of hunks
  static PatchLines of(String patch) {
    if (patch.isEmpty()) {
      return new PatchLines();
    }
    var result = new PatchLines();
    var lines = patch.split("\n", -1);
    var at = 0;
    while (at < lines.length) {
      at = result.hunk(lines, at);
    }
    return result;
  }

  /// Where a run of hunks ends that begins at a line: the number of the first line after it.
  ///
  /// @throws IllegalArgumentException as [#of]
  static int end(String[] lines, int start) {
    var walked = new PatchLines();
    var at = start;
    while (at < lines.length && lines[at].startsWith("@@ -")) {
      at = walked.hunk(lines, at);
    }
    return at;
  }

  /// What a line of a patch says, with its sign; empty if it may not carry a comment.
  static Optional<String> text(String patch, String side, int line) {
    var lines = patch.split("\n", -1);
    var oldLine = 0;
    var newLine = 0;
    for (var text : lines) {
      var header = HEADER.matcher(text);
      var kind = text.isEmpty() ? ' ' : text.charAt(0);
      if (kind == '@' && header.matches()) {
        oldLine = Integer.parseInt(header.group(1)) - 1;
        newLine = Integer.parseInt(header.group(3)) - 1;
      } else {
        oldLine += kind == '-' || kind == ' ' ? 1 : 0;
        newLine += kind == '+' || kind == ' ' ? 1 : 0;
        var here =
            side.equals("LEFT")
                ? kind == '-' && oldLine == line
                : (kind == '+' || kind == ' ') && newLine == line;
        if (here) {
          return Optional.of(text);
        }
      }
    }
    return Optional.empty();
  }

  int additions() {
    return additions;
  }

  int deletions() {
    return deletions;
  }

  boolean commentable(String side, int line) {
    return hunks.stream().anyMatch(hunk -> hunk.has(side, line));
  }

  /// Whether both lines lie in one hunk.
  boolean commentable(String side, int first, int last) {
    return hunks.stream().anyMatch(hunk -> hunk.has(side, first) && hunk.has(side, last));
  }

  private int hunk(String[] lines, int start) {
    var header = HEADER.matcher(lines[start]);
    if (!header.matches()) {
      throw new IllegalArgumentException("line " + (start + 1) + " of the patch is in no hunk");
    }
    var oldLine = Integer.parseInt(header.group(1));
    var newLine = Integer.parseInt(header.group(3));
    var oldLeft = count(header.group(2));
    var newLeft = count(header.group(4));
    var hunk = new Hunk(new BitSet(), new BitSet());
    hunks.add(hunk);
    var at = start + 1;
    while (oldLeft > 0 || newLeft > 0) {
      if (at == lines.length) {
        throw new IllegalArgumentException("the hunk of line " + (start + 1) + " is cut off");
      }
      // Some tools strip the blank of an empty context line.
      var kind = lines[at].isEmpty() ? ' ' : lines[at].charAt(0);
      switch (kind) {
        case '+' -> {
          hunk.right().set(newLine++);
          newLeft--;
          additions++;
        }
        case '-' -> {
          hunk.left().set(oldLine++);
          oldLeft--;
          deletions++;
        }
        case ' ' -> {
          hunk.right().set(newLine++);
          oldLine++;
          oldLeft--;
          newLeft--;
        }
        case '\\' -> {}
        default -> throw new IllegalArgumentException("line " + (at + 1) + " is no line of a hunk");
      }
      at++;
    }
    return at < lines.length && lines[at].startsWith("\\") ? at + 1 : at;
  }

  private static int count(@Nullable String digits) {
    return digits == null ? 1 : Integer.parseInt(digits);
  }
}
