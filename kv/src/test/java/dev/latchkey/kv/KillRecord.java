package dev.latchkey.kv;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// What children have said that they tried and did, as their parent has read it. The end of a
/// child's output may be a part of a line, which says nothing.
final class KillRecord {

  private final Map<String, Set<String>> tried = new HashMap<>();
  private final Map<String, Set<String>> done = new HashMap<>();

  /// Returns the line without its end, or the empty string if it has none.
  static String whole(String line) {
    return line.endsWith(" .") ? line.substring(0, line.length() - " .".length()) : "";
  }

  /// Takes note of a line.
  ///
  /// @return whether it acknowledges a write
  boolean note(String line) {
    String[] words = line.split(" ", 3);
    if (words.length == 3 && words[0].equals("try")) {
      add(tried, words[1], words[2]);
    } else if (words.length == 3 && words[0].equals("ok")) {
      add(done, words[1], words[2]);
      return true;
    }
    return false;
  }

  private static void add(Map<String, Set<String>> all, String what, String name) {
    all.computeIfAbsent(what, key -> new LinkedHashSet<>()).add(name);
  }

  /// Returns the names of what was tried, the earliest first.
  Set<String> tried(String what) {
    return tried.getOrDefault(what, Set.of());
  }

  /// Returns the names of what was reported as done, the earliest first.
  Set<String> done(String what) {
    return done.getOrDefault(what, Set.of());
  }
}
