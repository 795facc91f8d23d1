package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Place.class)
class SnapshotTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());

  private final Place place;
  @TempDir Path directory;
  private Database database;
  private Store<String> words;
  private Counters hits;

  SnapshotTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults());
    words = database.store(WORDS);
    hits = database.counters("hits", Expiry.never());
    database.update("CREATE TABLE note (text VARCHAR(10))");
    words.put("a", "1");
    hits.add("a", 1);
    database.update("INSERT INTO note (text) VALUES ('first')");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void snapshotReturnsWhatItsBodyReturnsAndThrowsWhatItThrows() {
    assertThat(database.<String, RuntimeException>snapshot(() -> words.get("a").orElseThrow()))
        .isEqualTo("1");
    assertThatThrownBy(() ->
            database.snapshot(() -> {
              throw new IOException("on purpose");
            }))
        .isInstanceOf(IOException.class)
        .hasMessage("on purpose");

    words.put("a", "2");
    assertThat(words.get("a")).contains("2");
  }

  @Test
  void viewDoesNotChangeWhileOthersWrite() throws Exception {
    Callers callers = Callers.onPlatformThreads();
    CountDownLatch begun = new CountDownLatch(1);
    callers.start(() -> {
      begun.await();
      for (int i = 0; i < 20; i++) {
        words.put("a", "later " + i);
        words.put("b", "later " + i);
        hits.add("a", 1);
        database.update("INSERT INTO note (text) VALUES ('more')");
        assertThat(words.get("a")).isPresent();
      }
    });

    database.snapshot(() -> {
      assertThat(words.get("b")).isEmpty();
      begun.countDown();
      for (int i = 0; i < 50; i++) {
        assertThat(words.get("a")).contains("1");
        assertThat(words.contains("b")).isFalse();
        assertThat(words.getAll(List.of("a", "b"))).isEqualTo(Map.of("a", "1"));
        assertThat(words.scan(KeyRange.all(), 10)).hasSize(1);
        assertThat(words.count(KeyRange.all())).isEqualTo(1);
        assertThat(hits.get("a")).isEqualTo(1);
        assertThat(notes()).containsExactly("first");
      }
      return true;
    });

    assertThat(callers.join()).isEmpty();
    assertThat(words.get("a")).contains("later 19");
    assertThat(hits.get("a")).isEqualTo(21);
  }

  @Test
  void snapshotInATransactionIsTheTransactionsOwnView() {
    database.transact(() -> {
      words.put("b", "mine");
      hits.add("a", 1);
      database.update("INSERT INTO note (text) VALUES ('mine')");
      database.snapshot(() -> {
        assertThat(words.get("b")).contains("mine");
        assertThat(hits.get("a")).isEqualTo(2);
        assertThat(notes()).containsExactlyInAnyOrder("first", "mine");
        assertWritesAreRefused();
        return true;
      });
      words.put("c", "after");
    });

    assertThat(words.get("b")).contains("mine");
    assertThat(words.get("c")).contains("after");
  }

  @Test
  void nestedSnapshotIsTheSameView() {
    database.snapshot(() -> {
      database.snapshot(() -> {
        assertThat(words.get("a")).contains("1");
        assertWritesAreRefused();
        return true;
      });
      assertThat(words.get("a")).contains("1");
      assertWritesAreRefused();
      return true;
    });

    words.put("a", "2");
    assertThat(words.get("a")).contains("2");
  }

  @Test
  void bodyThatWritesIsRefusedAndNothingIsChanged() {
    List<Entry<String>> before = words.scan(KeyRange.all(), 10);

    database.snapshot(() -> {
      assertWritesAreRefused();
      return true;
    });

    assertThat(words.scan(KeyRange.all(), 10)).isEqualTo(before);
    assertThat(hits.get("a")).isEqualTo(1);
    assertThat(notes()).containsExactly("first");
    assertThat(database.storeNames()).containsExactly("hits", "words");
  }

  private void assertWritesAreRefused() {
    Entry<String> entry = words.entry("a").orElseThrow();
    List<ThrowingCallable> writes =
        List.of(
            () -> words.put("a", "2"),
            () -> words.put("a", "2", Expiry.after(Duration.ofHours(1))),
            () -> words.putIfAbsent("b", "2"),
            () -> words.putAll(Map.of("b", "2")),
            () -> words.compareAndSet(entry, "2"),
            () -> words.update("a", "2", value -> value + "2"),
            () -> words.touch("a", Expiry.never()),
            () -> words.remove("a"),
            () -> words.remove(entry),
            () -> words.asMap().put("a", "2"),
            () -> words.asMap().merge("a", "2", String::concat),
            () -> words.asMap().clear(),
            () -> hits.add("a", 1),
            () -> hits.tryAdd("a", 1, 9),
            () -> hits.remove("a"),
            () -> database.update("INSERT INTO note (text) VALUES ('no')"),
            () -> database.query("DELETE FROM note RETURNING text", Place::text),
            () -> database.transact(() -> true),
            () -> database.drop("words"),
            () -> database.store(StoreSpec.of("more", Codec.text())),
            () -> database.counters("more_hits", Expiry.never()),
            () -> database.sweep(1),
            () -> database.backupTo(directory.resolve("copy.db")),
            () -> database.close());
    for (int i = 0; i < writes.size(); i++) {
      assertThatThrownBy(writes.get(i)).as("write %d", i).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void storeThatIsThereMayBeAskedForInASnapshot() {
    database.snapshot(() -> {
      assertThat(database.store(WORDS).get("a")).contains("1");
      assertThat(database.counters("hits", Expiry.never()).get("a")).isEqualTo(1);
      assertThat(database.storeNames()).containsExactly("hits", "words");
      return true;
    });
  }

  @Test
  void snapshotThatLastsTooLongFailsAtItsNextRead() {
    database.close();
    Duration brief = Duration.ofMillis(200);
    database = place.open(directory, DatabaseOptions.defaults().withSnapshotTimeout(brief));
    words = database.store(WORDS);
    words.put("a", "1");

    assertThatThrownBy(() ->
            database.snapshot(() -> {
              assertThat(words.get("a")).contains("1");
              passTime(brief);
              return words.get("a");
            }))
        .isInstanceOf(KvException.Unavailable.class)
        .hasMessageContaining("200 ms");

    words.put("a", "2");
    assertThat(words.get("a")).contains("2");
    assertThat(database.<Long, RuntimeException>snapshot(() -> words.count(KeyRange.all())))
        .isEqualTo(1);
  }

  @Test
  void bodyThatReadsNoMoreMayOutlastItsSnapshot() {
    database.close();
    Duration brief = Duration.ofMillis(200);
    database = place.open(directory, DatabaseOptions.defaults().withSnapshotTimeout(brief));

    String result =
        database.snapshot(() -> {
          passTime(brief);
          return "done";
        });

    assertThat(result).isEqualTo("done");
  }

  @Test
  void queryWhoseMapperLastsTooLongFails() {
    database.close();
    Duration brief = Duration.ofMillis(200);
    database = place.open(directory, DatabaseOptions.defaults().withSnapshotTimeout(brief));
    Store<String> numbers = database.store(StoreSpec.of("numbers", Codec.text()));
    numbers.put("a", "1");

    assertThatThrownBy(() ->
            database.query(
                "SELECT 'text' UNION SELECT 'more'",
                row -> {
                  passTime(brief);
                  return Place.text(row);
                }))
        .isInstanceOf(KvException.Unavailable.class);

    assertThat(database.query("SELECT 'text'", Place::text)).containsExactly("text");
    numbers.put("a", "2");
    assertThat(numbers.get("a")).contains("2");
  }

  static void passTime(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    Callers.awaitThat("time has passed", () -> System.nanoTime() > end);
  }

  private List<String> notes() {
    return database.query("SELECT text FROM note", Place::text);
  }
}
