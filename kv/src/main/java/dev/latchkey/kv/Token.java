package dev.latchkey.kv;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A token of SQL, as SQLite's own tokenizer cuts them (https://www.sqlite.org/lang_keywords.html,
/// https://www.sqlite.org/lang_comment.html); comments and spaces are left out.
///
/// @param text of what was quoted, without the quotes
record Token(Kind kind, String text) {

  enum Kind {
    /// A keyword or a plain name.
    WORD,
    /// A name in double quotes, backticks or brackets.
    QUOTED,
    /// What is in single quotes.
    TEXT,
    NUMBER,
    /// A place for an argument, or any other character by itself.
    SYMBOL
  }

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /// Returns the word in capitals, or the empty string if this is none.
  String word() {
    return kind == Kind.WORD ? text.toUpperCase(Locale.ROOT) : "";
  }

  boolean isWord(String word) {
    return word().equals(word);
  }

  boolean isSymbol(char symbol) {
    return kind == Kind.SYMBOL && text.charAt(0) == symbol;
  }

  /// Cuts the text into tokens.
  ///
  /// @throws IllegalArgumentException if it has a character that SQLite would read another way
  static List<Token> listOf(String sql) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(sql)) {
      // SQLite would be given a question mark in its place.
      throw new IllegalArgumentException("SQL refused: it has a lone surrogate");
    }
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c <= ' ' || c == BYTE_ORDER_MARK) {
        requireNoNul(c);
        at++;
      } else if (sql.startsWith("--", at)) {
        at = endAfter(sql, "\n", at);
      } else if (sql.startsWith("/*", at)) {
        at = endAfter(sql, "*/", at + 2);
      } else if (c == '\'' || c == '"' || c == '`' || c == '[') {
        int end = endOfQuoted(sql, at);
        int inner = Math.max(at + 1, end - 1);
        tokens.add(new Token(c == '\'' ? Kind.TEXT : Kind.QUOTED, sql.substring(at + 1, inner)));
        at = end;
      } else if (isPartOfName(c) && c != '$') {
        int end = at + 1;
        while (end < sql.length() && isPartOfName(sql.charAt(end))) {
          end++;
        }
        boolean number = c >= '0' && c <= '9';
        tokens.add(new Token(number ? Kind.NUMBER : Kind.WORD, sql.substring(at, end)));
        at = end;
      } else if (c == '$' || c == ':' || c == '@' || c == '#') {
        int end = endOfVariable(sql, at);
        tokens.add(new Token(Kind.SYMBOL, sql.substring(at, end)));
        at = end;
      } else {
        tokens.add(new Token(Kind.SYMBOL, String.valueOf(c)));
        at++;
      }
    }
    return tokens;
  }

  private static void requireNoNul(char c) {
    if (c == 0) {
      throw new IllegalArgumentException(
          "SQL refused: it contains U+0000, where SQLite would stop");
    }
  }

  /// SQLite reads `:name(…)` as one variable, whatever stands in the parentheses: a quote, for
  /// instance, behind which the rest of the statement would be hidden from us.
  private static int endOfVariable(String sql, int start) {
    int end = start + 1;
    while (end < sql.length() && (isPartOfName(sql.charAt(end)) || sql.startsWith("::", end))) {
      end += sql.charAt(end) == ':' ? 2 : 1;
    }
    if (sql.charAt(start) == '$' || (end < sql.length() && sql.charAt(end) == '(')) {
      throw new IllegalArgumentException("SQL refused: write ? for an argument");
    }
    return end;
  }

  private static int endAfter(String sql, String end, int from) {
    int found = sql.indexOf(end, from);
    String skipped = sql.substring(from, found < 0 ? sql.length() : found);
    skipped.chars().forEach(c -> requireNoNul((char) c));
    return found < 0 ? sql.length() : found + end.length();
  }

  private static int endOfQuoted(String sql, int start) {
    char quote = sql.charAt(start) == '[' ? ']' : sql.charAt(start);
    for (int i = start + 1; i < sql.length(); i++) {
      requireNoNul(sql.charAt(i));
      if (sql.charAt(i) == quote) {
        if (quote == ']' || i + 1 == sql.length() || sql.charAt(i + 1) != quote) {
          return i + 1;
        }
        i++;
      }
    }
    return sql.length();
  }

  private static boolean isPartOfName(char c) {
    return c >= 0x80
        || c == '_'
        || c == '$'
        || (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z');
  }
}
