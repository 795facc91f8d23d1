package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of conflicts in SQLite, where a statement may say so.
class ConflictClauseTest {

  private static final String FAILING =
      "CREATE TABLE strict_note (text TEXT NOT NULL UNIQUE ON CONFLICT FAIL)";

  private Database database;

  @BeforeEach
  void open() {
    database = Database.inMemory(DatabaseOptions.defaults());
    database.update("CREATE TABLE note (text TEXT NOT NULL UNIQUE)");
    database.update("INSERT INTO note (text) VALUES ('first')");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void failUndoesTheWholeStatementAllTheSame() {
    assertThatThrownBy(
            () -> database.update("INSERT OR FAIL INTO note (text) VALUES ('second'), ('first')"))
        .isInstanceOf(KvException.Rejected.class);

    assertThat(notes()).containsExactly("first");
  }

  @Test
  void failLeavesTheRestOfItsTransaction() {
    database.transact(() -> {
      database.update("INSERT INTO note (text) VALUES ('before')");
      assertThatThrownBy(
              () -> database.update("INSERT OR FAIL INTO note (text) VALUES ('x'), ('first')"))
          .isInstanceOf(KvException.Rejected.class);
      database.update("INSERT INTO note (text) VALUES ('behind')");
    });

    assertThat(notes()).containsExactly("before", "behind", "first");
  }

  /// Inserts two rows, the second of which conflicts, into a table or by a trigger that says FAIL.
  private void insertHalf() {
    assertThatThrownBy(
            () -> database.update("INSERT INTO strict_note (text) VALUES ('second'), ('first')"))
        .isInstanceOf(KvException.Rejected.class);
  }

  private List<String> strictNotes() {
    return database.query("SELECT text FROM strict_note ORDER BY text", Place::text);
  }

  @Test
  void failInATableUndoesTheWholeStatementAllTheSame() {
    database.update(FAILING);
    database.update("INSERT INTO strict_note (text) VALUES ('first')");

    database.transact(this::insertHalf);

    assertThat(strictNotes()).containsExactly("first");
  }

  @Test
  void failInATableOfTheSameTransactionDoesToo() {
    database.transact(() -> {
      database.update("INSERT INTO note (text) VALUES ('before')");
      database.update(FAILING);
      database.update("INSERT INTO strict_note (text) VALUES ('first')");
      insertHalf();
    });

    assertThat(strictNotes()).containsExactly("first");
  }

  @Test
  void failInATableWhoseDropWasUndoneDoesToo() {
    database.update(FAILING);
    database.update("INSERT INTO strict_note (text) VALUES ('first')");

    database.transact(() -> {
      assertThatThrownBy(() ->
              database.transact(() -> {
                database.update("DROP TABLE strict_note");
                database.update("INSERT INTO note (text) VALUES ('while it is gone')");
                throw new IllegalStateException("by design");
              }))
          .hasMessage("by design");
      insertHalf();
    });

    assertThat(strictNotes()).containsExactly("first");
  }

  @Test
  void failInATriggerUndoesTheWholeStatementAllTheSame() {
    database.update("CREATE TABLE strict_note (text TEXT NOT NULL)");
    database.update(
        """
        CREATE TRIGGER refusal BEFORE INSERT ON strict_note WHEN NEW.text = 'first'
        BEGIN SELECT RAISE(FAIL, 'refused'); END
        """);

    database.transact(this::insertHalf);

    assertThat(strictNotes()).isEmpty();
  }

  @Test
  void ignoreAndReplaceChangeWhatTheySay() {
    assertThat(database.update("INSERT OR IGNORE INTO note (text) VALUES ('first'), ('second')"))
        .isEqualTo(1);
    assertThat(database.update("INSERT OR REPLACE INTO note (text) VALUES ('first')")).isEqualTo(1);

    assertThat(notes()).containsExactly("first", "second");
  }

  @Test
  void foreignKeysAreNotEnforced() {
    database.update("CREATE TABLE reply (text TEXT REFERENCES note (text))");

    assertThat(database.update("INSERT INTO reply (text) VALUES ('to nobody')")).isEqualTo(1);
    assertThat(database.update("DELETE FROM note")).isEqualTo(1);
  }

  private List<String> notes() {
    return database.query("SELECT text FROM note ORDER BY text", Place::text);
  }
}
