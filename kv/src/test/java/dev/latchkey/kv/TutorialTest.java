package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The manual. Read it from top to bottom.
class TutorialTest {

  @TempDir Path directory;

  /// Open a file, name a store, put and get. A put has reached the disk when it returns.
  @Test
  void firstMinute() {
    try (Database database = Database.open(directory.resolve("shop.db"))) {
      Store<String> sessions = database.store(StoreSpec.of("sessions", Codec.text()));

      sessions.put("ada", "basket 7");

      assertThat(sessions.get("ada")).contains("basket 7");
    }
  }

  /// Keep what describes a store in a constant. Its codec turns your values into bytes; two
  /// functions are enough.
  record Price(int cents) {}

  private static final StoreSpec<Price> PRICES =
      StoreSpec.of(
          "prices",
          Codec.of(
              price -> String.valueOf(price.cents()).getBytes(StandardCharsets.UTF_8),
              bytes -> new Price(Integer.parseInt(new String(bytes, StandardCharsets.UTF_8)))));

  @Test
  void valuesOfYourOwn() {
    try (Database database = Database.inMemory(DatabaseOptions.defaults())) {
      Store<Price> prices = database.store(PRICES);

      prices.put("apple", new Price(60));

      assertThat(prices.get("apple")).contains(new Price(60));
    }
  }

  /// Every part of an application may open the file for itself. They share one engine, so that
  /// their writes queue instead of failing as busy, and each closes its own handle.
  @Test
  void openTheFileWhereverYouNeedIt() {
    Path file = directory.resolve("shop.db");
    Database checkout = Database.open(file);
    Database catalogue = Database.open(file);

    catalogue.store(PRICES).put("apple", new Price(60));
    catalogue.close();

    assertThat(checkout.store(PRICES).get("apple")).contains(new Price(60));
    checkout.close();
  }

  /// Entries may expire, each after its own time or all after that of the store.
  @Test
  void entriesExpire() {
    HandClock clock = new HandClock();
    try (Database database = Database.inMemory(DatabaseOptions.defaults().withClock(clock))) {
      Store<String> sessions =
          database.store(
              StoreSpec.of("sessions", Codec.text()).expireAfter(Duration.ofMinutes(30)));
      sessions.put("ada", "basket 7");
      sessions.put("root", "basket 0", Expiry.never());

      clock.advance(Duration.ofMinutes(30));

      assertThat(sessions.get("ada")).isEmpty();
      assertThat(sessions.get("root")).contains("basket 0");
    }
  }

  /// Of several callers who claim a name, exactly one gets it. And what was read is replaced only
  /// if nobody else has replaced it since.
  @Test
  void claimAndReplace() {
    try (Database database = Database.inMemory(DatabaseOptions.defaults())) {
      Store<String> owners = database.store(StoreSpec.of("owners", Codec.text()));

      assertThat(owners.putIfAbsent("job-7", "ada")).isTrue();
      assertThat(owners.putIfAbsent("job-7", "bob")).isFalse();

      Entry<String> read = owners.entry("job-7").orElseThrow();
      assertThat(owners.compareAndSet(read, "eve")).isTrue();
      assertThat(owners.compareAndSet(read, "bob")).isFalse();
    }
  }

  /// A transaction covers all stores and your own tables: all of it becomes durable, or nothing.
  /// Calls made by its body, on its thread, belong to it by themselves.
  @Test
  void allOrNothing() {
    try (Database database = Database.open(directory.resolve("shop.db"))) {
      Store<String> baskets = database.store(StoreSpec.of("baskets", Codec.text()));
      database.update("CREATE TABLE sale (id INTEGER PRIMARY KEY, what TEXT, cents INTEGER)");
      baskets.put("ada", "apple");

      long sale =
          database.transact(() -> {
            baskets.remove("ada");
            return database
                .query(
                    "INSERT INTO sale (what, cents) VALUES (?, ?) RETURNING id",
                    row -> row.number(1),
                    "apple",
                    60)
                .getFirst();
          });
      assertThatThrownBy(() ->
              database.transact(() -> {
                database.update("DELETE FROM sale");
                throw new IllegalStateException("the printer is on fire");
              }))
          .hasMessage("the printer is on fire");

      assertThat(baskets.contains("ada")).isFalse();
      assertThat(database.query("SELECT id FROM sale", row -> row.number(1))).containsExactly(sale);
    }
  }

  /// The kind of a failure says what you may do. [KvException.Unavailable]: try again.
  /// [KvException.Rejected]: mend the statement. [KvException.OutcomeUnknown] and
  /// [KvException.Stopped]: close, open, look.
  @Test
  void failuresSayWhatToDo() {
    try (Database database = Database.inMemory(DatabaseOptions.defaults())) {
      database.update("CREATE TABLE guest (name TEXT UNIQUE)");
      database.update("INSERT INTO guest (name) VALUES (?)", "ada");

      assertThatThrownBy(() -> database.update("INSERT INTO guest (name) VALUES (?)", "ada"))
          .isInstanceOf(KvException.Rejected.class);
      assertThatThrownBy(() -> database.update("PRAGMA synchronous = OFF"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
