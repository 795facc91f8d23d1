package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Place.class)
class StatsTest {

  private final Place place;
  private final HandClock clock = new HandClock();
  @TempDir Path directory;
  private Database database;
  private Store<String> words;
  private DatabaseStats before;

  StatsTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults().withClock(clock));
    words = database.store(StoreSpec.of("words", Codec.text()));
    words.put("a", "1");
    before = database.stats();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void everyWriteAndEveryTransactionCountsOnce() {
    words.put("a", "2");
    words.putAll(Map.of("b", "1", "c", "1"));
    words.remove("a");
    database.transact(() -> {
      words.put("a", "3");
      database.transact(() -> words.put("b", "3"));
    });

    DatabaseStats after = database.stats();
    assertThat(after.transactions() - before.transactions()).isEqualTo(4);
    assertThat(after.commits() - before.commits()).isEqualTo(4);
    assertThat(after.rollbacks()).isEqualTo(before.rollbacks());
  }

  @Test
  void readsAndLooksAtTheStatsCountAsNothing() {
    words.get("a");
    words.contains("a");
    words.entry("missing");
    words.scan(KeyRange.all(), 10);
    words.count(KeyRange.all());
    words.getAll(List.of("a"));
    assertThat(words.asMap()).containsKey("a");
    database.snapshot(() -> words.get("a"));
    database.query("SELECT 'text'", Place::text);
    database.storeNames();
    database.check();
    database.stats();

    DatabaseStats after = database.stats();
    assertThat(after.transactions()).isEqualTo(before.transactions());
    assertThat(after.commits()).isEqualTo(before.commits());
    assertThat(after.rollbacks()).isEqualTo(before.rollbacks());
  }

  @Test
  void queryWhoseMapperWritesCounts() {
    database.query(
        "SELECT 'text'",
        row -> {
          words.put("a", Place.text(row));
          return true;
        });

    assertThat(words.get("a")).contains("text");
    assertThat(database.stats().transactions()).isGreaterThan(before.transactions());
  }

  @Test
  void bodyThatThrowsCountsAsARollback() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() ->
              database.transact(() -> {
                words.put("a", "lost");
                throw new IllegalStateException("on purpose");
              }))
          .hasMessage("on purpose");
    }

    DatabaseStats after = database.stats();
    assertThat(after.rollbacks() - before.rollbacks()).isEqualTo(3);
    assertThat(after.transactions()).isEqualTo(before.transactions());
  }

  @Test
  void nestedPartThatIsUndoneIsNoRollback() {
    database.transact(() ->
        assertThatThrownBy(() ->
                database.transact(() -> {
                  throw new IllegalStateException("on purpose");
                }))
            .hasMessage("on purpose"));

    assertThat(database.stats().rollbacks()).isEqualTo(before.rollbacks());
  }

  @Test
  void statsMayBeAskedForInsideATransactionOrSnapshot() {
    database.transact(() -> {
      words.put("a", "2");
      assertThat(database.stats().transactions()).isEqualTo(before.transactions());
      assertThat(database.stats().sizeBytes()).isPositive();
    });
    database.snapshot(() -> {
      assertThat(database.stats().sizeBytes()).isPositive();
      return true;
    });
  }

  @Test
  void sizeGrowsWithWhatIsKept() {
    database.store(StoreSpec.of("raw", Codec.bytes())).put("a", new byte[500_000]);

    assertThat(database.stats().sizeBytes()).isGreaterThan(before.sizeBytes() + 500_000);
  }

  @Test
  void expiredCountsWhatWasSwept() {
    words.put("a", "1", Expiry.after(Duration.ofMinutes(1)));
    words.put("b", "1", Expiry.after(Duration.ofMinutes(1)));
    clock.advance(Duration.ofMinutes(1));
    assertThat(database.stats().expired()).isZero();

    database.sweep(1);
    assertThat(database.stats().expired()).isEqualTo(1);
    database.sweep(10);

    assertThat(database.stats().expired()).isEqualTo(2);
  }

  @Test
  void waitingWritersAreThoseWhoWaitNow() throws Exception {
    if (place == Place.MEMORY) {
      // Whoever looks waits for the one connection, behind the others.
      assertThat(database.stats().waitingWriters()).isZero();
      return;
    }
    CountDownLatch holds = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Callers callers = Callers.onPlatformThreads();
    callers.start(() ->
        database.transact(() -> {
          holds.countDown();
          goOn.await();
        }));
    holds.await();
    callers.start(() -> words.put("b", "1"));
    callers.start(() -> database.transact(() -> words.put("c", "1")));
    Callers.awaitThat("two wait", () -> database.stats().waitingWriters() == 2);

    goOn.countDown();

    assertThat(callers.join()).isEmpty();
    assertThat(database.stats().waitingWriters()).isZero();
  }
}
