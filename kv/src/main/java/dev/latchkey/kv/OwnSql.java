package dev.latchkey.kv;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A statement of the caller's own, found to be one that can neither end nor bypass the transaction
/// it runs in, nor write to a table of ours.
///
/// @param returning whether it is a data statement that gives rows
/// @param fails whether it names the conflict clause which leaves half of a statement behind
record OwnSql(String text, Kind kind, boolean returning, boolean fails) {

  /// What a statement does.
  enum Kind {
    READ,
    DATA,
    SCHEMA
  }

  private static final int MOST_REMEMBERED = 1_000;
  private static final Map<String, OwnSql> CHECKED = new ConcurrentHashMap<>();

  private static final Set<String> READING = Set.of("SELECT", "VALUES");
  private static final Set<String> DATA = Set.of("INSERT", "REPLACE", "UPDATE", "DELETE");
  private static final Set<String> SCHEMA = Set.of("CREATE", "ALTER", "DROP", "ANALYZE", "REINDEX");

  /// The words after which SQLite takes a text in single quotes for a table's name.
  private static final Set<String> BEFORE_NAME =
      Set.of(
          "INTO",
          "UPDATE",
          "FROM",
          "TABLE",
          "ON",
          "EXISTS",
          "TO",
          "REFERENCES",
          "JOIN",
          "ABORT",
          "FAIL",
          "IGNORE",
          "REPLACE",
          "INDEX",
          "VIEW",
          "TRIGGER",
          "ANALYZE",
          "REINDEX",
          ".");

  /// Checks the statement.
  ///
  /// @throws IllegalArgumentException if it is refused
  static OwnSql check(String text) {
    OwnSql known = CHECKED.get(text);
    if (known != null) {
      return known;
    }
    OwnSql checked = parse(text);
    // Statements are few where arguments are bound; where they are not, this stays bounded.
    if (CHECKED.size() >= MOST_REMEMBERED) {
      CHECKED.clear();
    }
    CHECKED.put(text, checked);
    return checked;
  }

  private static OwnSql parse(String text) {
    List<Token> tokens = Token.listOf(text);
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("SQL is empty");
    }
    Kind kind = kindOf(tokens);
    requireOneStatement(tokens);
    for (int i = 0; i < tokens.size() - 1; i++) {
      if (tokens.get(i).isWord("OR") && tokens.get(i + 1).isWord("ROLLBACK")) {
        throw new IllegalArgumentException("SQL refused: OR ROLLBACK would undo others' changes");
      }
    }
    if (tokens.stream().anyMatch(token -> token.text().equalsIgnoreCase("pragma_optimize"))) {
      throw new IllegalArgumentException("SQL refused: pragma_optimize writes; use ANALYZE");
    }
    if (kind == Kind.SCHEMA) {
      requireNothingTemporary(tokens);
    }
    if (kind != Kind.READ) {
      requireNoTableOfOurs(tokens);
    }
    boolean returning = kind == Kind.DATA && tokens.stream().anyMatch(t -> t.isWord("RETURNING"));
    boolean fails = tokens.stream().anyMatch(token -> token.isWord("FAIL"));
    return new OwnSql(text, kind, returning, fails);
  }

  private static Kind kindOf(List<Token> tokens) {
    String first = tokens.getFirst().word();
    if (DATA.contains(first)) {
      return Kind.DATA;
    } else if (SCHEMA.contains(first)) {
      return Kind.SCHEMA;
    } else if (first.equals("EXPLAIN")) {
      return explanation(tokens);
    } else if (first.equals("WITH")) {
      return changesAfterWith(tokens) ? Kind.DATA : Kind.READ;
    } else if (READING.contains(first)) {
      return Kind.READ;
    }
    throw new IllegalArgumentException(
        "SQL refused: only data and schema statements may be run, not " + Keys.brief(first));
  }

  /// A pragma may take effect while it is compiled, so that even an explanation would set it.
  private static Kind explanation(List<Token> tokens) {
    boolean plan =
        tokens.size() > 2 && tokens.get(1).isWord("QUERY") && tokens.get(2).isWord("PLAN");
    List<Token> explained = tokens.subList(plan ? 3 : 1, tokens.size());
    if (explained.isEmpty() || kindOf(explained) == Kind.SCHEMA) {
      throw new IllegalArgumentException("SQL refused: only data statements may be explained");
    }
    return Kind.READ;
  }

  /// The connection is shared, and the readers have others.
  private static void requireNothingTemporary(List<Token> tokens) {
    boolean temporary =
        tokens.size() > 1 && (tokens.get(1).isWord("TEMP") || tokens.get(1).isWord("TEMPORARY"));
    for (int i = 0; i < tokens.size() - 1; i++) {
      boolean qualifies = tokens.get(i + 1).isSymbol('.');
      temporary |= qualifies && tokens.get(i).text().equalsIgnoreCase("temp");
    }
    if (temporary) {
      throw new IllegalArgumentException(
          "SQL refused: the connection is shared, so it has nothing temporary");
    }
  }

  private static boolean changesAfterWith(List<Token> tokens) {
    int depth = 0;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      depth += token.isSymbol('(') ? 1 : token.isSymbol(')') ? -1 : 0;
      // REPLACE is also the name of a function.
      boolean call = i + 1 < tokens.size() && tokens.get(i + 1).isSymbol('(');
      if (depth == 0 && !call && DATA.contains(token.word())) {
        return true;
      }
    }
    return false;
  }

  private static void requireOneStatement(List<Token> tokens) {
    int end = 0;
    if (tokens.size() > 1 && tokens.get(0).isWord("CREATE") && tokens.get(1).isWord("TRIGGER")) {
      // The statements of a trigger end with semicolons of their own, the last before its END.
      while (end + 1 < tokens.size()
          && !(tokens.get(end).isSymbol(';') && tokens.get(end + 1).isWord("END"))) {
        end++;
      }
      end++;
    }
    boolean over = false;
    for (Token token : tokens.subList(Math.min(end, tokens.size()), tokens.size())) {
      if (token.isSymbol(';')) {
        over = true;
      } else if (over) {
        throw new IllegalArgumentException("SQL refused: it has several statements");
      }
    }
  }

  private static void requireNoTableOfOurs(List<Token> tokens) {
    boolean virtual = tokens.size() > 1 && tokens.get(1).isWord("VIRTUAL");
    String previous = "";
    for (Token token : tokens) {
      boolean name =
          switch (token.kind()) {
            case WORD, QUOTED -> true;
            case TEXT -> BEFORE_NAME.contains(previous);
            case SYMBOL, NUMBER -> false;
          };
      String lower = token.text().toLowerCase(Locale.ROOT);
      // A virtual table named kv would keep what it holds in kv_data and the like.
      boolean prefix = lower.equals("kv") && (virtual || previous.equals("TO"));
      if (name && (prefix || lower.startsWith("kv_"))) {
        throw new IllegalArgumentException(
            "SQL refused: names that begin with kv_ are the library's: "
                + Keys.brief(token.text()));
      }
      previous = token.kind() == Token.Kind.TEXT ? "" : token.text().toUpperCase(Locale.ROOT);
    }
  }
}
