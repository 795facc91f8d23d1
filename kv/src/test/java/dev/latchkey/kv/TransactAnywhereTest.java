package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Bodies that are run by whoever has the writer.
@Timeout(60)
@ParameterizedClass
@EnumSource(Place.class)
class TransactAnywhereTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());

  private final Place place;
  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  TransactAnywhereTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults());
    words = database.store(WORDS);
    database.update("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private List<String> notes() {
    return database.query("SELECT text FROM note ORDER BY id", Place::text);
  }

  @Test
  void storesAndOwnSqlCommitTogether() {
    String seen =
        database.transactAnywhere(() -> {
          words.put("a", "1");
          database.update("INSERT INTO note (text) VALUES (?)", "one");
          return words.get("a").orElseThrow() + notes();
        });

    assertThat(seen).isEqualTo("1[one]");
    assertThat(words.get("a")).contains("1");
    assertThat(notes()).containsExactly("one");
  }

  @Test
  void bodyThatThrowsIsUndoneAlone() {
    assertThatThrownBy(() ->
            database.transactAnywhere(() -> {
              words.put("a", "1");
              database.update("INSERT INTO note (text) VALUES (?)", "one");
              throw new IllegalArgumentException("by design");
            }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("by design");

    assertThat(words.contains("a")).isFalse();
    assertThat(notes()).isEmpty();
  }

  @Test
  void insideATransactionItIsAPartOfIt() {
    assertThatThrownBy(() ->
            database.transact(() -> {
              String thread =
                  database.transactAnywhere(() -> {
                    words.put("a", "1");
                    return Thread.currentThread().toString();
                  });
              assertThat(thread).isEqualTo(Thread.currentThread().toString());
              throw new IllegalArgumentException("by design");
            }))
        .hasMessage("by design");

    assertThat(words.contains("a")).isFalse();
  }

  @Test
  void nestedOnesAreUndoneAlone() {
    database.transactAnywhere(() -> {
      words.put("outer", "1");
      assertThatThrownBy(() ->
              database.transactAnywhere(() -> {
                words.put("inner", "1");
                throw new IllegalArgumentException("by design");
              }))
          .hasMessage("by design");
      return true;
    });

    assertThat(words.contains("outer")).isTrue();
    assertThat(words.contains("inner")).isFalse();
  }

  @Test
  void manyCallersWithFailuresBetweenThemEachGetTheirOwn() throws Exception {
    List<FutureTask<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int number = i;
      calls.add(new FutureTask<>(() -> number % 3 == 0 ? failed(number) : put(number)));
    }
    calls.forEach(Thread::startVirtualThread);

    int kept = 0;
    for (Future<Integer> call : calls) {
      kept += call.get();
    }

    assertThat(kept).isEqualTo(133);
    assertThat(words.count(KeyRange.all())).isEqualTo(133);
    assertThat(notes()).hasSize(133);
  }

  private int put(int number) {
    return database.transactAnywhere(() -> {
      words.put("key " + number, "value");
      return database.update("INSERT INTO note (text) VALUES (?)", "note " + number);
    });
  }

  private int failed(int number) {
    assertThatThrownBy(() ->
            database.transactAnywhere(() -> {
              put(number);
              throw new IllegalArgumentException("failed " + number);
            }))
        .hasMessage("failed " + number);
    return 0;
  }

  @Test
  void aSnapshotCantDoIt() {
    assertThatIllegalStateException()
        .isThrownBy(() -> database.snapshot(() -> database.transactAnywhere(() -> true)));
  }

  @Test
  void bodyCantCloseTheDatabase() {
    assertThatIllegalStateException()
        .isThrownBy(() ->
            database.transactAnywhere(() -> {
              database.close();
              return true;
            }));

    assertThat(words.contains("a")).isFalse();
  }
}
