package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two handles of one file: calls join by engine, whichever handle they're made through.
class HandlesTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());

  @TempDir Path directory;
  private Database first;
  private Database second;

  @BeforeEach
  void open() {
    first = Database.open(directory.resolve("data.db"));
    second = Database.open(directory.resolve("data.db"));
    first.store(WORDS).put("a", "1");
  }

  @AfterEach
  void close() {
    second.close();
    first.close();
  }

  @Test
  void twoHandlesInOneBodyAreOneTransaction() {
    Thread caller = Thread.currentThread();

    assertThatThrownBy(() ->
            first.transact(() -> {
              assertThat(Thread.currentThread()).isSameAs(caller);
              first.store(WORDS).put("a", "2");
              assertThat(second.store(WORDS).get("a")).contains("2");
              second.transact(() -> second.store(WORDS).put("b", "2"));
              second.counters("hits", Expiry.never()).add("a", 1);
              throw new IllegalStateException("on purpose");
            }))
        .hasMessage("on purpose");

    assertThat(second.store(WORDS).get("a")).contains("1");
    assertThat(second.store(WORDS).contains("b")).isFalse();
    assertThat(first.storeNames()).containsExactly("words");
  }

  @Test
  void snapshotOfOneHandleIsTheOneOfTheOther() {
    first.snapshot(() -> {
      assertThat(second.store(WORDS).get("a")).contains("1");
      assertThatThrownBy(() -> second.store(WORDS).put("a", "2"))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> second.transact(() -> true))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(second::close).isInstanceOf(IllegalStateException.class);
      return true;
    });
  }

  @Test
  void snapshotInATransactionOfTheOtherHandleIsItsOwnView() {
    first.transact(() -> {
      first.store(WORDS).put("a", "2");
      second.snapshot(() -> assertThat(second.store(WORDS).get("a")).contains("2"));
    });
  }

  @Test
  void twoDatabasesInOneBodyAreTwoTransactions() {
    try (Database other = Database.open(directory.resolve("other.db"))) {
      assertThatThrownBy(() ->
              first.transact(() -> {
                first.store(WORDS).put("a", "lost");
                other.transact(() -> other.store(WORDS).put("a", "kept"));
                assertThat(first.store(WORDS).get("a")).contains("lost");
                throw new IllegalStateException("on purpose");
              }))
          .hasMessage("on purpose");

      assertThat(first.store(WORDS).get("a")).contains("1");
      assertThat(other.store(WORDS).get("a")).contains("kept");
    }
  }

  @Test
  void bodyThatWaitsForAnothersWriteEndsWithAMessageThatSaysSo() throws Exception {
    DatabaseOptions hasty = DatabaseOptions.defaults().withLockTimeout(Duration.ofMillis(50));
    try (Database impatient = Database.open(directory.resolve("data.db"), hasty)) {
      first.transact(() -> {
        Callers other = Callers.onPlatformThreads();
        other.start(() -> impatient.store(WORDS).put("a", "2"));
        // Here the body waits for a write that waits for the body.
        assertThat(other.join())
            .singleElement()
            .isInstanceOf(KvException.Unavailable.class)
            .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
            .hasMessageContaining(Thread.currentThread().getName())
            .hasMessageContaining("must not wait for another thread's write");
      });
    }

    assertThat(first.store(WORDS).get("a")).contains("1");
  }

  @Test
  void logAndCacheAreThoseOfTheFirstHandle() {
    DatabaseOptions options = DatabaseOptions.defaults();
    try (Database third =
        Database.open(
            directory.resolve("data.db"), options.withCacheBytes(0).withWalLimitBytes(1))) {
      Engine engine = ((SqlDatabase) third).engine();

      assertThat(engine.options().cacheBytes()).isEqualTo(options.cacheBytes());
      assertThat(engine.options().walLimitBytes()).isEqualTo(options.walLimitBytes());
      assertThat(third.store(WORDS).get("a")).contains("1");
    }
  }

  @Test
  void stopIsToldOnceToTheListenersOfAllHandles() throws Exception {
    List<DatabaseListener.Event> heard = new CopyOnWriteArrayList<>();
    DatabaseOptions options = DatabaseOptions.defaults().withListener(heard::add);
    try (Database third = Database.open(directory.resolve("data.db"), options)) {
      Files.delete(directory.resolve("data.db"));

      assertThatThrownBy(() -> first.store(WORDS).put("a", "2"))
          .isInstanceOf(KvException.OutcomeUnknown.class);
      assertThatThrownBy(() -> third.store(WORDS).get("a"))
          .isInstanceOf(KvException.Stopped.class)
          .hasMessageContaining("removed");

      assertThat(heard)
          .filteredOn(DatabaseListener.Event.Stopped.class::isInstance)
          .singleElement()
          .asString()
          .contains("removed");
    }
  }

  @Test
  void storesOfAClosedHandleAreRefusedWhileTheOtherWorksOn() {
    Store<String> ofFirst = first.store(WORDS);
    first.close();

    assertThatThrownBy(() -> ofFirst.get("a")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> second.transact(() -> ofFirst.put("a", "2")))
        .isInstanceOf(IllegalStateException.class);
    second.store(WORDS).put("a", "3");

    assertThat(second.store(WORDS).get("a")).contains("3");
  }
}
