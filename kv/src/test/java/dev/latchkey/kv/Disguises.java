package dev.latchkey.kv;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Spellings of a statement by which it might get past whoever looks at its words.
final class Disguises {

  private static final List<UnaryOperator<String>> ALL =
      List.of(
          sql -> sql,
          sql -> sql.toLowerCase(Locale.ROOT),
          Disguises::alternating,
          sql -> sql + ";",
          sql -> ";" + sql,
          sql -> " ;\n; " + sql,
          sql -> "\n\t\f\r " + sql,
          sql -> "-- SELECT 1\n" + sql,
          sql -> "--\r\n--\n" + sql,
          sql -> "/* SELECT 1; */" + sql,
          sql -> "/**/ /*/ */" + sql,
          sql -> "/* ' */" + sql + "/* ' */",
          sql -> "/* \" */" + sql + " -- \"",
          sql -> sql.replace(" ", "/**/"),
          sql -> sql.replace(" ", "--\n"),
          sql -> sql + " /* unterminated",
          sql -> sql + " -- unterminated",
          sql -> "(" + sql + ")",
          sql -> "EXPLAIN " + sql,
          sql -> "explain/**/query--\nplan " + sql,
          sql -> "EXPLAIN EXPLAIN " + sql,
          sql -> "SELECT 1; " + sql,
          sql -> "SELECT 1;--\n" + sql,
          sql -> "INSERT INTO t (a) VALUES (1); " + sql,
          sql -> "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END; " + sql,
          sql -> "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END; " + sql + "; END",
          sql -> "WITH x AS (SELECT 1) " + sql,
          sql -> sql + "\0",
          sql -> "\0" + sql,
          sql -> "SELECT 1\0; " + sql,
          sql -> sql + " \ud83d",
          sql -> "\uFEFF" + sql,
          sql -> "\uFEFF\uFEFF" + sql.replace(" ", "\uFEFF "),
          sql -> "\u00A0" + sql,
          sql -> "\u2003" + sql,
          sql -> "\u3000" + sql,
          sql -> "\u200B" + sql,
          sql -> "\u2028" + sql,
          sql -> "\u0085" + sql,
          sql -> "\u000B" + sql,
          sql -> "\u001F" + sql,
          sql -> "\"" + sql.replace(" ", "\" "),
          sql -> quoted(sql, "\"", "\""),
          sql -> quoted(sql, "`", "`"),
          sql -> quoted(sql, "[", "]"),
          sql -> quoted(sql, "'", "'"),
          sql -> "SELECT :a(') ; " + sql + " --'",
          sql -> "SELECT @a(') ; " + sql + " --'",
          sql -> "SELECT #a(') ; " + sql + " --'",
          sql -> "SELECT $a(') ; " + sql + " --'",
          sql -> "SELECT :a::b(') ; " + sql + " --'");

  private Disguises() {}

  static Stream<String> of(String sql) {
    return ALL.stream().map(disguise -> disguise.apply(sql));
  }

  private static String alternating(String sql) {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < sql.length(); i++) {
      String letter = sql.substring(i, i + 1);
      result.append(i % 2 == 0 ? letter.toLowerCase(Locale.ROOT) : letter.toUpperCase(Locale.ROOT));
    }
    return result.toString();
  }

  private static String quoted(String sql, String open, String close) {
    int end = sql.indexOf(' ');
    return end < 0 ? open + sql + close : open + sql.substring(0, end) + close + sql.substring(end);
  }
}
