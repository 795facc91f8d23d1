package dev.latchkey.kv;

import org.jspecify.annotations.Nullable;

/// A [KeyRange] as a first key and the key at which it ends.
///
/// @param inclusive whether the first key belongs to it
/// @param end the first key beyond it, or null if there can't be one
record Bounds(String first, boolean inclusive, @Nullable String end) {

  static Bounds of(KeyRange range) {
    String prefix = range.prefix();
    String after = range.after();
    boolean isAfter = compare(after, prefix) >= 0 && !after.isEmpty();
    return new Bounds(isAfter ? after : prefix, !isAfter, endOf(prefix));
  }

  /// Returns the arguments of a statement on the range: its bounds, then those given.
  @Nullable Object[] arguments(Object... rest) {
    int bounds = end == null ? 1 : 2;
    @Nullable Object[] all = new @Nullable Object[bounds + rest.length];
    all[0] = first;
    all[bounds - 1] = end == null ? first : end;
    System.arraycopy(rest, 0, all, bounds, rest.length);
    return all;
  }

  /// Returns the least text that is greater than every text with the prefix, in the order of UTF-8
  /// bytes, which is that of code points.
  private static @Nullable String endOf(String prefix) {
    int length = prefix.length();
    while (length > 0) {
      int last = prefix.codePointBefore(length);
      length -= Character.charCount(last);
      if (last < Character.MAX_CODE_POINT) {
        // Surrogates are no code points of their own.
        int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
        return prefix.substring(0, length) + Character.toString(next);
      }
    }
    return null;
  }

  /// Compares as SQLite does. [String#compareTo] differs where there are surrogates.
  static int compare(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean surrogates = Character.isSurrogate(a) && Character.isSurrogate(b);
        if (!surrogates && (Character.isSurrogate(a) || Character.isSurrogate(b))) {
          return Character.isSurrogate(a) ? 1 : -1;
        }
        return Character.compare(a, b);
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
