package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testkit.Scale;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
  private static final DatabaseOptions DEFAULTS = DatabaseOptions.defaults();

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"FILE, 0", "FILE, 4096", "FILE, 16777216", "MEMORY, 4096", "MEMORY, 16777216"})
  void readsNeverGoBackInTimeBesideManyWriters(Place place, long cacheBytes) throws Exception {
    long seed = System.nanoTime();
    try (Database database = place.open(directory, DEFAULTS.withCacheBytes(cacheBytes))) {
      CoherenceRun run = new CoherenceRun(database, seed);

      List<String> faults = run.during(Duration.ofMillis(Scale.pick(250, 3_000, 60_000)));

      assertThat(faults).as("seed %d", seed).isEmpty();
      assertThat(run.writes()).isPositive();
      assertThat(run.reads()).isPositive();
    }
  }

  /// The run would find a cache that is behind.
  @Test
  void forgottenInvalidationIsFound() throws Exception {
    long seed = System.nanoTime();
    try (Database database = Place.FILE.open(directory, DEFAULTS)) {
      CoherenceRun run = new CoherenceRun(database, seed).forgettingToInvalidate();

      List<String> faults = run.during(Duration.ofMillis(400));

      assertThat(faults).as("seed %d", seed).isNotEmpty();
    }
  }

  @Test
  void valueHandedOutIsACopyEvenWhereTheCodecGivesOutItsBytes() {
    Codec<byte[]> same = Codec.of(Function.identity(), Function.identity());
    for (Codec<byte[]> codec : List.of(same, Codec.bytes())) {
      try (Database database = Database.inMemory(DEFAULTS)) {
        Store<byte[]> store = database.store(StoreSpec.of("raw", codec));
        byte[] given = {1, 2, 3};
        store.put("a", given);

        given[0] = 9;
        store.get("a").orElseThrow()[1] = 9;
        store.get("a").orElseThrow()[1] = 9;
        store.entry("a").orElseThrow().value()[2] = 9;
        store.scan(KeyRange.all(), 1).getFirst().value()[2] = 9;

        assertThat(store.get("a").orElseThrow()).containsExactly(1, 2, 3);
      }
    }
  }

  @Test
  void cachedEntryIsAbsentOnceItsDeadlineHasCome() {
    HandClock clock = new HandClock();
    try (Database database = Place.FILE.open(directory, DEFAULTS.withClock(clock))) {
      Store<String> words = database.store(WORDS);
      words.put("a", "1", Expiry.after(Duration.ofMinutes(1)));
      assertThat(words.get("a")).contains("1");
      assertThat(words.get("a")).contains("1");

      clock.advance(Duration.ofMinutes(1));

      assertThat(words.get("a")).isEmpty();
      assertThat(words.entry("a")).isEmpty();
      database.sweep(10);
      words.put("a", "2");
      assertThat(words.get("a")).contains("2");
    }
  }

  @Test
  void hotReadIsServedWithoutTheFile() {
    try (Database database = Place.FILE.open(directory, DEFAULTS)) {
      Store<String> words = database.store(WORDS);
      words.put("a", "1");
      EntryCache cache = ((SqlDatabase) database).engine().cache();
      EntryCache.Key key = new EntryCache.Key(tableOf(database), "a");
      assertThat(cache.find(key)).isNull();

      assertThat(words.get("a")).contains("1");

      assertThat(cache.find(key)).isNotNull();
      words.put("a", "2");
      assertThat(cache.find(key)).isNull();
    }
  }

  @Test
  void whatATransactionChangedIsCachedForNobodyBeforeItsCommit() {
    try (Database database = Place.FILE.open(directory, DEFAULTS)) {
      Store<String> words = database.store(WORDS);
      words.put("a", "1");

      try {
        database.transact(() -> {
          words.put("a", "2");
          assertThat(words.get("a")).contains("2");
          throw new IllegalStateException("on purpose");
        });
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("on purpose");
      }

      assertThat(words.get("a")).contains("1");
      assertThat(words.get("a")).contains("1");
    }
  }

  @Test
  void transactionThatChangesMoreKeysThanAreRememberedLeavesNothingOldBehind() {
    int many = 10_500;
    try (Database database = Place.FILE.open(directory, DEFAULTS)) {
      Store<String> words = database.store(WORDS);
      words.put("key-" + (many - 1), "old");
      assertThat(words.get("key-" + (many - 1))).contains("old");

      database.transact(() -> {
        for (int i = 0; i < many; i++) {
          words.put("key-" + i, "new");
        }
      });

      assertThat(words.get("key-" + (many - 1))).contains("new");
    }
  }

  /// Readers put in what they read while everything is taken out, again and again.
  @Test
  void nothingThatIsBehindIsLeftWhereEverythingIsTakenOut() throws Exception {
    EntryCache cache = new EntryCache(1 << 20);
    EntryCache.Key key = new EntryCache.Key(Table.ofEntries(WORDS), "a");
    AtomicLong file = new AtomicLong();
    AtomicLong behind = new AtomicLong();
    long end = System.nanoTime() + Duration.ofMillis(Scale.pick(200, 5_000, 60_000)).toNanos();
    Callers callers = Callers.onPlatformThreads();
    for (int i = 0; i < 4; i++) {
      callers.start(() -> {
        while (System.nanoTime() - end < 0) {
          int mark = cache.mark(key);
          cache.keep(key, new Encoded(file.get(), 0, false, new byte[0]), mark);
        }
      });
    }
    callers.start(() -> {
      while (System.nanoTime() - end < 0) {
        cache.beforeCommit(null);
        long now = file.incrementAndGet();
        cache.afterCommit();
        Encoded found = cache.find(key);
        behind.addAndGet(found != null && found.version() < now ? 1 : 0);
      }
    });

    assertThat(callers.join(Duration.ofSeconds(60))).isEmpty();

    assertThat(file.get()).isPositive();
    assertThat(behind).hasValue(0);
  }

  @Test
  void entryThatWouldTakeUpMuchOfTheCacheIsNotKept() {
    try (Database database = Place.FILE.open(directory, DEFAULTS.withCacheBytes(80_000))) {
      Store<String> words = database.store(WORDS);
      words.put("large", "x".repeat(20_000));

      assertThat(words.get("large")).contains("x".repeat(20_000));

      EntryCache cache = ((SqlDatabase) database).engine().cache();
      assertThat(cache.find(new EntryCache.Key(tableOf(database), "large"))).isNull();
    }
  }

  private static Table tableOf(Database database) {
    return ((SqlDatabase) database).engine().claim(Table.ofEntries(WORDS));
  }
}
