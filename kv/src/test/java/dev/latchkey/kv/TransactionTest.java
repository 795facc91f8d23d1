package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Place.class)
class TransactionTest {

  private static final StoreSpec<String> FROM = StoreSpec.of("from_store", Codec.text());
  private static final StoreSpec<String> TO = StoreSpec.of("to_store", Codec.text());

  private final Place place;
  @TempDir Path directory;
  private Database database;
  private Store<String> from;
  private Store<String> to;

  TransactionTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults());
    from = database.store(FROM);
    to = database.store(TO);
    database.update("CREATE TABLE note (text VARCHAR(20) NOT NULL UNIQUE)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void storesAndOwnTablesCommitTogether() {
    from.put("coin", "mine");

    String result =
        database.transact(() -> {
          from.remove("coin");
          to.put("coin", "yours");
          database.update("INSERT INTO note (text) VALUES (?)", "moved");
          assertThat(to.get("coin")).contains("yours");
          assertThat(notes()).isEqualTo(1);
          return "done";
        });

    assertThat(result).isEqualTo("done");
    assertThat(from.contains("coin")).isFalse();
    assertThat(to.get("coin")).contains("yours");
    assertThat(notes()).isEqualTo(1);
  }

  @Test
  void bodyThatThrowsLeavesNothing() {
    from.put("coin", "mine");

    assertThatThrownBy(() ->
            database.transact(() -> {
              from.remove("coin");
              to.put("coin", "yours");
              database.update("INSERT INTO note (text) VALUES (?)", "moved");
              throw new IOException("on purpose");
            }))
        .isInstanceOf(IOException.class)
        .hasMessage("on purpose");

    assertThat(from.get("coin")).contains("mine");
    assertThat(to.contains("coin")).isFalse();
    assertThat(notes()).isZero();
  }

  @Test
  void errorLeavesNothingToo() {
    assertThatThrownBy(() ->
            database.transact(() -> {
              from.put("coin", "mine");
              throw new StackOverflowError();
            }))
        .isInstanceOf(StackOverflowError.class);

    assertThat(from.contains("coin")).isFalse();
    from.put("coin", "works");
    assertThat(from.get("coin")).contains("works");
  }

  @Test
  void nestedTransactionIsUndoneAlone() {
    database.transact(() -> {
      from.put("outer", "kept");
      assertThatThrownBy(() ->
              database.transact(() -> {
                from.put("inner", "lost");
                database.transact(() -> from.put("innermost", "lost"));
                throw new IllegalArgumentException("on purpose");
              }))
          .hasMessage("on purpose");
      database.transact(() -> to.put("second", "kept"));
      assertThat(from.contains("inner")).isFalse();
    });

    assertThat(from.get("outer")).contains("kept");
    assertThat(to.get("second")).contains("kept");
    assertThat(from.contains("inner")).isFalse();
    assertThat(from.contains("innermost")).isFalse();
  }

  @Test
  void outerFailureUndoesWhatTheNestedOneDid() {
    assertThatThrownBy(() ->
            database.transact(() -> {
              database.transact(() -> from.put("inner", "lost"));
              throw new IllegalArgumentException("on purpose");
            }))
        .hasMessage("on purpose");

    assertThat(from.contains("inner")).isFalse();
  }

  @Test
  void refusedStatementIsUndoneAloneAndTheRestStands() {
    database.transact(() -> {
      database.update("INSERT INTO note (text) VALUES ('first')");
      assertThatThrownBy(
              () -> database.update("INSERT INTO note (text) VALUES ('second'), ('first')"))
          .isInstanceOf(KvException.Rejected.class)
          .hasMessageContaining("UNIQUE");
      assertThatThrownBy(() -> database.update("INSERT INTO nowhere VALUES (1)"))
          .isInstanceOf(KvException.Rejected.class)
          .hasMessageContaining("nowhere");
      from.put("rest", "stands");
    });

    assertThat(database.query("SELECT text FROM note", Place::text)).containsExactly("first");
    assertThat(from.get("rest")).contains("stands");
  }

  @Test
  void refusedStatementByItselfChangesNothing() {
    database.update("INSERT INTO note (text) VALUES ('first')");

    assertThatThrownBy(
            () -> database.update("INSERT INTO note (text) VALUES ('second'), ('first')"))
        .isInstanceOf(KvException.Rejected.class);

    assertThat(notes()).isEqualTo(1);
  }

  @Test
  void storeMadeInATransactionThatFailedStaysUsable() {
    StoreSpec<String> spec = StoreSpec.of("made_inside", Codec.text());
    Store<String>[] made = newStores();

    assertThatThrownBy(() ->
            database.transact(() -> {
              made[0] = database.store(spec);
              made[0].put("a", "lost");
              throw new IllegalArgumentException("on purpose");
            }))
        .hasMessage("on purpose");

    assertThat(made[0].get("a")).isEmpty();
    made[0].put("a", "kept");
    assertThat(made[0].get("a")).contains("kept");
  }

  @Test
  void storeMadeBesideAFailedNestedTransactionIsFoundByReaders() {
    StoreSpec<String> spec = StoreSpec.of("made_inside", Codec.text());

    database.transact(() -> {
      database.store(spec).put("a", "kept");
      assertThatThrownBy(() ->
              database.transact(() -> {
                throw new IllegalArgumentException("on purpose");
              }))
          .hasMessage("on purpose");
    });

    assertThat(database.store(spec).get("a")).contains("kept");
  }

  @Test
  void schemaStatementsJoinTheTransaction() {
    assertThatThrownBy(() ->
            database.transact(() -> {
              database.update("ALTER TABLE note ADD COLUMN size INTEGER");
              database.update("INSERT INTO note (text, size) VALUES ('a', 1)");
              throw new IllegalArgumentException("on purpose");
            }))
        .hasMessage("on purpose");

    assertThatThrownBy(() -> database.query("SELECT size FROM note", row -> row.number(1)))
        .isInstanceOf(KvException.Rejected.class);
    database.update("INSERT INTO note (text) VALUES ('b')");
    assertThat(database.query("SELECT * FROM note", Place::text)).containsExactly("b");
    database.update("ALTER TABLE note ADD COLUMN size INTEGER DEFAULT 7");
    assertThat(database.query("SELECT * FROM note", row -> row.number(2))).containsExactly(7L);
  }

  @Test
  void sameQueryMayRunWhileItsCursorIsOpen() {
    database.update("INSERT INTO note (text) VALUES ('a'), ('b'), ('c')");

    assertThat(
            database.query(
                "SELECT text FROM note ORDER BY text",
                outer ->
                    outer.text(1)
                        + database.query("SELECT text FROM note ORDER BY text", Place::text)))
        .containsExactly("a[a, b, c]", "b[a, b, c]", "c[a, b, c]");
  }

  @Test
  void transactionsOfManyCallersAreAsIfOneAfterTheOther() throws Exception {
    from.put("n", "0");
    to.put("n", "0");
    Callers callers = Callers.onVirtualThreads();
    for (int i = 0; i < 12; i++) {
      callers.start(() -> {
        for (int j = 0; j < 5; j++) {
          database.transact(() -> {
            int sum = number(from) + number(to);
            assertThat(sum).isEven();
            from.put("n", String.valueOf(number(from) + 1));
            to.put("n", String.valueOf(number(to) + 1));
          });
        }
      });
    }

    assertThat(callers.join()).isEmpty();

    assertThat(number(from)).isEqualTo(60);
    assertThat(number(to)).isEqualTo(60);
  }

  private static int number(Store<String> store) {
    return Integer.parseInt(store.get("n").orElseThrow());
  }

  @Test
  void mapperThatThrowsLeavesTheDatabaseUsable() {
    database.update("INSERT INTO note (text) VALUES ('a')");

    assertThatThrownBy(() ->
            database.query(
                "SELECT text FROM note",
                row -> {
                  throw new IllegalArgumentException("on purpose");
                }))
        .hasMessage("on purpose");

    assertThat(notes()).isEqualTo(1);
    database.update("INSERT INTO note (text) VALUES ('b')");
    assertThat(notes()).isEqualTo(2);
  }

  private long notes() {
    return database.query("SELECT count(*) FROM note", row -> row.number(1)).getFirst();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Store<String>[] newStores() {
    return new Store[1];
  }
}
