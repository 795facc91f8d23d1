package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Does the same to a database and to a [Model], and compares what they answer.
final class ModelRun implements AutoCloseable {

  static final List<String> KEYS = List.of("a", "b", "b\uffff", "b\ud800\udc00", "c");

  private static final Duration LIFETIME = Duration.ofMillis(4);

  /// Which store or counters a step is about, by number.
  static final List<StoreSpec<String>> STORES =
      List.of(
          StoreSpec.of("lasting", Codec.text()),
          StoreSpec.of("brief", Codec.text()).expireAfter(LIFETIME),
          StoreSpec.of("large", Codec.text()).ofLargeValues());

  static final List<String> COUNTERS = List.of("totals", "windows");
  static final List<Expiry> EXPIRIES = List.of(Expiry.never(), Expiry.after(LIFETIME));

  private final Place place;
  private final Path directory;
  private final boolean keepingUndone;
  private final HandClock clock = new HandClock();
  private final List<Store<String>> stores = new ArrayList<>();
  private final List<Counters> counters = new ArrayList<>();
  private final Map<String, Read> reads = new HashMap<>();
  private final Map<Long, Long> versions = new HashMap<>();
  private final Model model = new Model();
  private Database database;

  /// One thing done to both.
  @FunctionalInterface
  interface Step {
    void on(ModelRun run);
  }

  /// An entry that was read some time ago, and the write it came from.
  private record Read(Entry<String> entry, long serial) {}

  /// @param keepingUndone plants a bug: the model keeps what a transaction did that failed
  ModelRun(Place place, Path directory, boolean keepingUndone) {
    this.place = place;
    this.directory = directory;
    this.keepingUndone = keepingUndone;
    this.database = open();
  }

  private Database open() {
    moveClock(0);
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .withClock(clock)
            .withSweepInterval(Duration.ZERO)
            .withDurability(DatabaseOptions.Durability.RELAXED);
    Database opened = place.open(directory, options);
    stores.clear();
    counters.clear();
    for (StoreSpec<String> spec : STORES) {
      stores.add(opened.store(spec));
      model.create(spec.name());
    }
    for (int i = 0; i < COUNTERS.size(); i++) {
      counters.add(opened.counters(COUNTERS.get(i), EXPIRIES.get(i)));
      model.create(COUNTERS.get(i));
    }
    return opened;
  }

  @Override
  public void close() {
    database.close();
  }

  void run(List<Step> steps) {
    for (Step step : steps) {
      step.on(this);
      if (!model.isInTransaction()) {
        check();
      }
    }
  }

  private static String name(int store) {
    return STORES.get(store).name();
  }

  private static Expiry defaultExpiry(int store) {
    return STORES.get(store).defaultExpiry();
  }

  /// Compares what both answer, failures included.
  private static void same(Supplier<?> actual, Supplier<?> expected) {
    assertThat(outcome(actual)).isEqualTo(outcome(expected));
  }

  private static Object outcome(Supplier<?> call) {
    try {
      return Objects.requireNonNullElse(call.get(), "nothing");
    } catch (ArithmeticException e) {
      return ArithmeticException.class;
    }
  }

  void put(int store, String key, String text, Expiry expiry) {
    stores.get(store).put(key, text, expiry);
    model.put(name(store), key, text, expiry);
  }

  void putIfAbsent(int store, String key, String text, Expiry expiry) {
    same(
        () -> stores.get(store).putIfAbsent(key, text, expiry),
        () -> model.putIfAbsent(name(store), key, text, expiry));
  }

  void putAll(int store, List<String> keys, String text) {
    Map<String, String> entries = new LinkedHashMap<>();
    keys.forEach(key -> entries.put(key, text + key));
    stores.get(store).putAll(entries);
    model.create(name(store));
    entries.forEach((key, value) -> model.put(name(store), key, value, defaultExpiry(store)));
  }

  void update(int store, String key, String more) {
    same(
        () -> stores.get(store).update(key, "new", text -> text + more),
        () -> model.update(name(store), key, "new", text -> text + more, defaultExpiry(store)));
  }

  void touch(int store, String key, Expiry expiry) {
    same(() -> stores.get(store).touch(key, expiry), () -> model.touch(name(store), key, expiry));
  }

  void remove(int store, String key) {
    same(() -> stores.get(store).remove(key), () -> model.remove(name(store), key));
  }

  void read(int store, String key) {
    Model.Value expected = model.find(name(store), key);
    Optional<Entry<String>> actual = stores.get(store).entry(key);
    assertThat(actual.map(Entry::value))
        .isEqualTo(Optional.ofNullable(expected).map(Model.Value::text));
    assertThat(stores.get(store).get(key)).isEqualTo(actual.map(Entry::value));
    assertThat(stores.get(store).contains(key)).isEqualTo(expected != null);
    if (expected != null) {
      reads.put(name(store) + key, new Read(actual.orElseThrow(), expected.serial()));
    }
  }

  /// Replaces what was read some time ago, if it is still there.
  void compareAndSet(int store, String key, String text) {
    Read read = reads.get(name(store) + key);
    if (read != null) {
      same(
          () -> stores.get(store).compareAndSet(read.entry(), text),
          () -> model.compareAndSet(name(store), key, read.serial(), text));
    }
  }

  void removeRead(int store, String key) {
    Read read = reads.get(name(store) + key);
    if (read != null) {
      same(
          () -> stores.get(store).remove(read.entry()),
          () -> model.remove(name(store), key, read.serial()));
    }
  }

  void merge(int store, String key, String more) {
    same(
        () -> stores.get(store).asMap().merge(key, more, String::concat),
        () -> {
          Model.Value before = model.find(name(store), key);
          return model.update(
              name(store),
              key,
              more,
              text -> before == null ? more : text + more,
              defaultExpiry(store));
        });
  }

  void add(int which, String key, long delta) {
    same(
        () -> counters.get(which).add(key, delta),
        () -> model.add(COUNTERS.get(which), key, delta, EXPIRIES.get(which)));
  }

  void tryAdd(int which, String key, long delta, long max) {
    same(
        () -> counters.get(which).tryAdd(key, delta, max),
        () -> model.tryAdd(COUNTERS.get(which), key, delta, max, EXPIRIES.get(which)));
  }

  void removeCount(int which, String key) {
    same(() -> counters.get(which).remove(key), () -> model.removeCount(COUNTERS.get(which), key));
  }

  void moveClock(long millis) {
    clock.advance(Duration.ofMillis(millis));
    model.setClock(clock.instant());
    // What the database reads of the clock outside of a transaction, it reads here too.
    model.now();
  }

  void drop(int which) {
    String name = which < STORES.size() ? name(which) : COUNTERS.get(which - STORES.size());
    same(() -> database.drop(name), () -> model.drop(name));
  }

  void sweep(int limit) {
    if (model.isInTransaction()) {
      assertThatThrownBy(() -> database.sweep(limit)).isInstanceOf(IllegalStateException.class);
    } else {
      same(() -> database.sweep(limit), () -> model.sweep(limit));
      // Which of several with one deadline went is open, so all of them go.
      same(() -> database.sweep(1_000), () -> model.sweep(1_000));
    }
  }

  void snapshot() {
    database.snapshot(() -> {
      check();
      return true;
    });
  }

  void reopen() {
    if (model.isInTransaction()) {
      assertThatThrownBy(database::close).isInstanceOf(IllegalStateException.class);
      return;
    }
    database.close();
    // Versions of writes that were undone may come again.
    reads.clear();
    if (place == Place.MEMORY) {
      model.clear();
      versions.clear();
    }
    database = open();
  }

  /// Thrown by a body, so that it is undone.
  private static final class Undone extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  void transact(List<Step> steps, boolean fails) {
    model.begin();
    boolean kept = false;
    try {
      database.transact(() -> {
        run(steps);
        if (fails) {
          throw new Undone();
        }
      });
      kept = true;
    } catch (Undone e) {
      assertThat(fails).isTrue();
    } finally {
      model.end(kept || keepingUndone);
    }
  }

  /// Compares everything there is.
  private void check() {
    model.now();
    assertThat(database.storeNames()).isEqualTo(model.names());
    for (int i = 0; i < STORES.size(); i++) {
      checkStore(stores.get(i), model.live(name(i)));
    }
    for (int i = 0; i < COUNTERS.size(); i++) {
      for (String key : KEYS) {
        assertThat(counters.get(i).get(key)).isEqualTo(model.count(COUNTERS.get(i), key));
      }
    }
  }

  private void checkStore(Store<String> store, Map<String, Model.Value> expected) {
    List<Entry<String>> actual = store.scan(KeyRange.all(), 100);
    assertThat(actual).hasSize(expected.size());
    for (Entry<String> entry : actual) {
      Model.Value value = requireNonNull(expected.get(entry.key()), entry.key());
      assertThat(entry.value()).isEqualTo(value.text());
      assertThat(millis(entry)).isEqualTo(value.deadline());
      assertThat(versions.putIfAbsent(entry.version(), value.serial()))
          .as("the write with version %d", entry.version())
          .isIn(null, value.serial());
    }
    assertThat(store.count(KeyRange.all())).isEqualTo(expected.size());
    Map<String, String> texts = new HashMap<>();
    expected.forEach((key, value) -> texts.put(key, value.text()));
    assertThat(store.getAll(KEYS)).isEqualTo(texts);
    // Served from the cache where there is one.
    KEYS.forEach(key -> assertThat(store.get(key)).isEqualTo(Optional.ofNullable(texts.get(key))));
  }

  private static @Nullable Long millis(Entry<String> entry) {
    return entry.expiresAt() == null ? null : entry.expiresAt().toEpochMilli();
  }
}
