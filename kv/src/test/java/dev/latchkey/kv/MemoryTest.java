package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A database in memory has one connection, which everybody takes in turn.
class MemoryTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());

  private final Callers callers = Callers.onPlatformThreads();
  private Database database;
  private Store<String> words;

  @BeforeEach
  void open() {
    database = Database.inMemory(DatabaseOptions.defaults().withLockTimeout(Duration.ofMillis(50)));
    words = database.store(WORDS);
    words.put("a", "1");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void snapshotTakesTheWritersTurn() throws Exception {
    try (Hold hold = new Hold()) {
      callers.start(() ->
          database.snapshot(() -> {
            hold.keep();
            return words.get("a");
          }));
      hold.awaitReached();

      assertThatThrownBy(() -> words.put("a", "2")).isInstanceOf(KvException.Unavailable.class);
      hold.letGo();

      assertThat(callers.join()).isEmpty();
    }
    words.put("a", "2");
    assertThat(words.get("a")).contains("2");
  }

  @Test
  void readsWaitForTheTransactionUnderWayUnlessTheyAreCached() throws Exception {
    words.put("b", "1");
    assertThat(words.get("a")).contains("1");
    try (Hold hold = new Hold()) {
      callers.start(() ->
          database.transact(() -> {
            words.put("b", "2");
            hold.keep();
          }));
      hold.awaitReached();

      assertThatThrownBy(() -> words.get("b")).isInstanceOf(KvException.Unavailable.class);
      assertThat(words.get("a")).contains("1");
      hold.letGo();

      assertThat(callers.join()).isEmpty();
    }
    assertThat(words.get("b")).contains("2");
  }

  @Test
  void nothingIsSeenOfATransactionThatFails() throws Exception {
    try (Hold hold = new Hold();
        Database patient = Database.inMemory(DatabaseOptions.defaults())) {
      Store<String> store = patient.store(WORDS);
      callers.start(() ->
          assertThatThrownBy(() ->
                  patient.transact(() -> {
                    store.put("a", "lost");
                    hold.keep();
                    throw new IllegalStateException("on purpose");
                  }))
              .hasMessage("on purpose"));
      hold.awaitReached();
      callers.start(() -> assertThat(store.get("a")).isEmpty());
      Writer writer = ((SqlDatabase) patient).engine().writer();
      Callers.awaitThat("the reader waits", () -> writer.waitingTurns() == 1);

      hold.letGo();

      assertThat(callers.join()).isEmpty();
    }
  }

  @Test
  void everyDatabaseIsOfItsOwn() {
    try (Database other = Database.inMemory(DatabaseOptions.defaults())) {
      assertThat(other.storeNames()).isEmpty();
      other.store(WORDS).put("a", "2");

      assertThat(words.get("a")).contains("1");
    }
  }
}
