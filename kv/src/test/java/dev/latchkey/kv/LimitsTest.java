package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Keys, names and values at their limits are taken by every method, and those beyond are refused
/// by every method, with nothing changed and no value in any message.
@ParameterizedClass
@EnumSource(Place.class)
class LimitsTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
  private static final int MOST_BYTES = 100;
  private static final String SMILE = "\ud83d\ude00";
  private static final String FULL = Canary.TEXT + "x".repeat(MOST_BYTES - Canary.TEXT.length());

  private static final List<String> GOOD_KEYS =
      List.of(
          "k",
          " ",
          "\u0001",
          "\uffff",
          "\udbff\udfff",
          "k".repeat(512),
          "\u00fc".repeat(256),
          "\u20ac".repeat(170) + "kk",
          SMILE.repeat(128));

  private static final List<String> BAD_KEYS =
      List.of(
          "",
          "\0",
          "\0k",
          "k\0",
          "k".repeat(513),
          "k".repeat(100_000),
          "\u00fc".repeat(257),
          "\u20ac".repeat(171),
          SMILE.repeat(129),
          "\ud83d",
          "k\ud83d",
          "\ud83dk",
          "\ude00",
          "\ude00\ud83d");

  private final Place place;
  @TempDir Path directory;
  private Database database;
  private Store<String> words;
  private Counters hits;

  LimitsTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    DatabaseOptions options = DatabaseOptions.defaults().withMaxValueBytes(MOST_BYTES);
    database = place.open(directory, options);
    words = database.store(WORDS);
    hits = database.counters("hits", Expiry.never());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void keysAtTheLimitsAreTakenByEveryMethod() {
    for (String key : GOOD_KEYS) {
      writes(key, "value").forEach((name, write) -> write.run());
      reads(key).forEach((name, read) -> read.run());

      words.put(key, "value");
      assertThat(words.entry(key).orElseThrow().key()).isEqualTo(key);
      assertThat(words.asMap()).containsEntry(key, "value");
    }
    assertThat(words.count(KeyRange.all())).isEqualTo(GOOD_KEYS.size());
  }

  @Test
  void keysBeyondTheLimitsAreRefusedByEveryMethod() {
    for (String key : BAD_KEYS) {
      writes(key, Canary.TEXT).forEach((name, write) -> assertRefused(name, key, write::run));
      reads(key).forEach((name, read) -> assertRefused(name, key, read::run));
      database.transact(() ->
          writes(key, Canary.TEXT).forEach((name, write) -> assertRefused(name, key, write::run)));

      assertThat(words.asMap().get(key)).isNull();
      assertThat(words.asMap().containsKey(key)).isFalse();
    }
    assertThat(words.count(KeyRange.all())).isZero();
  }

  private static void assertRefused(String method, String key, ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);

    assertThat(thrown)
        .as("%s of a key of %d", method, key.length())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key");
    assertThat(thrown.getMessage()).hasSizeLessThan(200).doesNotContain("\0");
    Canary.assertSilent(thrown);
  }

  private Map<String, Runnable> writes(String key, String value) {
    Map<String, Runnable> writes = new LinkedHashMap<>();
    writes.put("put", () -> words.put(key, value));
    writes.put("put with an expiry", () -> words.put(key, value, Expiry.never()));
    writes.put("putIfAbsent", () -> words.putIfAbsent(key, value));
    writes.put("putIfAbsent with an expiry", () -> words.putIfAbsent(key, value, Expiry.never()));
    writes.put("putAll", () -> words.putAll(Map.of(key, value)));
    writes.put("compareAndSet", () -> words.compareAndSet(new Entry<>(key, "x", 1, null), value));
    writes.put("update", () -> words.update(key, value, old -> old));
    writes.put("touch", () -> words.touch(key, Expiry.never()));
    writes.put("remove of an entry", () -> words.remove(new Entry<>(key, value, 1, null)));
    writes.put("remove", () -> words.remove(key));
    writes.put("map put", () -> words.asMap().put(key, value));
    writes.put("add", () -> hits.add(key, 1));
    writes.put("tryAdd", () -> hits.tryAdd(key, 1, 10));
    writes.put("remove of a counter", () -> hits.remove(key));
    return writes;
  }

  private Map<String, Runnable> reads(String key) {
    Map<String, Runnable> reads = new LinkedHashMap<>();
    reads.put("get", () -> words.get(key));
    reads.put("contains", () -> words.contains(key));
    reads.put("entry", () -> words.entry(key));
    reads.put("getAll", () -> words.getAll(List.of(key)));
    reads.put("get of a counter", () -> hits.get(key));
    if (!key.isEmpty()) {
      reads.put("prefix", () -> words.count(KeyRange.prefix(key)));
      reads.put("after", () -> words.count(KeyRange.all().after(key)));
    }
    return reads;
  }

  @Test
  void valuesAtTheLimitAreTakenByEveryMethod() {
    valueWrites(FULL)
        .forEach((name, write) -> {
          words.put("old", "old");

          write.accept("old");

          assertThat(words.get("old")).as(name).contains(FULL);
        });
    words.remove("old");
    assertThat(words.putIfAbsent("new", FULL)).isTrue();
    assertThat(words.get("new")).contains(FULL);
  }

  @Test
  void valuesBeyondTheLimitAreRefusedByEveryMethodAndChangeNothing() {
    String tooLong = FULL + "x";
    words.put("old", "old");

    valueWrites(tooLong)
        .forEach((name, write) -> {
          assertThat(catchThrowable(() -> write.accept("old")))
              .as(name)
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("101")
              .hasMessageContaining("100")
              .satisfies(Canary::assertSilent);
          assertThat(words.get("old")).as(name).contains("old");
        });
    assertThatThrownBy(() -> words.putIfAbsent("new", tooLong))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(Canary::assertSilent);
    assertThatThrownBy(() -> words.putAll(Map.of("new", "short", "newer", tooLong)))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(Canary::assertSilent);

    assertThat(words.count(KeyRange.all())).isEqualTo(1);
  }

  private Map<String, Consumer<String>> valueWrites(String value) {
    Map<String, Consumer<String>> writes = new LinkedHashMap<>();
    writes.put("put", key -> words.put(key, value));
    writes.put("put with an expiry", key -> words.put(key, value, Expiry.never()));
    writes.put("putAll", key -> words.putAll(Map.of(key, value)));
    writes.put("compareAndSet", key -> words.compareAndSet(words.entry(key).orElseThrow(), value));
    writes.put("update", key -> words.update(key, "none", old -> value));
    writes.put("map replace", key -> words.asMap().replace(key, value));
    writes.put("map compute", key -> words.asMap().compute(key, (k, old) -> value));
    return writes;
  }

  @Test
  void namesOfStoresHaveTheirLimits() {
    for (String name : List.of("a", "z9", "a_", "a".repeat(48), "kv_meta", "select")) {
      Store<String> store = database.store(StoreSpec.of(name, Codec.text()));
      store.put("key", name);
      assertThat(store.get("key")).contains(name);
      assertThat(database.storeNames()).contains(name);
      assertThat(database.drop(name)).isTrue();
    }
    for (String name :
        List.of(
            "",
            "A",
            "aB",
            "_a",
            "9a",
            "a-b",
            "a.b",
            "a b",
            "a\0",
            "a\n",
            "\u00e4",
            "a\u00e4",
            "a'",
            "a\"",
            "a;b",
            "a".repeat(49),
            "a".repeat(100_000))) {
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> StoreSpec.of(name, Codec.text()),
              () -> database.counters(name, Expiry.never()),
              () -> database.drop(name))) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
        assertThat(catchThrowable(call).getMessage()).hasSizeLessThan(200);
      }
    }
    assertThat(database.storeNames()).containsExactly("hits", "words");
  }

  @Test
  void messagesOfTheDatabaseShowNoArgument() {
    String secret = Canary.TEXT;
    database.update(
        """
        CREATE TABLE t (n INTEGER CHECK (n <> 7), u TEXT UNIQUE, r TEXT NOT NULL) STRICT
        """);
    database.update("INSERT INTO t VALUES (1, ?, ?)", secret, secret);

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> database.update("INSERT INTO t VALUES (2, ?, ?)", secret, secret),
            () -> database.update("INSERT INTO t VALUES (7, ?, ?)", secret + 1, secret),
            () -> database.update("INSERT INTO t VALUES (2, ?, NULL)", secret + 2),
            () -> database.update("INSERT INTO t VALUES (?, 'x', 'x')", secret),
            () -> database.update("INSERT INTO t VALUES (json(?), 'x', 'x')", secret),
            () -> database.update("INSERT INTO nowhere VALUES (?)", secret),
            () -> database.update("INSERT INTO t VALUES (?)", secret),
            () -> database.update("INSERT INTO t VALUES (1, 'x', ?)", secret + "\ud83d"),
            () -> database.update("INSERT INTO t (n) VALUES (?, ?)", secret, secret),
            () -> database.query("SELECT nothing FROM t WHERE u = ?", Place::text, secret),
            () -> database.update("COMMIT -- ?", secret),
            () -> database.update("INSERT INTO t VALUES (?, 'x', 'x')", List.of(secret)),
            () -> words.put("key", secret + "\ud83d"),
            () -> words.update("key", secret, old -> secret.repeat(100)),
            () -> database.store(unreadable()).put("key", secret),
            () -> database.store(unreadable()).get("key"))) {
      Throwable thrown = catchThrowable(call);
      if (thrown != null) {
        Canary.assertSilent(thrown);
      }
    }
    assertThatThrownBy(() -> database.store(unreadable()).get("key"))
        .isInstanceOf(KvException.BadValue.class)
        .satisfies(Canary::assertSilent);
  }

  private static final Codec<String> UNREADABLE =
      Codec.of(
          text -> text.getBytes(StandardCharsets.UTF_8),
          bytes -> {
            throw new IllegalStateException("unreadable");
          });

  private static StoreSpec<String> unreadable() {
    return StoreSpec.of("unreadable", UNREADABLE);
  }
}
