package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {

  private static final StoreSpec<String> LEFT = StoreSpec.of("left_store", Codec.text());
  private static final StoreSpec<String> RIGHT = StoreSpec.of("right_store", Codec.text());
  private static final int CALLERS = 64;
  private static final int WRITES = 20;

  @TempDir Path directory;
  private Database database;
  private Database other;
  private Store<String> left;
  private Store<String> right;

  @BeforeEach
  void open() {
    DatabaseOptions options = DatabaseOptions.defaults().withLockTimeout(Duration.ofSeconds(30));
    database = Database.open(directory.resolve("data.db"), options);
    other = Database.open(directory.resolve("data.db"), options);
    left = database.store(LEFT);
    right = other.store(RIGHT);
    database.update("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT UNIQUE)");
  }

  @AfterEach
  void close() {
    other.close();
    database.close();
  }

  @Test
  void sixtyFourThreadsNeverSeeBusyAndShareCommits() throws Exception {
    writeFromAll(Callers.onPlatformThreads());
  }

  @Test
  void sixtyFourVirtualThreadsNeverSeeBusyAndShareCommits() throws Exception {
    writeFromAll(Callers.onVirtualThreads());
  }

  private void writeFromAll(Callers callers) throws Exception {
    long before = database.stats().commits();
    for (int caller = 0; caller < CALLERS; caller++) {
      String name = "caller-" + caller + "-";
      callers.start(() -> {
        for (int i = 0; i < WRITES; i++) {
          left.put(name + i, "left");
          right.put(name + i, "right");
        }
      });
    }

    assertThat(callers.join()).isEmpty();

    int writes = 2 * CALLERS * WRITES;
    assertThat(database.stats().commits() - before).isLessThan(writes / 2);
    for (int caller = 0; caller < CALLERS; caller++) {
      for (int i = 0; i < WRITES; i++) {
        assertThat(left.get("caller-" + caller + "-" + i)).contains("left");
        assertThat(right.get("caller-" + caller + "-" + i)).contains("right");
      }
    }
  }

  @Test
  void bodiesOnPlatformThreadsShareACommit() throws Exception {
    bodiesShareACommit(Callers.onPlatformThreads());
  }

  @Test
  void bodiesOnVirtualThreadsShareACommit() throws Exception {
    bodiesShareACommit(Callers.onVirtualThreads());
  }

  private void bodiesShareACommit(Callers callers) throws Exception {
    CountDownLatch goOn = holdTheWriter(callers);
    long before = database.stats().commits();
    for (int i = 0; i < 30; i++) {
      String name = "body-" + i;
      callers.start(() ->
          database.transact(() -> {
            database.update("INSERT INTO note (text) VALUES (?)", name);
            left.put(name, "done");
          }));
    }
    Callers.awaitThat("all are waiting", () -> writer().waitingTurns() == 30);

    goOn.countDown();

    assertThat(callers.join()).isEmpty();
    assertThat(database.stats().commits() - before).isLessThan(15);
    assertThat(count("SELECT count(*) FROM note")).isEqualTo(30);
  }

  @Test
  void failedBodyIsUndoneAlone() throws Exception {
    Callers callers = Callers.onPlatformThreads();
    CountDownLatch goOn = holdTheWriter(callers);
    for (int i = 0; i < 10; i++) {
      String name = "body-" + i;
      boolean fails = i % 3 == 0;
      callers.start(() -> {
        if (!fails) {
          database.transact(() -> left.put(name, "kept"));
          return;
        }
        assertThatThrownBy(() ->
                database.transact(() -> {
                  left.put(name, "lost");
                  throw new IllegalArgumentException("on purpose");
                }))
            .hasMessage("on purpose");
      });
    }
    Callers.awaitThat("all are waiting", () -> writer().waitingTurns() == 10);

    goOn.countDown();

    assertThat(callers.join()).isEmpty();
    for (int i = 0; i < 10; i++) {
      assertThat(left.contains("body-" + i)).isEqualTo(i % 3 != 0);
    }
  }

  @Test
  void whereSqliteUndoesTheTransactionNobodyOfTheGroupIsToldASuccess() throws Exception {
    database.update(
        """
        CREATE TRIGGER bomb BEFORE INSERT ON note WHEN NEW.text = 'bomb'
        BEGIN SELECT RAISE(ROLLBACK, 'boom'); END
        """);
    Callers holder = Callers.onPlatformThreads();
    Callers bomber = Callers.onPlatformThreads();
    CountDownLatch goOn = holdTheWriter(holder);
    bomber.start(() -> {
      // A body which doesn't care about errors must not write on outside of a transaction.
      assertThatThrownBy(() ->
              database.transact(() -> {
                assertThatThrownBy(() -> database.update("INSERT INTO note (text) VALUES ('bomb')"))
                    .isInstanceOf(KvException.Unavailable.class);
                assertThatThrownBy(() -> left.put("after", "bomb"))
                    .isInstanceOf(KvException.Unavailable.class);
              }))
          .isInstanceOf(KvException.Unavailable.class);
    });
    Callers.awaitThat("the bomb is waiting", () -> writer().waitingTurns() == 1);

    goOn.countDown();

    assertThat(bomber.join()).isEmpty();
    // The one who held the writer was in the bomb's group, unless that was cut in between.
    List<Throwable> told = holder.join();
    assertThat(told).allMatch(KvException.Unavailable.class::isInstance);
    assertThat(left.contains("holder")).isEqualTo(told.isEmpty());
    assertThat(left.contains("after")).isFalse();
    left.put("later", "works");
    assertThat(left.get("later")).contains("works");
  }

  @Test
  void loneCallerCommitsByItself() {
    long before = database.stats().commits();

    left.put("a", "1");
    left.put("b", "2");

    assertThat(database.stats().commits() - before).isEqualTo(2);
    assertThat(database.stats().transactions()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void callersOfOneGroupAreServedInTheOrderOfTheirArrival() throws Exception {
    Callers callers = Callers.onPlatformThreads();
    CountDownLatch goOn = holdTheWriter(callers);
    for (int i = 0; i < 10; i++) {
      String name = "caller-" + i;
      int waiting = i + 1;
      callers.start(() -> left.put("last", name));
      Callers.awaitThat("is waiting", () -> writer().waitingTurns() == waiting);
    }

    goOn.countDown();

    assertThat(callers.join()).isEmpty();
    assertThat(left.get("last")).contains("caller-9");
  }

  @Test
  void waitForATurnIsBoundedByLockTimeout() throws Exception {
    DatabaseOptions hasty = DatabaseOptions.defaults().withLockTimeout(Duration.ofMillis(50));
    Callers callers = Callers.onPlatformThreads();
    CountDownLatch goOn = holdTheWriter(callers);
    try (Database impatient = Database.open(directory.resolve("data.db"), hasty)) {
      Store<String> store = impatient.store(LEFT);

      assertThatThrownBy(() -> store.put("a", "1"))
          .isInstanceOf(KvException.Unavailable.class)
          .hasMessageContaining("50 ms");
      assertThat(store.get("a")).isEmpty();
      assertThat(writer().waitingTurns()).isZero();
    } finally {
      goOn.countDown();
    }

    assertThat(callers.join()).isEmpty();
    assertThat(left.contains("a")).isFalse();
  }

  @Test
  void interruptWhileWaitingChangesNothingAndIsKept() throws Exception {
    Callers callers = Callers.onPlatformThreads();
    CountDownLatch goOn = holdTheWriter(callers);
    Thread interrupted =
        callers.start(() -> {
          assertThatThrownBy(() -> left.put("a", "1")).isInstanceOf(KvException.Unavailable.class);
          assertThat(Thread.currentThread().isInterrupted()).isTrue();
        });
    Callers.awaitThat("is waiting", () -> writer().waitingTurns() == 1);

    interrupted.interrupt();
    interrupted.join();
    goOn.countDown();

    assertThat(callers.join()).isEmpty();
    assertThat(left.contains("a")).isFalse();
  }

  @Test
  void interruptedThreadsStillCommitAndKeepTheFlag() {
    Thread.currentThread().interrupt();

    database.transact(() -> left.put("a", "1"));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(left.get("a")).contains("1");
  }

  @Test
  void readersDoNotWaitForTheWriter() throws Exception {
    left.put("a", "1");
    Callers callers = Callers.onPlatformThreads();
    CountDownLatch goOn = holdTheWriter(callers);

    assertThat(left.get("a")).contains("1");
    assertThat(left.get("holder")).isEmpty();
    assertThat(count("SELECT count(*) FROM note")).isZero();

    goOn.countDown();
    assertThat(callers.join()).isEmpty();
    assertThat(left.get("holder")).contains("held");
  }

  @Test
  void logIsCopiedIntoTheFileWhileOpenAndStartsOver() throws Exception {
    byte[] value = new byte[1 << 20];
    Store<byte[]> large = database.store(StoreSpec.of("large", Codec.bytes()).ofLargeValues());
    Path log = directory.resolve("data.db-wal");

    for (int i = 0; i < 150; i++) {
      value[0] = (byte) i;
      large.put("key-" + i % 4, value);
    }

    assertThat(log.toFile().length()).isLessThan(100L << 20);
    assertThat(large.get("key-1")).isPresent();
  }

  /// Has a caller hold the writer until the latch is counted down.
  private CountDownLatch holdTheWriter(Callers callers) throws InterruptedException {
    CountDownLatch holds = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    callers.start(() ->
        database.transact(() -> {
          left.put("holder", "held");
          holds.countDown();
          goOn.await();
        }));
    holds.await();
    return goOn;
  }

  private long count(String sql) {
    return database.query(sql, row -> row.number(1)).getFirst();
  }

  private Writer writer() {
    return ((SqlDatabase) database).engine().writer();
  }
}
