package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of conflicts in SQLite, where a statement may say so.
class ConflictClauseTest {

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
