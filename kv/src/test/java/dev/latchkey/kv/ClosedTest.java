package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The closing of a handle, and every method after it.
@ParameterizedClass
@EnumSource(Place.class)
class ClosedTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());

  private final Place place;
  @TempDir Path directory;
  private Database database;
  private Store<String> words;
  private Counters hits;
  private Entry<String> entry;

  ClosedTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults());
    words = database.store(WORDS);
    hits = database.counters("hits", Expiry.never());
    words.put("a", "1");
    entry = words.entry("a").orElseThrow();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void everyMethodIsRefusedOnceTheHandleIsClosed() {
    Map<String, String> map = words.asMap();
    database.close();

    List<ThrowingCallable> calls =
        List.of(
            () -> database.store(WORDS),
            () -> database.counters("hits", Expiry.never()),
            () -> database.storeNames(),
            () -> database.drop("words"),
            () -> database.transact(() -> true),
            () -> database.snapshot(() -> true),
            () -> database.update("CREATE TABLE t (id INTEGER)"),
            () -> database.query("SELECT 1", row -> row.number(1)),
            () -> database.dialect(),
            () -> database.backupTo(directory.resolve("copy.db")),
            () -> database.sweep(1),
            () -> database.check(),
            () -> database.stats(),
            () -> words.get("a"),
            () -> words.get("never read"),
            () -> words.contains("a"),
            () -> words.entry("a"),
            () -> words.put("a", "2"),
            () -> words.put("a", "2", Expiry.never()),
            () -> words.putIfAbsent("b", "2"),
            () -> words.putAll(Map.of("b", "2")),
            () -> words.getAll(List.of("a")),
            () -> words.compareAndSet(entry, "2"),
            () -> words.update("a", "2", value -> value),
            () -> words.touch("a", Expiry.never()),
            () -> words.remove("a"),
            () -> words.remove(entry),
            () -> words.scan(KeyRange.all(), 1),
            () -> words.count(KeyRange.all()),
            () -> map.get("a"),
            () -> map.put("a", "2"),
            () -> hits.get("a"),
            () -> hits.add("a", 1),
            () -> hits.tryAdd("a", 1, 1),
            () -> hits.remove("a"));
    for (int i = 0; i < calls.size(); i++) {
      assertThatThrownBy(calls.get(i))
          .as("call %d", i)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void closingAgainHasNoEffect() {
    database.close();

    database.close();
    database.close();
  }

  @Test
  void closeWaitsForTheCallsUnderWay() throws Exception {
    Callers callers = Callers.onPlatformThreads();
    try (Hold hold = new Hold()) {
      callers.start(() ->
          database.transact(() -> {
            hold.keep();
            words.put("a", "2");
          }));
      hold.awaitReached();
      Thread closer = callers.start(database::close);
      Callers.awaitThat("close waits", () -> closer.getState() == Thread.State.WAITING);

      // Nobody new is let in, while the one under way goes on.
      assertThatThrownBy(() -> words.get("a")).isInstanceOf(IllegalStateException.class);
      hold.letGo();

      assertThat(callers.join()).isEmpty();
    }
  }

  @Test
  void interruptedCloseClosesAllTheSameAndKeepsTheFlag() {
    Thread.currentThread().interrupt();

    database.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThatThrownBy(() -> words.get("a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void noThreadIsLeft() {
    database.close();
    Set<Thread> before = ourThreads();
    database = place.open(directory, DatabaseOptions.defaults());
    database.store(WORDS).put("a", "1");
    database.snapshot(() -> true);
    Set<Thread> began = ourThreads();
    began.removeAll(before);

    database.close();

    assertThat(began).isNotEmpty().noneMatch(Thread::isAlive);
  }

  private static Set<Thread> ourThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("latchkey-kv"))
        .collect(Collectors.toSet());
  }

  @Test
  void whatIsInMemoryIsGoneAndWhatIsInAFileIsKept() {
    database.close();

    database = place.open(directory, DatabaseOptions.defaults());

    assertThat(database.store(WORDS).get("a").isPresent()).isEqualTo(place != Place.MEMORY);
  }

  @Test
  void statsBeginAnewWithTheEngine() {
    database.close();

    database = place.open(directory, DatabaseOptions.defaults());

    DatabaseStats stats = database.stats();
    assertThat(stats.transactions()).isZero();
    assertThat(stats.commits()).isZero();
    assertThat(stats.rollbacks()).isZero();
    assertThat(stats.expired()).isZero();
    assertThat(stats.waitingWriters()).isZero();
  }
}
