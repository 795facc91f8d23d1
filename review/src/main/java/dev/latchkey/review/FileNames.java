package dev.latchkey.review;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The paths in a git diff's headers. Headers come in as a character for each byte, and paths leave
/// as [Bytes#text()] gives them.
final class FileNames {
  /// The pairs of prefixes git writes: the usual one, its reverse, and those of
  /// diff.mnemonicPrefix.
  private static final String[] PREFIXES = {
    "ab", "ba", "iw", "ci", "cw", "ow", "wi", "ic", "wc", "12"
  };

  private FileNames() {}

  /// The path in `diff --git a/x b/x`, or nothing if the two differ, which they do only for renames
  /// and copies, whose paths stand in headers of their own. Since both are the same, blanks in them
  /// leave only one place for the blank between them.
  static Optional<String> fromGitHeader(String names) {
    if (names.startsWith("\"")) {
      int end = closingQuote(names, 0);
      if (end < 0 || !names.startsWith(" \"", end + 1)) {
        return Optional.empty();
      }
      return same(unquote(names.substring(0, end + 1)), unquote(names.substring(end + 2)));
    }
    int middle = names.length() / 2;
    if (names.length() % 2 == 0 || names.charAt(middle) != ' ') {
      return Optional.empty();
    }
    return same(names.substring(0, middle), names.substring(middle + 1));
  }

  private static Optional<String> same(@Nullable String before, @Nullable String after) {
    if (before == null || after == null) {
      return Optional.empty();
    }
    if (before.equals(after)) {
      return Optional.of(path(before));
    }
    if (prefixed(before) && prefixed(after) && before.substring(2).equals(after.substring(2))) {
      for (String pair : PREFIXES) {
        if (pair.charAt(0) == before.charAt(0) && pair.charAt(1) == after.charAt(0)) {
          return Optional.of(path(before.substring(2)));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean prefixed(String name) {
    return name.length() > 2 && name.charAt(1) == '/';
  }

  /// The path after `rename from` and the like, which have no prefix; nothing if it is not one.
  static Optional<String> plain(String name) {
    String bytes = name.startsWith("\"") ? unquote(name) : name;
    return bytes == null || bytes.isEmpty() ? Optional.empty() : Optional.of(path(bytes));
  }

  /// The path after `---` or `+++`, with its prefix if it has one; nothing for `/dev/null`. git
  /// ends one that holds a blank with a tab.
  static Optional<String> marked(String name) {
    String whole = name.endsWith("\t") ? name.substring(0, name.length() - 1) : name;
    return whole.equals("/dev/null") ? Optional.empty() : plain(whole);
  }

  /// Whether a path as [#marked] gives it is `path`, with or without a prefix.
  static boolean names(String marked, String path) {
    return marked.equals(path) || (prefixed(marked) && marked.substring(2).equals(path));
  }

  private static String path(String bytes) {
    byte[] array = bytes.getBytes(StandardCharsets.ISO_8859_1);
    return Bytes.decode(array, 0, array.length);
  }

  private static int closingQuote(String text, int open) {
    for (int at = open + 1; at < text.length(); at++) {
      if (text.charAt(at) == '\\') {
        at++;
      } else if (text.charAt(at) == '"') {
        return at;
      }
    }
    return -1;
  }

  /// Undoes git's C-style quoting; null if it is not that.
  private static @Nullable String unquote(String quoted) {
    int end = quoted.startsWith("\"") ? closingQuote(quoted, 0) : -1;
    if (end != quoted.length() - 1) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(quoted.length());
    for (int at = 1; at < end; at++) {
      char c = quoted.charAt(at);
      if (c != '\\') {
        bytes.write(c);
        continue;
      }
      char escaped = quoted.charAt(++at);
      int simple = "abtnvfr\"\\".indexOf(escaped);
      if (simple >= 0) {
        bytes.write("\u0007\b\t\n\u000B\f\r\"\\".charAt(simple));
      } else if (at + 2 < end && octal(quoted, at)) {
        bytes.write(Integer.parseInt(quoted.substring(at, at + 3), 8));
        at += 2;
      } else {
        return null;
      }
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private static boolean octal(String text, int at) {
    for (int i = at; i < at + 3; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '7') {
        return false;
      }
    }
    return text.charAt(at) <= '3';
  }
}
