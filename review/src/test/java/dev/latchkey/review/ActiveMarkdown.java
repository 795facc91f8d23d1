package dev.latchkey.review;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What in a body would do something on GitHub. Found with no code of the product: code is taken
/// out, then marks of Markdown and HTML are looked for in the source, and mentions, references and
/// addresses in what it renders to, for there GitHub looks for them.
final class ActiveMarkdown {
  private static final Pattern SUGGESTION =
      Pattern.compile("(?s)\n\n(`{3,})suggestion\n(.*?)(?:^|(?<=\n))\\1$");
  private static final Pattern ESCAPED = Pattern.compile("\\\\([\\p{Punct}])");
  private static final Pattern HIDDEN = Pattern.compile("[\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cc}&&[^\n\t]]");
  private static final List<Pattern> IN_THE_SOURCE =
      List.of(Pattern.compile("<"), Pattern.compile("[\\[\\]]"), Pattern.compile("!(?=\\[)"));
  private static final List<Pattern> IN_THE_PAGE =
      List.of(
          Pattern.compile("@[\\p{L}\\p{Nd}]"),
          Pattern.compile("#[\\p{L}\\p{Nd}]"),
          Pattern.compile("(?i)gh-\\d"),
          Pattern.compile("://"),
          Pattern.compile("(?i)www\\."));

  private ActiveMarkdown() {}

  /// Every active part with what is around it; empty if there is none.
  static List<String> in(String body) {
    List<String> found = new ArrayList<>();
    find(HIDDEN, body, found);
    find(Pattern.compile("<!-- latchkey"), body, found);
    Matcher suggestion = SUGGESTION.matcher(body);
    String words = body;
    if (suggestion.find()) {
      words = body.substring(0, suggestion.start());
      if (suggestion.group(2).contains(suggestion.group(1))) {
        found.add("a fence is closed early: " + suggestion.group(2));
      }
    }
    // A suggestion may be of HTML, which is shown; elsewhere a comment is never meant.
    find(Pattern.compile("<!--"), words, found);
    String source = withoutCode(words);
    String bare = ESCAPED.matcher(source).replaceAll(" ");
    IN_THE_SOURCE.forEach(pattern -> find(pattern, bare, found));
    String page =
        ESCAPED
            .matcher(source)
            .replaceAll("$1")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
    IN_THE_PAGE.forEach(pattern -> find(pattern, page, found));
    return found;
  }

  private static void find(Pattern pattern, String text, List<String> found) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      int from = Math.max(0, matcher.start() - 20);
      found.add(pattern + ": " + text.substring(from, Math.min(text.length(), matcher.end() + 20)));
    }
  }

  /// Code spans become a blank: from a run of backticks to the next of the same length within the
  /// paragraph. A run that has no such other is only backticks.
  private static String withoutCode(String markdown) {
    StringBuilder words = new StringBuilder();
    for (String line : markdown.split("\n", -1)) {
      int at = 0;
      while (at < line.length()) {
        char c = line.charAt(at);
        int open = run(line, at);
        int close = open == 0 ? -1 : close(line, at + open, open);
        if (c == '\\' && at + 1 < line.length()) {
          words.append(line, at, at + 2);
          at += 2;
        } else if (close >= 0) {
          words.append(' ');
          at = close + open;
        } else {
          words.append(line, at, at + Math.max(1, open));
          at += Math.max(1, open);
        }
      }
      words.append('\n');
    }
    return words.toString();
  }

  private static int close(String line, int from, int length) {
    int at = from;
    while (at < line.length()) {
      int run = run(line, at);
      if (run == length) {
        return at;
      }
      at += Math.max(1, run);
    }
    return -1;
  }

  private static int run(String line, int from) {
    int end = from;
    while (end < line.length() && line.charAt(end) == '`') {
      end++;
    }
    return end - from;
  }
}
