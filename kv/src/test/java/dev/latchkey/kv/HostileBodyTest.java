package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies that block, throw, or swallow what they are told: they harm nobody else, and nobody is
/// told a false success.
@ParameterizedClass
@EnumSource(Place.class)
class HostileBodyTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
  private static final DatabaseOptions PATIENT =
      DatabaseOptions.defaults().withLockTimeout(Duration.ofSeconds(20));
  private static final DatabaseOptions HASTY =
      DatabaseOptions.defaults().withLockTimeout(Duration.ofMillis(300));

  private final Place place;
  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  HostileBodyTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    open(PATIENT);
  }

  private void open(DatabaseOptions options) {
    database = place.open(directory, options);
    words = database.store(WORDS);
    database.update("CREATE TABLE IF NOT EXISTS note (text TEXT UNIQUE)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void bodyThatBlocksIsNamedToThoseWhoWaitInVain() throws Exception {
    database.close();
    open(HASTY);
    Callers holder = Callers.onPlatformThreads();
    Callers callers = Callers.onPlatformThreads();
    CountDownLatch goOn = new CountDownLatch(1);
    startBlocked(holder, "holder", goOn);

    callers.start(() -> words.put("a", "1"));
    callers.start(() -> words.remove("a"));
    callers.start(() -> database.transact(() -> words.put("a", "1")));
    callers.start(() -> database.update("INSERT INTO note VALUES ('a')"));
    callers.start(() -> database.store(StoreSpec.of("late", Codec.text())));

    assertThat(callers.join())
        .hasSize(5)
        .allSatisfy(thrown ->
            assertThat(thrown)
                .isInstanceOf(KvException.Unavailable.class)
                .hasMessageContaining("300 ms")
                .hasMessageContaining("thread \"the blocker\"")
                .hasMessageContaining("must not wait for another thread's write"));
    goOn.countDown();
    assertThat(holder.join()).isEmpty();
    assertThat(words.get("holder")).contains("held");
    assertThat(words.contains("a")).isFalse();
    assertThat(notes()).isEmpty();
  }

  @Test
  void groupIsCutBeforeABodyIfSomebodyHasWaitedForItsCommit() throws Exception {
    Callers first = Callers.onPlatformThreads();
    Callers last = Callers.onPlatformThreads();
    CountDownLatch start = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    startBlocked(first, "first", start);
    first.start(() -> words.put("command", "done"));
    awaitWaiting(1);
    first.start(() ->
        database.transact(() -> {
          words.put("slow", "done");
          spinFor(Duration.ofMillis(20));
        }));
    awaitWaiting(2);
    startWaiting(
        last,
        3,
        () ->
            database.transact(() -> {
              words.put("last", "done");
              goOn.await();
            }));

    start.countDown();

    // Were they in the last one's group, they would be told after it only.
    assertThat(first.join()).isEmpty();
    assertThat(goOn.getCount()).isEqualTo(1);
    goOn.countDown();
    assertThat(last.join()).isEmpty();
    for (String name : List.of("first", "command", "slow", "last")) {
      assertThat(words.contains(name)).isTrue();
    }
  }

  @Test
  void bodyThatWaitsForAnotherThreadsWriteEndsAtItsLockTimeout() throws Exception {
    database.close();
    open(HASTY);
    Callers callers = Callers.onPlatformThreads();

    database.transact(() -> {
      words.put("outer", "kept");
      callers.start(() -> words.put("inner", "lost"));

      assertThat(callers.join())
          .singleElement()
          .satisfies(thrown ->
              assertThat(thrown)
                  .isInstanceOf(KvException.Unavailable.class)
                  .hasMessageContaining(Thread.currentThread().getName())
                  .hasMessageContaining("must not wait for another thread's write"));
    });

    assertThat(words.get("outer")).contains("kept");
    assertThat(words.contains("inner")).isFalse();
  }

  @Test
  void closingInABodyIsRefusedAndTheHandleStaysOpen() {
    database.transact(() -> {
      words.put("before", "kept");
      assertThatThrownBy(database::close).isInstanceOf(IllegalStateException.class);
      database.transact(
          () -> assertThatThrownBy(database::close).isInstanceOf(IllegalStateException.class));
      database.query(
          "SELECT 1",
          row -> assertThatThrownBy(database::close).isInstanceOf(IllegalStateException.class));
      words.put("after", "kept");
    });

    assertThat(words.get("before")).contains("kept");
    assertThat(words.get("after")).contains("kept");
  }

  @Test
  void interruptBeforeOrWithinABodyIsKeptAndTheBodyCommitted() {
    Thread.currentThread().interrupt();
    words.put("command", "kept");
    assertThat(Thread.interrupted()).isTrue();

    Thread.currentThread().interrupt();
    database.transact(() -> words.put("before", "kept"));
    assertThat(Thread.interrupted()).isTrue();

    database.transact(() -> {
      words.put("within", "kept");
      Thread.currentThread().interrupt();
      database.update("INSERT INTO note VALUES ('within')");
    });
    assertThat(Thread.interrupted()).isTrue();

    assertThat(words.contains("command")).isTrue();
    assertThat(words.contains("before")).isTrue();
    assertThat(words.contains("within")).isTrue();
    assertThat(notes()).containsExactly("within");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void interruptWhileWaitingChangesNothingAndIsKept(boolean virtual) throws Exception {
    Callers holder = Callers.onPlatformThreads();
    CountDownLatch goOn = new CountDownLatch(1);
    startBlocked(holder, "holder", goOn);
    Callers callers = virtual ? Callers.onVirtualThreads() : Callers.onPlatformThreads();
    Thread waiting =
        startWaiting(
            callers,
            1,
            () -> {
              Throwable thrown = catchThrowable(() -> database.transact(() -> words.put("a", "1")));
              assertThat(thrown)
                  .isInstanceOf(KvException.Unavailable.class)
                  .hasMessageContaining("interrupted");
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
            });

    waiting.interrupt();

    assertThat(callers.join()).isEmpty();
    goOn.countDown();
    assertThat(holder.join()).isEmpty();
    assertThat(words.contains("a")).isFalse();
    assertThat(words.contains("holder")).isTrue();
  }

  @Test
  void whateverABodyThrowsIsThrownOnAndUndoesItAlone() throws Exception {
    for (Throwable thrown :
        List.of(
            new IOException("on purpose"),
            new InterruptedException("on purpose"),
            new IllegalStateException("on purpose"),
            new AssertionError("on purpose"),
            new StackOverflowError("on purpose"),
            new OutOfMemoryError("on purpose"),
            new NoClassDefFoundError("on purpose"))) {
      String name = thrown.getClass().getSimpleName();
      Callers callers = Callers.onPlatformThreads();
      CountDownLatch goOn = new CountDownLatch(1);
      startBlocked(callers, name + "-before", goOn);
      startWaiting(
          callers,
          1,
          () ->
              assertThat(
                      catchThrowable(() ->
                          database.transact(() -> {
                            words.put(name, "lost");
                            database.update("INSERT INTO note VALUES (?)", name);
                            throw unchecked(thrown);
                          })))
                  .isSameAs(thrown));
      startWaiting(callers, 2, () -> words.put(name + "-after", "kept"));
      startWaiting(callers, 3, () -> database.transact(() -> words.put(name + "-body", "kept")));

      goOn.countDown();

      assertThat(callers.join()).isEmpty();
      assertThat(words.contains(name)).isFalse();
      assertThat(words.contains(name + "-before")).isTrue();
      assertThat(words.contains(name + "-after")).isTrue();
      assertThat(words.contains(name + "-body")).isTrue();
    }
    assertThat(notes()).isEmpty();
  }

  @Test
  void bodyThatSwallowsAFailedNestedOneKeepsTheRest() {
    StoreSpec<String> inside = StoreSpec.of("made_inside", Codec.text());

    database.transact(() -> {
      words.put("before", "kept");
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() ->
                database.transact(() -> {
                  words.put("before", "lost");
                  words.put("nested", "lost");
                  database.update("INSERT INTO note VALUES ('nested')");
                  database.update("CREATE TABLE nested (a)");
                  database.store(inside).put("a", "lost");
                  throw new IOException("on purpose");
                }))
            .isInstanceOf(IOException.class);
      }
      database.update("INSERT INTO note VALUES ('after')");
      database.store(inside).put("b", "kept");
    });

    assertThat(words.get("before")).contains("kept");
    assertThat(words.contains("nested")).isFalse();
    assertThat(notes()).containsExactly("after");
    assertThat(database.store(inside).contains("a")).isFalse();
    assertThat(database.store(inside).get("b")).contains("kept");
    database.update("CREATE TABLE nested (b)");
  }

  private static void spinFor(Duration time) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < time.toNanos()) {
      Thread.onSpinWait();
    }
  }

  /// Starts a body that holds the writer until the latch is counted down.
  private void startBlocked(Callers callers, String key, CountDownLatch goOn) throws Exception {
    CountDownLatch inBody = new CountDownLatch(1);
    callers.start(() -> {
      Thread.currentThread().setName("the blocker");
      database.transact(() -> {
        words.put(key, "held");
        inBody.countDown();
        goOn.await();
      });
    });
    assertThat(inBody.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /// Starts a caller and returns once that many are waiting.
  private Thread startWaiting(Callers callers, int waiting, Callers.Task task) {
    Thread thread = callers.start(task);
    awaitWaiting(waiting);
    return thread;
  }

  private void awaitWaiting(int waiting) {
    Writer writer = ((SqlDatabase) database).engine().writer();
    Callers.awaitThat(waiting + " are waiting", () -> writer.waitingTurns() == waiting);
  }

  private List<String> notes() {
    return database.query("SELECT text FROM note ORDER BY text", Place::text);
  }

  /// Throws anything.
  @SuppressWarnings("unchecked")
  private static <X extends Throwable> RuntimeException unchecked(Throwable thrown) throws X {
    throw (X) thrown;
  }
}
