package dev.latchkey.inbox;

import dev.latchkey.kv.Database;

/// Statements for the database's own dialect, of which they're written in what both have.
///
/// The few words that differ stand in braces: `{id}` a key the database counts up and never uses
/// again, `{seq}` one it counts up, `{long}` 64 bits, `{blob}` bytes, `{strict}` at the end of a
/// table, `{keyed}` the same for a table that is its own index, `{locked}` at the end of a query
/// for rows that others may be taking.
final class Sql {

  private final Database.Dialect dialect;

  private Sql(Database.Dialect dialect) {
    this.dialect = dialect;
  }

  static Sql of(Database.Dialect dialect) {
    return new Sql(dialect);
  }

  String text(String statement) {
    return switch (dialect) {
      case SQLITE ->
          statement
              .replace("{id}", "INTEGER PRIMARY KEY AUTOINCREMENT")
              .replace("{seq}", "INTEGER PRIMARY KEY")
              .replace("{long}", "INTEGER")
              .replace("{blob}", "BLOB")
              .replace("{strict}", "STRICT")
              .replace("{keyed}", "STRICT, WITHOUT ROWID")
              .replace("{locked}", "");
      case POSTGRES ->
          statement
              .replace("{id}", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
              .replace("{seq}", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
              .replace("{long}", "BIGINT")
              .replace("{blob}", "BYTEA")
              .replace("{strict}", "")
              .replace("{keyed}", "")
              .replace("{locked}", "FOR UPDATE SKIP LOCKED");
    };
  }
}
