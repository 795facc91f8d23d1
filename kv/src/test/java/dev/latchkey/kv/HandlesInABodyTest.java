package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandlesInABodyTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
  private static final DatabaseOptions OPTIONS =
      DatabaseOptions.defaults().withLockTimeout(Duration.ofMillis(300));

  @TempDir Path directory;
  private Database first;
  private Database second;
  private Database other;

  @BeforeEach
  void open() {
    first = Database.open(directory.resolve("data.db"), OPTIONS);
    second = Database.open(directory.resolve("data.db"), OPTIONS);
    other = Database.open(directory.resolve("other.db"), OPTIONS);
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
    other.close();
  }

  @Test
  void twoHandlesOfAFileAreOneTransaction() {
    Store<String> mine = first.store(WORDS);
    Store<String> theirs = second.store(WORDS);

    first.transact(() -> {
      mine.put("a", "1");
      assertThat(theirs.get("a")).contains("1");
      second.transact(() -> theirs.put("b", "1"));
      second.update("CREATE TABLE note (text TEXT)");
    });
    assertThatThrownBy(() ->
            first.transact(() -> {
              mine.put("a", "2");
              theirs.put("b", "2");
              second.update("INSERT INTO note VALUES ('lost')");
              throw new IllegalStateException("on purpose");
            }))
        .hasMessage("on purpose");

    assertThat(mine.get("a")).contains("1");
    assertThat(mine.get("b")).contains("1");
    assertThat(first.query("SELECT text FROM note", Place::text)).isEmpty();
  }

  @Test
  void handleThatIsClosedCanNotJoinTheTransactionOfAnother() {
    Store<String> mine = first.store(WORDS);
    Store<String> theirs = second.store(WORDS);
    second.close();

    first.transact(() -> {
      mine.put("a", "1");
      assertThatThrownBy(() -> theirs.put("b", "1")).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> second.transact(() -> 1)).isInstanceOf(IllegalStateException.class);
    });

    assertThat(mine.get("a")).contains("1");
    assertThat(mine.contains("b")).isFalse();
  }

  @Test
  void handleOfAnotherFileHasATransactionOfItsOwn() {
    Store<String> mine = first.store(WORDS);
    Store<String> elsewhere = other.store(WORDS);

    assertThatThrownBy(() ->
            first.transact(() -> {
              mine.put("a", "lost");
              elsewhere.put("command", "kept");
              other.transact(() -> elsewhere.put("body", "kept"));
              assertThatThrownBy(() ->
                      other.transact(() -> {
                        elsewhere.put("failed", "lost");
                        mine.put("b", "lost");
                        throw new IllegalStateException("the inner one");
                      }))
                  .hasMessage("the inner one");
              assertThat(mine.contains("b")).isTrue();
              throw new IllegalStateException("the outer one");
            }))
        .hasMessage("the outer one");

    assertThat(mine.contains("a")).isFalse();
    assertThat(mine.contains("b")).isFalse();
    assertThat(elsewhere.contains("command")).isTrue();
    assertThat(elsewhere.contains("body")).isTrue();
    assertThat(elsewhere.contains("failed")).isFalse();
  }

  @Test
  void handleOfAnotherFileMayBeClosedInABody() {
    Store<String> mine = first.store(WORDS);

    first.transact(() -> {
      mine.put("a", "1");
      other.close();
      mine.put("b", "1");
    });

    assertThat(mine.contains("a")).isTrue();
    assertThat(mine.contains("b")).isTrue();
  }

  @Test
  void filesTakenInOppositeOrdersAreNotADeadlockForEver() throws Exception {
    Store<String> mine = first.store(WORDS);
    Store<String> elsewhere = other.store(WORDS);
    CyclicBarrier bothHold = new CyclicBarrier(2);
    Callers forth = Callers.onPlatformThreads();
    Callers back = Callers.onPlatformThreads();

    forth.start(() -> takeBoth(first, mine, other, elsewhere, bothHold));
    back.start(() -> takeBoth(other, elsewhere, first, mine, bothHold));

    List<Throwable> toldForth = forth.join();
    List<Throwable> toldBack = back.join();
    assertThat(toldForth.size() + toldBack.size()).isPositive();
    assertThat(toldForth).allMatch(KvException.Unavailable.class::isInstance);
    assertThat(toldBack).allMatch(KvException.Unavailable.class::isInstance);
    // The outer transaction ends with the inner one's failure, which it doesn't catch.
    assertThat(mine.contains("outer")).isEqualTo(toldForth.isEmpty());
    assertThat(elsewhere.contains("outer")).isEqualTo(toldBack.isEmpty());
    assertThat(elsewhere.contains("inner")).isEqualTo(toldForth.isEmpty());
    assertThat(mine.contains("inner")).isEqualTo(toldBack.isEmpty());
  }

  private static void takeBoth(
      Database outer, Store<String> words, Database inner, Store<String> others, CyclicBarrier both)
      throws Exception {
    outer.transact(() -> {
      words.put("outer", "1");
      both.await();
      inner.transact(() -> others.put("inner", "1"));
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void interruptInTheCommitIsKeptAndTheCommitWaitedFor(boolean virtual) throws Exception {
    AtomicReference<@Nullable Thread> victim = new AtomicReference<>();
    CountDownLatch interrupted = new CountDownLatch(1);
    DatabaseFile file = DatabaseFile.at(DatabaseFile.resolve(directory.resolve("watched.db")));
    try (Database watched =
        WatchedConnection.open(file, OPTIONS, new Interrupter(victim, interrupted))) {
      Store<String> words = watched.store(WORDS);
      Callers callers = virtual ? Callers.onVirtualThreads() : Callers.onPlatformThreads();

      callers.start(() -> {
        victim.set(Thread.currentThread());
        watched.transact(() -> words.put("a", "1"));
        assertThat(interrupted.getCount()).isZero();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
      });

      assertThat(callers.join()).isEmpty();
      assertThat(words.get("a")).contains("1");
    }
  }

  /// Interrupts a thread whose commit is about to run.
  private record Interrupter(AtomicReference<@Nullable Thread> victim, CountDownLatch done)
      implements WatchedConnection.Watcher {
    @Override
    public void before(String sql) {
      Thread thread = victim.get();
      if (sql.equals("COMMIT") && thread != null) {
        thread.interrupt();
        done.countDown();
      }
    }

    @Override
    public void after(String sql) {}
  }
}
