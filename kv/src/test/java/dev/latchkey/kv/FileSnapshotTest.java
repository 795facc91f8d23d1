package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Snapshots beside a writer, which there are in a file only: in memory a snapshot has the writer's
/// turn.
class FileSnapshotTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
  private static final StoreSpec<String> LATER = StoreSpec.of("later", Codec.text());

  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  @BeforeEach
  void open() {
    database = Database.open(directory.resolve("data.db"));
    words = database.store(WORDS);
    words.put("a", "1");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void writerIsNotHeldUp() throws Exception {
    database.snapshot(() -> {
      elsewhere(() -> {
        words.put("a", "2");
        assertThat(words.get("a")).contains("2");
      });
      assertThat(words.get("a")).contains("1");
      return true;
    });

    assertThat(words.get("a")).contains("2");
  }

  @Test
  void storeMadeAfterItsBeginningIsEmptyInIt() throws Exception {
    database.snapshot(() -> {
      elsewhere(() -> {
        database.store(LATER).put("a", "1");
        database.counters("hits", Expiry.never()).add("a", 1);
      });
      assertThat(database.store(LATER).get("a")).isEmpty();
      assertThat(database.store(LATER).contains("a")).isFalse();
      assertThat(database.store(LATER).count(KeyRange.all())).isZero();
      assertThat(database.store(LATER).scan(KeyRange.all(), 10)).isEmpty();
      assertThat(database.counters("hits", Expiry.never()).get("a")).isZero();
      assertThat(database.storeNames()).containsExactly("words");
      return true;
    });

    assertThat(database.store(LATER).get("a")).contains("1");
  }

  @Test
  void storeDroppedAfterItsBeginningIsStillThereInIt() throws Exception {
    database.snapshot(() -> {
      elsewhere(() -> assertThat(database.drop("words")).isTrue());
      assertThat(words.get("a")).contains("1");
      assertThat(words.count(KeyRange.all())).isEqualTo(1);
      assertThat(database.storeNames()).containsExactly("words");
      return true;
    });

    assertThat(words.get("a")).isEmpty();
    assertThat(database.storeNames()).isEmpty();
  }

  @Test
  void storeDroppedAndMadeAnewIsTheFormerOneInIt() throws Exception {
    database.snapshot(() -> {
      elsewhere(() -> {
        database.drop("words");
        words.put("a", "anew");
      });
      assertThat(words.get("a")).contains("1");
      return true;
    });

    assertThat(words.get("a")).contains("anew");
  }

  @Test
  void newerEntriesInTheCacheAreNotShownInIt() throws Exception {
    database.snapshot(() -> {
      elsewhere(() -> {
        words.put("a", "2");
        // The first read puts it into the cache, the second is served from there.
        assertThat(words.get("a")).contains("2");
        assertThat(words.get("a")).contains("2");
      });
      assertThat(words.get("a")).contains("1");
      return true;
    });
  }

  @Test
  void rowReadInAMapperThatLastsTooLongIsUnavailable() {
    Duration brief = Duration.ofMillis(200);
    try (Database hasty =
        Database.open(
            directory.resolve("data.db"), DatabaseOptions.defaults().withSnapshotTimeout(brief))) {
      assertThatThrownBy(() ->
              hasty.query(
                  "SELECT 'text'",
                  row -> {
                    SnapshotTest.passTime(brief.plusMillis(20));
                    return Place.text(row);
                  }))
          .isInstanceOf(KvException.Unavailable.class);
      assertThatThrownBy(() ->
              hasty.snapshot(() ->
                  hasty.query(
                      "SELECT 'text'",
                      row -> {
                        SnapshotTest.passTime(brief.plusMillis(20));
                        return Place.text(row);
                      })))
          .isInstanceOf(KvException.Unavailable.class);

      assertThat(hasty.query("SELECT 'text'", Place::text)).containsExactly("text");
    }
  }

  @Test
  void longQueryIsBrokenOffAtTheTimeout() {
    try (Database hasty =
        Database.open(
            directory.resolve("data.db"),
            DatabaseOptions.defaults().withSnapshotTimeout(Duration.ofMillis(50)))) {
      assertThatThrownBy(() ->
              hasty.query(
                  """
                  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                  SELECT count(*) FROM n
                  """,
                  row -> row.number(1)))
          .isInstanceOf(KvException.Unavailable.class)
          .hasMessageContaining("50 ms");
    }
  }

  @Test
  void shortestSnapshotsEndAsUnavailableOrWhole() {
    try (Database hasty =
        Database.open(
            directory.resolve("data.db"),
            DatabaseOptions.defaults().withSnapshotTimeout(Duration.ofMillis(1)))) {
      Store<String> store = hasty.store(WORDS);
      for (int i = 0; i < 300; i++) {
        try {
          assertThat(hasty.<Long, RuntimeException>snapshot(() -> store.count(KeyRange.all())))
              .isEqualTo(1);
        } catch (KvException.Unavailable e) {
          assertThat(e).hasMessageContaining("1 ms");
        }
      }
    }
  }

  @Test
  void mapperMayWriteAndItsQueryStillSeesOneView() {
    database.update("CREATE TABLE note (text TEXT)");
    database.update("INSERT INTO note (text) VALUES ('x'), ('y')");

    assertThat(
            database.query(
                "SELECT text FROM note ORDER BY text",
                row -> {
                  words.put(Place.text(row), "mapped");
                  database.update("INSERT INTO note (text) VALUES ('z')");
                  return Place.text(row);
                }))
        .containsExactly("x", "y");

    assertThat(words.get("x")).contains("mapped");
    assertThat(database.query("SELECT count(*) FROM note", row -> row.number(1)))
        .containsExactly(4L);
  }

  @Test
  void closeWaitsForASnapshotUnderWay() throws Exception {
    Database other = Database.open(directory.resolve("data.db"));
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Callers callers = Callers.onPlatformThreads();
    callers.start(() ->
        other.snapshot(() -> {
          reading.countDown();
          goOn.await();
          return other.store(WORDS).get("a");
        }));
    reading.await();

    Thread closer = callers.start(other::close);
    Callers.awaitThat("close has begun", () -> closer.getState() == Thread.State.WAITING);
    goOn.countDown();

    assertThat(callers.join()).isEmpty();
  }

  /// Runs the task on another thread, to its end.
  private static void elsewhere(Callers.Task task) throws InterruptedException {
    Callers callers = Callers.onPlatformThreads();
    callers.start(task);
    assertThat(callers.join()).isEmpty();
  }
}
