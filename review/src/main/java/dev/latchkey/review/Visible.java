package dev.latchkey.review;

/// Makes text show what is in it. Control characters, line separators, bidirectional controls,
/// zero-width and other invisible characters become a backslash and `u{…}` with their code point,
/// and bytes that were no UTF-8 `\x..`, so that no content can forge a line of a prompt or a
/// terminal.
public final class Visible {
  /// A line with more characters than this is cut, with `…` behind.
  public static final int MAX_LINE = 500;

  private Visible() {}

  /// A line as prompts and outputs show it: a tab stays, and the carriage returns at its end, which
  /// belong to the line's end, are left out. Applying it twice changes nothing.
  public static String line(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\r') {
      end--;
    }
    return convert(text, end, true, MAX_LINE);
  }

  /// A path as prompts and outputs show it: a tab is shown too, and nothing is cut.
  public static String path(String text) {
    return convert(text, text.length(), false, Integer.MAX_VALUE);
  }

  /// Text without its invisible characters; line breaks of any kind become line feeds, tabs stay.
  static String without(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      if (c == '\r' && at < text.length() && text.charAt(at) == '\n') {
        continue;
      }
      if (breaksLine(c)) {
        kept.append('\n');
      } else if (c == '\t' || !hidden(c)) {
        kept.appendCodePoint(c);
      }
    }
    return kept.toString();
  }

  private static boolean breaksLine(int c) {
    return (c >= '\n' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
  }

  private static String convert(String text, int end, boolean keepTab, int limit) {
    if (end <= limit && plain(text, end)) {
      return text.substring(0, end);
    }
    StringBuilder shown = new StringBuilder(Math.min(end, 2 * MAX_LINE));
    int count = 0;
    int at = 0;
    while (at < end) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      String form = hidden(c) && !(keepTab && c == '\t') ? escape(c) : Character.toString(c);
      count += form.codePointCount(0, form.length());
      if (count > limit) {
        return shown.append('…').toString();
      }
      shown.append(form);
    }
    return shown.toString();
  }

  private static boolean plain(String text, int end) {
    for (int i = 0; i < end; i++) {
      if (text.charAt(i) < 0x20 || text.charAt(i) >= 0x7F) {
        return false;
      }
    }
    return true;
  }

  private static String escape(int c) {
    return c >= 0xDC80 && c <= 0xDCFF ? "\\x%02x".formatted(c - 0xDC00) : "\\u{%x}".formatted(c);
  }

  /// Whether a character can't be seen, or changes how others are seen.
  static boolean hidden(int c) {
    if (c >= 0x20 && c < 0x7F) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> filler(c);
    };
  }

  /// Letters and marks that show as nothing: Unicode's default ignorables that are not of type
  /// format. U+FE0F stays, for it only asks for an emoji's colours.
  private static boolean filler(int c) {
    return c == 0x34F
        || c == 0x115F
        || c == 0x1160
        || c == 0x17B4
        || c == 0x17B5
        || (c >= 0x180B && c <= 0x180F)
        || c == 0x2800
        || c == 0x3164
        || (c >= 0xFE00 && c <= 0xFE0E)
        || c == 0xFFA0
        || (c >= 0xE0000 && c <= 0xE0FFF);
  }
}
