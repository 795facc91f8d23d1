package dev.latchkey.review;

/// Text of others as GitHub Markdown that shows it and does nothing.
///
/// Mentions, issue references and addresses are broken with characters that look alike, because
/// GitHub looks for them in the page it has made, where an escape or entity is gone again. Code
/// spans stay code spans, in which GitHub looks for none of these.
final class Escaped {
  private static final String MARKDOWN = "\\`*_~[]!|$";

  private final StringBuilder out = new StringBuilder();
  private final String text;
  private int at;

  private Escaped(String text) {
    this.text = text;
  }

  /// A paragraph, to stand behind words of our own in a line: white space becomes one blank, and
  /// what is longer than `limit` characters is cut. At most 5 times as many come out.
  static String paragraph(String text, int limit) {
    return new Escaped(Description.cut(Visible.path(oneLine(text)), limit)).convert();
  }

  static String oneLine(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  /// Text as code within a line, fenced with more backticks than it has in a row.
  static String code(String text, int limit) {
    String shown = Description.cut(Visible.path(text), limit).replace("<!--", "<! --");
    String fence = "`".repeat(longestRun(shown) + 1);
    boolean pad = shown.isBlank() || shown.startsWith("`") || shown.endsWith("`");
    String inner = shown.isEmpty() ? " " : shown;
    return pad ? fence + ' ' + inner + ' ' + fence : fence + inner + fence;
  }

  static int longestRun(String text) {
    int longest = 0;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      run = text.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  private String convert() {
    while (at < text.length()) {
      if (text.charAt(at) == '`') {
        backticks();
      } else {
        plain(text.charAt(at));
      }
    }
    return out.toString();
  }

  private void backticks() {
    int open = run(at);
    int content = at + open;
    for (int close = text.indexOf('`', content); close >= 0; close = text.indexOf('`', close)) {
      int length = run(close);
      if (length == open) {
        out.append(text, at, content);
        out.append(text.substring(content, close).replace("<!--", "<! --"));
        out.append(text, close, close + length);
        at = close + length;
        return;
      }
      close += length;
    }
    out.append("\\`".repeat(open));
    at = content;
  }

  private int run(int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) == '`') {
      end++;
    }
    return end - from;
  }

  private void plain(char c) {
    switch (c) {
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '&' -> out.append("&amp;");
      case '@' -> out.append(beforeWord() ? '＠' : '@');
      case '#' -> out.append(beforeWord() ? "＃" : "\\#");
      case ':' -> out.append(text.startsWith("//", at + 1) ? "\\[:\\]" : ":");
      case '.' -> out.append(endsInWww() ? "\\[.\\]" : ".");
      case '-' -> out.append(endsInGh() ? '‑' : '-');
      default -> {
        if (MARKDOWN.indexOf(c) >= 0) {
          out.append('\\');
        }
        out.append(c);
      }
    }
    at++;
  }

  private boolean beforeWord() {
    return at + 1 < text.length() && Character.isLetterOrDigit(text.charAt(at + 1));
  }

  private boolean endsInWww() {
    return at >= 3 && text.regionMatches(true, at - 3, "www", 0, 3);
  }

  /// `GH-12` refers to issue 12.
  private boolean endsInGh() {
    boolean digit = at + 1 < text.length() && Character.isDigit(text.charAt(at + 1));
    return digit && at >= 2 && text.regionMatches(true, at - 2, "GH", 0, 2);
  }
}
