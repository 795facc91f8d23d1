package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Place.class)
class ListenerTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());

  private final Place place;
  private final HandClock clock = new HandClock();
  private final Heard heard = new Heard();
  @TempDir Path directory;

  ListenerTest(Place place) {
    this.place = place;
  }

  /// A listener which remembers.
  private static final class Heard implements DatabaseListener {
    final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();

    @Override
    public void on(Event event) {
      events.add(event);
    }

    <T> List<T> all(Class<T> kind) {
      return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
  }

  private Database open(DatabaseListener listener) {
    return place.open(
        directory, DatabaseOptions.defaults().withClock(clock).withListener(listener));
  }

  @Test
  void committedIsToldOfEachCommitWithItsTransactions() throws Exception {
    try (Database database = open(heard)) {
      Store<String> words = database.store(WORDS);
      Callers callers = Callers.onVirtualThreads();
      for (int i = 0; i < 20; i++) {
        String key = "key-" + i;
        callers.start(() -> words.put(key, "1"));
      }
      assertThat(callers.join()).isEmpty();

      List<DatabaseListener.Event.Committed> told =
          heard.all(DatabaseListener.Event.Committed.class);
      DatabaseStats stats = database.stats();
      assertThat(told).hasSize((int) stats.commits());
      assertThat(told.stream().mapToInt(DatabaseListener.Event.Committed::transactions).sum())
          .isEqualTo((int) stats.transactions());
      assertThat(told).allMatch(event -> !event.took().isNegative());
    }
  }

  @Test
  void readsAndRollbacksAreNoCommits() {
    try (Database database = open(heard)) {
      Store<String> words = database.store(WORDS);
      int before = heard.events.size();

      words.get("a");
      words.count(KeyRange.all());
      database.snapshot(() -> words.get("a"));
      assertThatThrownBy(() ->
              database.transact(() -> {
                throw new IllegalStateException("on purpose");
              }))
          .hasMessage("on purpose");

      assertThat(heard.events).hasSize(before);
    }
  }

  @Test
  void bodyThatHoldsTheWriterForLongIsTold() {
    try (Database database = open(heard)) {
      database.transact(() -> SnapshotTest.passTime(Duration.ofMillis(101)));

      assertThat(heard.all(DatabaseListener.Event.HeldTooLong.class))
          .singleElement()
          .satisfies(event -> assertThat(event.took()).isGreaterThan(Duration.ofMillis(100)));
    }
  }

  @Test
  void bodyThatFailsAfterHoldingTheWriterForLongIsToldToo() {
    try (Database database = open(heard)) {
      assertThatThrownBy(() ->
              database.transact(() -> {
                SnapshotTest.passTime(Duration.ofMillis(101));
                throw new IllegalStateException("on purpose");
              }))
          .hasMessage("on purpose");

      assertThat(heard.all(DatabaseListener.Event.HeldTooLong.class)).hasSize(1);
    }
  }

  @Test
  void sweptIsToldIfAnythingWasRemoved() {
    try (Database database = open(heard)) {
      Store<String> words = database.store(WORDS);
      words.put("a", "1", Expiry.after(Duration.ofMinutes(1)));
      words.put("b", "1", Expiry.after(Duration.ofMinutes(1)));
      database.sweep(10);
      assertThat(heard.all(DatabaseListener.Event.Swept.class)).isEmpty();
      clock.advance(Duration.ofMinutes(1));

      database.sweep(10);

      assertThat(heard.all(DatabaseListener.Event.Swept.class))
          .singleElement()
          .satisfies(event -> assertThat(event.entries()).isEqualTo(2));
    }
  }

  @Test
  void listenerThatThrowsIsLoggedAndNotToldAgain() {
    AtomicInteger told = new AtomicInteger();
    DatabaseListener broken =
        event -> {
          told.incrementAndGet();
          throw new IllegalStateException("on purpose");
        };
    List<LogRecord> logged = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger("dev.latchkey.kv");
    Handler handler = handler(logged);
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try (Database database = open(broken)) {
      Store<String> words = database.store(WORDS);

      words.put("a", "1");
      words.put("a", "2");

      assertThat(words.get("a")).contains("2");
    } finally {
      logger.setUseParentHandlers(true);
      logger.removeHandler(handler);
    }

    assertThat(told).hasValue(1);
    assertThat(logged)
        .singleElement()
        .satisfies(line -> {
          assertThat(line.getLevel()).isEqualTo(Level.WARNING);
          assertThat(line.getThrown()).hasMessage("on purpose");
        });
  }

  private static Handler handler(List<LogRecord> logged) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        logged.add(line);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void listenersOfTwoHandlesDifferAndEachIsToldWhileItsHandleIsOpen() {
    Heard other = new Heard();
    try (Database first = open(heard)) {
      first.store(WORDS).put("a", "1");
      int before = heard.events.size();
      Database second = open(other);
      second.store(WORDS).put("a", "2");

      if (place == Place.FILE) {
        assertThat(heard.events).hasSizeGreaterThan(before);
      } else {
        // Two databases in memory have nothing to do with each other.
        assertThat(heard.events).hasSize(before);
      }
      int ofSecond = other.events.size();
      assertThat(ofSecond).isPositive();
      second.close();
      first.store(WORDS).put("a", "3");
      assertThat(other.events).hasSize(ofSecond);
    }
  }

  @Test
  void brokenListenerOfOneHandleDoesNotSilenceAnothers() {
    DatabaseListener broken =
        event -> {
          throw new AssertionError("on purpose");
        };
    Logger.getLogger("dev.latchkey.kv").setFilter(line -> false);
    try (Database first = open(broken);
        Database second = open(heard)) {
      Store<String> words = first.store(WORDS);
      words.put("a", "1");
      words.put("a", "2");
      second.store(WORDS).put("a", "3");

      assertThat(heard.events).isNotEmpty();
    } finally {
      Logger.getLogger("dev.latchkey.kv").setFilter(null);
    }
  }
}
