package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
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

  /// To change what is there, say how. Of many callers who change one entry, each is heard.
  @Test
  void changeWhatIsThere() {
    try (Database database = Database.inMemory(DatabaseOptions.defaults())) {
      Store<Price> prices = database.store(PRICES);

      prices.update("apple", new Price(60), price -> new Price(price.cents() + 5));
      prices.update("apple", new Price(60), price -> new Price(price.cents() + 5));

      assertThat(prices.get("apple")).contains(new Price(70));
    }
  }

  /// Several entries at once: stored together or not at all, and read at one moment.
  @Test
  void severalAtOnce() {
    try (Database database = Database.inMemory(DatabaseOptions.defaults())) {
      Store<Price> prices = database.store(PRICES);

      prices.putAll(Map.of("apple", new Price(60), "pear", new Price(80)));

      assertThat(prices.getAll(List.of("apple", "plum")))
          .containsExactly(Map.entry("apple", new Price(60)));
    }
  }

  /// Keys are in order, so a prefix is a folder. Read it page by page: the next page comes after
  /// the last key of this one.
  @Test
  void lookThroughKeysInOrder() {
    try (Database database = Database.inMemory(DatabaseOptions.defaults())) {
      Store<String> baskets = database.store(StoreSpec.of("baskets", Codec.text()));
      baskets.putAll(Map.of("ada/1", "apple", "ada/2", "pear", "ada/3", "plum", "bob/1", "nut"));
      KeyRange range = KeyRange.prefix("ada/");

      List<Entry<String>> first = baskets.scan(range, 2);
      List<Entry<String>> second = baskets.scan(range.after(first.getLast().key()), 2);

      assertThat(first).extracting(Entry::value).containsExactly("apple", "pear");
      assertThat(second).extracting(Entry::value).containsExactly("plum");
      assertThat(baskets.count(range)).isEqualTo(3);
    }
  }

  /// Where a map is wanted, a store is one.
  @Test
  void aStoreIsAMap() {
    try (Database database = Database.inMemory(DatabaseOptions.defaults())) {
      ConcurrentMap<String, Price> prices = database.store(PRICES).asMap();

      prices.put("apple", new Price(60));
      prices.merge("apple", new Price(5), (old, more) -> new Price(old.cents() + more.cents()));

      assertThat(prices).containsExactly(Map.entry("apple", new Price(65)));
    }
  }

  /// Counters add up, within a window if they expire: the first addition starts it. `tryAdd` is a
  /// limit that no race gets past.
  @Test
  void countAndLimit() {
    HandClock clock = new HandClock();
    try (Database database = Database.inMemory(DatabaseOptions.defaults().withClock(clock))) {
      Counters logins = database.counters("logins", Expiry.after(Duration.ofHours(1)));

      assertThat(logins.tryAdd("ada", 1, 2)).isTrue();
      assertThat(logins.tryAdd("ada", 1, 2)).isTrue();
      assertThat(logins.tryAdd("ada", 1, 2)).isFalse();

      clock.advance(Duration.ofHours(1));
      assertThat(logins.tryAdd("ada", 1, 2)).isTrue();
      assertThat(logins.get("ada")).isEqualTo(1);
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

  /// A snapshot is one view of everything: what belongs together is read together, whoever writes
  /// meanwhile. It holds up nobody, and lasts for 30 seconds at most.
  @Test
  void oneViewOfEverything() {
    try (Database database = Database.open(directory.resolve("shop.db"))) {
      Store<Price> prices = database.store(PRICES);
      Counters sold = database.counters("sold", Expiry.never());
      prices.put("apple", new Price(60));
      sold.add("apple", 3);

      long turnover =
          database.snapshot(() -> prices.get("apple").orElseThrow().cents() * sold.get("apple"));

      assertThat(turnover).isEqualTo(180);
    }
  }

  /// What has expired is gone at once, and swept out of the file once a minute, or when you ask.
  @Test
  void sweepOutWhatHasExpired() {
    HandClock clock = new HandClock();
    try (Database database = Database.inMemory(DatabaseOptions.defaults().withClock(clock))) {
      Store<String> sessions = database.store(StoreSpec.of("sessions", Codec.text()));
      sessions.put("ada", "basket 7", Expiry.after(Duration.ofMinutes(30)));
      clock.advance(Duration.ofMinutes(30));

      assertThat(sessions.contains("ada")).isFalse();
      assertThat(database.sweep(1_000)).isEqualTo(1);
    }
  }

  /// A backup is made while the application works on. It's a database like any other.
  @Test
  void backUpAndLookInside() throws IOException {
    Path copy = directory.resolve("copy.db");
    try (Database database = Database.open(directory.resolve("shop.db"))) {
      database.store(PRICES).put("apple", new Price(60));
      database.backupTo(copy);
    }

    try (Database database = Database.open(copy)) {
      assertThat(database.check()).isEmpty();
      assertThat(database.store(PRICES).get("apple")).contains(new Price(60));
    }
  }

  /// A listener is told what happens, for your metrics; the stats are there for the asking.
  @Test
  void watchIt() {
    AtomicInteger commits = new AtomicInteger();
    DatabaseListener metrics =
        event -> {
          switch (event) {
            case DatabaseListener.Event.Committed committed ->
                commits.addAndGet(committed.transactions());
            default -> {}
          }
        };
    DatabaseOptions options = DatabaseOptions.defaults().withListener(metrics);
    try (Database database = Database.open(directory.resolve("shop.db"), options)) {
      database.store(PRICES).put("apple", new Price(60));

      DatabaseStats stats = database.stats();
      assertThat(stats.transactions()).isEqualTo(commits.get());
      assertThat(stats.commits()).isLessThanOrEqualTo(stats.transactions());
      assertThat(stats.sizeBytes()).isPositive();
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
