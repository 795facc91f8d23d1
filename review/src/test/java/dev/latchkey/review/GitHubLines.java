package dev.latchkey.review;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where GitHub takes a comment: a second opinion, from the diff's text alone. On the right stand
/// added and unchanged lines, on the left deleted ones; a range lies in one hunk, on one side, and
/// starts before it ends.
final class GitHubLines {
  private static final Pattern HUNK =
      Pattern.compile("@@ -\\d+(?:,(\\d+))? \\+\\d+(?:,(\\d+))? @@.*", Pattern.DOTALL);
  private static final Pattern START =
      Pattern.compile("@@ -(\\d+)[^+]*\\+(\\d+).*", Pattern.DOTALL);

  private record HunkLines(Map<Integer, String> left, Map<Integer, String> right) {
    Map<Integer, String> on(Side side) {
      return side == Side.LEFT ? left : right;
    }
  }

  /// By path, a character for each byte. A file which gave way to one of another type is there with
  /// the hunks of both.
  private final Map<String, List<HunkLines>> files = new HashMap<>();

  GitHubLines(byte[] diff) {
    List<String> lines = List.of(new String(diff, StandardCharsets.ISO_8859_1).split("\n", -1));
    String before = "";
    String path = "";
    int at = 0;
    while (at < lines.size()) {
      String line = lines.get(at);
      if (line.startsWith("--- ")) {
        before = name(line.substring(4));
      } else if (line.startsWith("+++ ")) {
        String after = name(line.substring(4));
        path = (after.equals("/dev/null") ? before : after).substring(2);
      } else if (line.startsWith("@@ ")) {
        at = hunk(lines, at, files.computeIfAbsent(path, key -> new ArrayList<>()));
        continue;
      }
      at++;
    }
  }

  /// Reads as many lines as the header counts, and returns the index of the first behind them.
  private static int hunk(List<String> lines, int header, List<HunkLines> into) {
    int oldRest = count(lines.get(header), 1);
    int newRest = count(lines.get(header), 2);
    Matcher start = START.matcher(lines.get(header));
    if (!start.matches()) {
      throw new IllegalArgumentException(lines.get(header));
    }
    int oldNumber = Integer.parseInt(start.group(1));
    int newNumber = Integer.parseInt(start.group(2));
    HunkLines hunk = new HunkLines(new HashMap<>(), new HashMap<>());
    into.add(hunk);
    int at = header + 1;
    while (oldRest > 0 || newRest > 0) {
      String line = lines.get(at++);
      char mark = line.isEmpty() ? ' ' : line.charAt(0);
      String text = line.isEmpty() ? "" : line.substring(1);
      if (mark == '-') {
        hunk.left().put(oldNumber++, text);
        oldRest--;
      } else if (mark == '+') {
        hunk.right().put(newNumber++, text);
        newRest--;
      } else if (mark == ' ') {
        hunk.right().put(newNumber++, text);
        oldNumber++;
        oldRest--;
        newRest--;
      }
    }
    return at;
  }

  private static int count(String header, int group) {
    Matcher counts = HUNK.matcher(header);
    if (!counts.matches()) {
      throw new IllegalArgumentException(header);
    }
    return counts.group(group) == null ? 1 : Integer.parseInt(counts.group(group));
  }

  /// A name as git writes it: in quotes if it has odd bytes, with a tab behind if it has a blank.
  private static String name(String written) {
    if (!written.startsWith("\"")) {
      return written.endsWith("\t") ? written.substring(0, written.length() - 1) : written;
    }
    String inner = written.substring(1, written.lastIndexOf('"'));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      if (c != '\\') {
        bytes.write(c);
      } else if (Character.isDigit(inner.charAt(i + 1))) {
        bytes.write(Integer.parseInt(inner.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        char escape = inner.charAt(++i);
        int known = "abtnvfr".indexOf(escape);
        bytes.write(known < 0 ? escape : 7 + known);
      }
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /// Whether GitHub takes a comment there; `start` is 0 for a single line.
  boolean takes(String path, Side side, int start, int line) {
    return files.getOrDefault(path, List.of()).stream()
        .map(hunk -> hunk.on(side))
        .anyMatch(hunk ->
            hunk.containsKey(line) && (start == 0 || (start < line && hunk.containsKey(start))));
  }

  /// What stands there, a character for each byte.
  Optional<String> text(String path, Side side, int line) {
    return files.getOrDefault(path, List.of()).stream()
        .flatMap(hunk -> Optional.ofNullable(hunk.on(side).get(line)).stream())
        .findFirst();
  }
}
