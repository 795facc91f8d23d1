package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Place.class)
class SweepTest {

  private final Place place;
  private final HandClock clock = new HandClock();
  @TempDir Path directory;
  private DatabaseOptions options;
  private Database database;
  private Store<String> words;
  private Store<String> others;
  private Counters hits;

  SweepTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    options = DatabaseOptions.defaults().withClock(clock).withSweepInterval(Duration.ZERO);
    open(options);
  }

  private void open(DatabaseOptions wanted) {
    database = place.open(directory, wanted);
    words = database.store(StoreSpec.of("words", Codec.text()));
    others = database.store(StoreSpec.of("others", Codec.text()).ofLargeValues());
    hits = database.counters("hits", Expiry.after(Duration.ofMinutes(3)));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void oldestDeadlinesAreSweptFirstAcrossStoresAndCounters() {
    words.put("w1", "1", after(1));
    words.put("w4", "1", after(4));
    others.put("o2", "1", after(2));
    others.put("o5", "1", after(5));
    hits.add("h3", 1);
    clock.advance(Duration.ofMinutes(10));

    assertThat(database.sweep(2)).isEqualTo(2);
    assertThat(kept()).containsExactly(1L, 1L, 1L);
    assertThat(database.sweep(1)).isEqualTo(1);
    assertThat(kept()).containsExactly(1L, 1L, 0L);
    assertThat(database.sweep(1)).isEqualTo(1);
    assertThat(kept()).containsExactly(0L, 1L, 0L);
    assertThat(database.sweep(9)).isEqualTo(1);

    assertThat(kept()).containsExactly(0L, 0L, 0L);
    assertThat(database.sweep(9)).isZero();
  }

  @Test
  void whatIsAliveStays() {
    words.put("never", "1");
    words.put("later", "1", after(2));
    words.put("touched", "1", after(1));
    hits.add("hit", 1);
    words.touch("touched", after(5));
    words.put("gone", "1", after(1));
    clock.advance(Duration.ofMinutes(1));

    assertThat(database.sweep(100)).isEqualTo(1);

    assertThat(words.asMap()).containsOnlyKeys("never", "later", "touched");
    assertThat(hits.get("hit")).isEqualTo(1);
  }

  @Test
  void entryPutAgainAfterItsDeadlineStays() {
    words.put("a", "1", after(1));
    clock.advance(Duration.ofMinutes(1));
    words.put("a", "2");

    assertThat(database.sweep(100)).isZero();

    assertThat(words.get("a")).contains("2");
  }

  @Test
  void limitIsAtLeastOne() {
    for (int limit : new int[] {0, -1, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> database.sweep(limit)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(database.sweep(Integer.MAX_VALUE)).isZero();
  }

  @Test
  void manyEntriesAreSweptInShortTransactions() {
    fillWithExpired(1_000);
    long before = database.stats().commits();

    assertThat(database.sweep(900)).isEqualTo(900);

    assertThat(database.stats().commits() - before).isGreaterThanOrEqualTo(900 / 256);
    assertThat(kept()).containsExactly(100L, 0L, 0L);
  }

  @Test
  void sweepInATransactionOrSnapshotIsRefused() {
    database.transact(() ->
        assertThatThrownBy(() -> database.sweep(1)).isInstanceOf(IllegalStateException.class));
    database.snapshot(() ->
        assertThatThrownBy(() -> database.sweep(1)).isInstanceOf(IllegalStateException.class));
  }

  @Test
  void sweepThatCanNotGoOnSaysHowMuchItDid() throws Exception {
    database.close();
    AtomicReference<@Nullable Runnable> atCommit = new AtomicReference<>();
    open(
        options
            .withLockTimeout(Duration.ofMillis(300))
            .withListener(event -> {
              Runnable once = atCommit.getAndSet(null);
              if (once != null) {
                once.run();
              }
            }));
    fillWithExpired(600);
    Callers callers = Callers.onPlatformThreads();
    CountDownLatch goOn = new CountDownLatch(1);
    Writer writer = ((SqlDatabase) database).engine().writer();
    // Between the first and the second transaction somebody takes the writer, and keeps it.
    atCommit.set(() -> {
      callers.start(() -> database.transact(() -> goOn.await()));
      Callers.awaitThat("somebody waits", () -> writer.waitingTurns() == 1);
    });

    int swept = database.sweep(600);
    goOn.countDown();

    assertThat(callers.join()).isEmpty();
    assertThat(swept).isEqualTo(256);
    assertThat(database.stats().expired()).isEqualTo(256);
    assertThat(database.sweep(600)).isEqualTo(344);
  }

  @Test
  void sweepThatCanNotBeginIsUnavailable() throws Exception {
    database.close();
    open(options.withLockTimeout(Duration.ofMillis(50)));
    Callers callers = Callers.onPlatformThreads();
    CountDownLatch holds = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    callers.start(() ->
        database.transact(() -> {
          holds.countDown();
          goOn.await();
        }));
    holds.await();

    assertThatThrownBy(() -> database.sweep(1)).isInstanceOf(KvException.Unavailable.class);

    goOn.countDown();
    assertThat(callers.join()).isEmpty();
  }

  @Test
  void sweepRunsByItselfAtItsInterval() {
    database.close();
    open(options.withSweepInterval(Duration.ofMillis(5)));
    fillWithExpired(300);
    hits.add("a", 1);
    Callers.awaitThat("words are swept", () -> database.stats().expired() == 300);
    clock.advance(Duration.ofMinutes(3));

    Callers.awaitThat("counters are swept", () -> database.stats().expired() == 301);

    assertThat(kept()).containsExactly(0L, 0L, 0L);
  }

  @Test
  void shortestIntervalOfTheOpenHandlesCounts() {
    if (place != Place.FILE) {
      assertThat(database.sweep(1)).isZero();
      return;
    }
    fillWithExpired(10);
    assertThat(sweeperThreads()).isZero();

    try (Database eager = place.open(directory, options.withSweepInterval(Duration.ofMillis(5)))) {
      Callers.awaitThat("all are swept", () -> eager.stats().expired() == 10);
    }

    assertThat(kept()).containsExactly(0L, 0L, 0L);
  }

  private long sweeperThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("latchkey-kv-sweep " + directory))
        .count();
  }

  private void fillWithExpired(int entries) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < entries; i++) {
      values.put("key-" + i, "1");
    }
    database
        .store(StoreSpec.of("words", Codec.text()).expireAfter(Duration.ofMillis(1)))
        .putAll(values);
    clock.advance(Duration.ofMillis(1));
  }

  /// Returns how many rows words, others and hits have, expired ones included.
  private List<Long> kept() {
    return List.of(
        place.rows(database, Table.Kind.ENTRIES, "words"),
        place.rows(database, Table.Kind.ENTRIES, "others"),
        place.rows(database, Table.Kind.COUNTERS, "hits"));
  }

  private static Expiry after(int minutes) {
    return Expiry.after(Duration.ofMinutes(minutes));
  }
}
