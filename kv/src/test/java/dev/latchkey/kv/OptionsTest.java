package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionsTest {

  private static final DatabaseOptions DEFAULTS = DatabaseOptions.defaults();
  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());

  @TempDir Path directory;

  @Test
  void defaultsAreThoseOfTheDocumentation() {
    assertThat(DEFAULTS)
        .isEqualTo(
            new DatabaseOptions(
                DatabaseOptions.Durability.EVERY_COMMIT,
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                1024 * 1024,
                1024L * 1024 * 1024,
                16L * 1024 * 1024,
                InstantSource.system(),
                DatabaseListener.none()));
  }

  @Test
  void eachCopyDiffersInOneComponent() {
    HandClock clock = new HandClock();
    DatabaseListener listener = event -> {};
    Duration hour = Duration.ofHours(1);

    assertCopy(
        DEFAULTS.withDurability(DatabaseOptions.Durability.RELAXED),
        DatabaseOptions::durability,
        DatabaseOptions.Durability.RELAXED);
    assertCopy(DEFAULTS.withLockTimeout(hour), DatabaseOptions::lockTimeout, hour);
    assertCopy(DEFAULTS.withSweepInterval(hour), DatabaseOptions::sweepInterval, hour);
    assertCopy(DEFAULTS.withSnapshotTimeout(hour), DatabaseOptions::snapshotTimeout, hour);
    assertCopy(DEFAULTS.withMaxValueBytes(7), DatabaseOptions::maxValueBytes, 7);
    assertCopy(DEFAULTS.withWalLimitBytes(7), DatabaseOptions::walLimitBytes, 7L);
    assertCopy(DEFAULTS.withCacheBytes(7), DatabaseOptions::cacheBytes, 7L);
    assertCopy(DEFAULTS.withClock(clock), DatabaseOptions::clock, clock);
    assertCopy(DEFAULTS.withListener(listener), DatabaseOptions::listener, listener);
  }

  private static void assertCopy(
      DatabaseOptions copy, Function<DatabaseOptions, Object> component, Object value) {
    List<Function<DatabaseOptions, Object>> components =
        List.of(
            DatabaseOptions::durability,
            DatabaseOptions::lockTimeout,
            DatabaseOptions::sweepInterval,
            DatabaseOptions::snapshotTimeout,
            DatabaseOptions::maxValueBytes,
            DatabaseOptions::walLimitBytes,
            DatabaseOptions::cacheBytes,
            DatabaseOptions::clock,
            DatabaseOptions::listener);
    assertThat(component.apply(copy)).isEqualTo(value);
    assertThat(components)
        .filteredOn(each -> !each.apply(copy).equals(each.apply(DEFAULTS)))
        .hasSize(1);
  }

  @Test
  void componentsOutOfTheirBoundsAreRefused() {
    Duration tooShort = Duration.ofNanos(999_999);
    Duration negative = Duration.ofMillis(-1);
    List<ThrowingCallable> wrong =
        List.of(
            () -> DEFAULTS.withLockTimeout(Duration.ZERO),
            () -> DEFAULTS.withLockTimeout(tooShort),
            () -> DEFAULTS.withLockTimeout(negative),
            () -> DEFAULTS.withSnapshotTimeout(Duration.ZERO),
            () -> DEFAULTS.withSnapshotTimeout(tooShort),
            () -> DEFAULTS.withSweepInterval(tooShort),
            () -> DEFAULTS.withSweepInterval(negative),
            () -> DEFAULTS.withMaxValueBytes(0),
            () -> DEFAULTS.withWalLimitBytes(0),
            () -> DEFAULTS.withCacheBytes(-1));
    for (int i = 0; i < wrong.size(); i++) {
      assertThatThrownBy(wrong.get(i)).as("%d", i).isInstanceOf(IllegalArgumentException.class);
    }

    assertThat(DEFAULTS.withSweepInterval(Duration.ZERO).withCacheBytes(0)).isNotNull();
  }

  @Test
  void farTimeoutsDoNotOverflow() {
    Duration ever = Duration.ofSeconds(Long.MAX_VALUE);
    DatabaseOptions patient =
        DEFAULTS.withLockTimeout(ever).withSnapshotTimeout(ever).withSweepInterval(ever);
    try (Database database = Database.open(file(), patient)) {
      Store<String> words = database.store(WORDS);
      words.put("a", "1");

      assertThat(database.<Long, RuntimeException>snapshot(() -> words.count(KeyRange.all())))
          .isEqualTo(1);
      assertThat(database.query("SELECT 'text'", Place::text)).containsExactly("text");
    }
  }

  @Test
  void databaseWithoutACacheWorks() {
    try (Database database = Database.open(file(), DEFAULTS.withCacheBytes(0))) {
      Store<String> words = database.store(WORDS);
      words.put("a", "1");

      assertThat(words.get("a")).contains("1");
      words.remove("a");
      assertThat(words.get("a")).isEmpty();
    }
  }

  @Test
  void lockTimeoutIsEachHandlesOwn() throws Exception {
    Callers callers = Callers.onPlatformThreads();
    CountDownLatch holds = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Database patient = Database.open(file());
        Database hasty = Database.open(file(), DEFAULTS.withLockTimeout(Duration.ofMillis(20)))) {
      patient.store(WORDS);
      callers.start(() ->
          patient.transact(() -> {
            holds.countDown();
            goOn.await();
          }));
      holds.await();
      Writer writer = ((SqlDatabase) patient).engine().writer();
      callers.start(() -> patient.store(WORDS).put("patient", "1"));
      Callers.awaitThat("the patient one waits", () -> writer.waitingTurns() == 1);

      assertThatThrownBy(() -> hasty.store(WORDS).put("hasty", "1"))
          .isInstanceOf(KvException.Unavailable.class)
          .hasMessageContaining("20 ms");
      goOn.countDown();

      assertThat(callers.join()).isEmpty();
      assertThat(patient.store(WORDS).get("patient")).contains("1");
      assertThat(patient.store(WORDS).contains("hasty")).isFalse();
    }
  }

  @Test
  void commitThatTakesLongIsNotUnavailable() throws Exception {
    Duration timeout = Duration.ofMillis(100);
    DatabaseOptions options =
        DEFAULTS
            .withLockTimeout(timeout)
            .withListener(event -> SnapshotTest.passTime(timeout.plusMillis(50)));
    try (Database database = Database.open(file(), options)) {
      Store<String> words = database.store(WORDS);
      Callers virtual = Callers.onVirtualThreads();

      words.put("platform", "1");
      virtual.start(() -> words.put("virtual", "1"));

      assertThat(virtual.join()).isEmpty();
      assertThat(words.get("platform")).contains("1");
      assertThat(words.get("virtual")).contains("1");
    }
  }

  @Test
  void limitOfValuesIsThatOfTheEngine() {
    try (Database database = Database.open(file(), DEFAULTS.withMaxValueBytes(3))) {
      Store<String> words = database.store(WORDS);
      words.put("a", "123");

      assertThatThrownBy(() -> words.put("a", "1234"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("limit 3")
          .hasMessageNotContaining("1234");
      assertThatThrownBy(() -> words.update("a", "1", value -> value + "4"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(words.get("a")).contains("123");
    }
    try (Database database = Database.open(file(), DEFAULTS.withMaxValueBytes(1))) {
      assertThat(database.store(WORDS).get("a")).contains("123");
    }
  }

  private Path file() {
    return directory.resolve("data.db");
  }
}
