package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// SQL of the caller's own, in whatever it is called in.
@ParameterizedClass
@EnumSource(Place.class)
class QueryTest {

  private final Place place;
  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  QueryTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults());
    words = database.store(StoreSpec.of("words", Codec.text()));
    database.update("CREATE TABLE note (id INTEGER PRIMARY KEY, text VARCHAR(20) NOT NULL)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void dialectIsThatOfThePlace() {
    assertThat(database.dialect()).isEqualTo(Database.Dialect.SQLITE);
  }

  @Test
  void updateByItselfIsATransaction() {
    assertThat(database.update("INSERT INTO note (id, text) VALUES (?, ?)", 1, "a")).isEqualTo(1);

    assertThat(notes()).containsExactly("a");
  }

  @Test
  void updateAndQueryBelongToTheTransactionTheyAreIn() {
    assertThatThrownBy(() ->
            database.transact(() -> {
              database.update("INSERT INTO note (id, text) VALUES (?, ?)", 1, "a");
              assertThat(notes()).containsExactly("a");
              throw new IllegalStateException("on purpose");
            }))
        .hasMessage("on purpose");

    assertThat(notes()).isEmpty();
  }

  @Test
  void schemaChangesOfATransactionThatFailedAreUndone() {
    assertThatThrownBy(() ->
            database.transact(() -> {
              database.update("CREATE TABLE more (id INTEGER PRIMARY KEY)");
              database.update("INSERT INTO more (id) VALUES (1)");
              throw new IllegalStateException("on purpose");
            }))
        .hasMessage("on purpose");

    assertThatThrownBy(() -> database.query("SELECT id FROM more", row -> row.number(1)))
        .isInstanceOf(KvException.Rejected.class);
    database.update("CREATE TABLE more (id INTEGER PRIMARY KEY)");
    assertThat(database.query("SELECT id FROM more", row -> row.number(1))).isEmpty();
  }

  @Test
  void refusedStatementLeavesTheRestOfItsTransaction() {
    database.transact(() -> {
      words.put("a", "1");
      database.update("INSERT INTO note (id, text) VALUES (1, 'a')");
      assertThatThrownBy(() -> database.update("INSERT INTO note (id, text) VALUES (1, 'b')"))
          .isInstanceOf(KvException.Rejected.class);
      assertThatThrownBy(() -> database.update("INSERT INTO note (id) VALUES (2)"))
          .isInstanceOf(KvException.Rejected.class);
      assertThatThrownBy(() -> database.query("SELECT nothing FROM nowhere", Place::text))
          .isInstanceOf(KvException.Rejected.class);
      database.update("INSERT INTO note (id, text) VALUES (2, 'c')");
    });

    assertThat(notes()).containsExactly("a", "c");
    assertThat(words.get("a")).contains("1");
  }

  @Test
  void queryWithReturningIsForTransactionsOnly() {
    String insert = "INSERT INTO note (id, text) VALUES (?, ?) RETURNING text";

    assertThatThrownBy(() -> database.query(insert, Place::text, 1, "a"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(
            database.<List<String>, RuntimeException>transact(
                () -> database.query(insert, Place::text, 1, "a")))
        .containsExactly("a");

    assertThat(database.update("INSERT INTO note (id, text) VALUES (2, 'b') RETURNING id"))
        .isEqualTo(1);
    assertThat(notes()).containsExactly("a", "b");
  }

  @Test
  void mapperThatThrowsUndoesItsReturningAlone() {
    database.transact(() -> {
      database.update("INSERT INTO note (id, text) VALUES (1, 'kept')");
      assertThatThrownBy(() ->
              database.query(
                  "INSERT INTO note (id, text) VALUES (2, 'lost') RETURNING text",
                  row -> {
                    throw new IllegalStateException("on purpose");
                  }))
          .hasMessage("on purpose");
    });

    assertThat(notes()).containsExactly("kept");
  }

  @Test
  void updateRefusesQueriesAndQueryRefusesWhatGivesNoRows() {
    assertThatThrownBy(() -> database.update("SELECT text FROM note"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> database.query("DELETE FROM note", Place::text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rowsComeInOrderAndEachIsMappedOnce() {
    for (int i = 0; i < 5; i++) {
      database.update("INSERT INTO note (id, text) VALUES (?, ?)", i, "note " + i);
    }
    List<Long> mapped = new ArrayList<>();

    List<String> texts =
        database.query(
            "SELECT id, text FROM note WHERE id >= ? ORDER BY id DESC",
            row -> {
              mapped.add(row.number(1));
              return requireNonNull(row.text(2));
            },
            2);

    assertThat(texts).containsExactly("note 4", "note 3", "note 2");
    assertThat(mapped).containsExactly(4L, 3L, 2L);
  }

  @Test
  void rowThatWasKeptIsRefusedWhileALaterOneIsMapped() {
    database.update("INSERT INTO note (id, text) VALUES (1, 'a'), (2, 'b')");
    List<Database.Row> kept = new ArrayList<>();

    database.query(
        "SELECT text FROM note ORDER BY id",
        row -> {
          kept.add(row);
          if (kept.size() == 2) {
            assertThatThrownBy(() -> kept.getFirst().text(1))
                .isInstanceOf(IllegalStateException.class);
            assertThat(row.text(1)).isEqualTo("b");
          }
          return true;
        });

    assertThatThrownBy(() -> kept.getLast().text(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void storesMayBeReadInAMapper() {
    words.put("a", "1");
    database.update("INSERT INTO note (id, text) VALUES (1, 'a'), (2, 'b')");

    assertThat(
            database.query(
                "SELECT text FROM note ORDER BY id",
                row -> words.get(Place.text(row)).orElse("none")))
        .containsExactly("1", "none");
  }

  @Test
  void closingInAMapperIsRefused() {
    database.query(
        "SELECT 1",
        row -> {
          assertThatThrownBy(database::close).isInstanceOf(IllegalStateException.class);
          return true;
        });

    words.put("a", "1");
    assertThat(words.get("a")).contains("1");
  }

  private List<String> notes() {
    return database.query("SELECT text FROM note ORDER BY id", Place::text);
  }
}
