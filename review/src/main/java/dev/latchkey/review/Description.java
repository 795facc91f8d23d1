package dev.latchkey.review;

/// A pull request's title and description, made harmless for a prompt: without what a reader of the
/// page would not see, bounded, and with a mark before each line, so that none looks like another
/// part of the prompt.
final class Description {
  private static final int MAX_READ = 64 * 1024;
  private static final int MAX_TITLE = 300;
  private static final int MAX_BODY = 4_000;
  private static final int MAX_ROUNDS = 10;

  private Description() {}

  static String of(String title, String body) {
    StringBuilder text = new StringBuilder();
    text.append("title: ").append(cut(clean(title).replace('\n', ' '), MAX_TITLE)).append('\n');
    cut(clean(body), MAX_BODY)
        .lines()
        .forEach(line -> text.append("| ").append(line.stripTrailing()).append('\n'));
    return text.toString();
  }

  private static String clean(String text) {
    return Secrets.masked(withoutComments(Visible.without(head(text, MAX_READ))).strip());
  }

  /// Taking a comment out can join what stood around it to a new one, so it is done until none is
  /// left; after some rounds only the opening marks are taken out.
  private static String withoutComments(String text) {
    String rest = text;
    for (int round = 0; round < MAX_ROUNDS && rest.contains("<!--"); round++) {
      rest = withoutCommentsOnce(rest);
    }
    return rest.contains("<!--") ? rest.replace("<", "") : rest;
  }

  private static String withoutCommentsOnce(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int open = text.indexOf("<!--", at);
      if (open < 0) {
        return kept.append(text, at, text.length()).toString();
      }
      kept.append(text, at, open);
      int close = text.indexOf("-->", open + 4);
      at = close < 0 ? text.length() : close + 3;
    }
    return kept.toString();
  }

  /// The first `limit` code points, with `…` if there are more.
  static String cut(String text, int limit) {
    return text.codePointCount(0, text.length()) <= limit ? text : head(text, limit) + '…';
  }

  private static String head(String text, int limit) {
    return text.length() <= limit || text.codePointCount(0, text.length()) <= limit
        ? text
        : text.substring(0, text.offsetByCodePoints(0, limit));
  }
}
