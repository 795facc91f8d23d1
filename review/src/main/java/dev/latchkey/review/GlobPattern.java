package dev.latchkey.review;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// One pattern of [Globs]. Its work is the product of the lengths of pattern and path, whatever the
/// two are, for the path is anybody's.
///
/// @param folder whether only what is below counts
record GlobPattern(List<Part> parts, boolean folder) {
  /// What a part of a pattern stands for.
  private enum Kind {
    ONE,
    ONE_OF_ANY_NAME,
    SOME_OF_ANY_NAME,
    ANYTHING,
    /// Any folders, none included.
    FOLDERS
  }

  /// @param c the character, for [Kind#ONE]
  private record Part(Kind kind, int c) {}

  static GlobPattern of(String glob) {
    boolean root = glob.startsWith("/");
    boolean folder = glob.endsWith("/") && glob.length() > 1;
    String body = glob.substring(root ? 1 : 0, glob.length() - (folder ? 1 : 0));
    List<Part> parts = new ArrayList<>();
    if (!root && body.indexOf('/') < 0) {
      parts.add(new Part(Kind.FOLDERS, 0));
    }
    int at = 0;
    while (at < body.length()) {
      int c = body.codePointAt(at);
      if (body.startsWith("**/", at)) {
        parts.add(new Part(Kind.FOLDERS, 0));
        at += 3;
      } else if (body.startsWith("**", at)) {
        parts.add(new Part(Kind.ANYTHING, 0));
        at += 2;
      } else {
        Kind kind = c == '*' ? Kind.SOME_OF_ANY_NAME : c == '?' ? Kind.ONE_OF_ANY_NAME : Kind.ONE;
        parts.add(new Part(kind, c));
        at += Character.charCount(c);
      }
    }
    return new GlobPattern(List.copyOf(parts), folder);
  }

  /// Whether the path, or a folder above it, matches.
  boolean matches(String path) {
    // Where in the pattern one can be: before a part, or, one bit on, within folders.
    BitSet states = new BitSet();
    enter(states, 0);
    int at = 0;
    while (at < path.length() && !states.isEmpty()) {
      int c = path.codePointAt(at);
      at += Character.charCount(c);
      if (c == '/' && states.get(2 * parts.size())) {
        return true;
      }
      states = after(states, c);
    }
    return at >= path.length() && !folder && states.get(2 * parts.size());
  }

  /// Notes that one is before a part, and so before those behind it that may stand for nothing.
  private void enter(BitSet states, int part) {
    int at = part;
    states.set(2 * at);
    while (at < parts.size() && mayBeNothing(parts.get(at).kind())) {
      at++;
      states.set(2 * at);
    }
  }

  private static boolean mayBeNothing(Kind kind) {
    return switch (kind) {
      case ONE, ONE_OF_ANY_NAME -> false;
      case SOME_OF_ANY_NAME, ANYTHING, FOLDERS -> true;
    };
  }

  private BitSet after(BitSet states, int c) {
    BitSet next = new BitSet();
    for (int state = states.nextSetBit(0); state >= 0; state = states.nextSetBit(state + 1)) {
      int at = state / 2;
      if (at == parts.size()) {
        continue;
      }
      Part part = parts.get(at);
      switch (part.kind()) {
        case ONE -> enterIf(part.c() == c, next, at + 1);
        case ONE_OF_ANY_NAME -> enterIf(c != '/', next, at + 1);
        case SOME_OF_ANY_NAME -> enterIf(c != '/', next, at);
        case ANYTHING -> enter(next, at);
        case FOLDERS -> {
          next.set(2 * at + 1);
          enterIf(c == '/', next, at + 1);
        }
      }
    }
    return next;
  }

  private void enterIf(boolean fits, BitSet states, int part) {
    if (fits) {
      enter(states, part);
    }
  }
}
