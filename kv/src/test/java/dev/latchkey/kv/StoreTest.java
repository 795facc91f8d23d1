package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Place.class)
class StoreTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
  private static final Duration HOUR = Duration.ofHours(1);

  private final Place place;
  private final HandClock clock = new HandClock();
  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  StoreTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    DatabaseOptions options = DatabaseOptions.defaults().withClock(clock).withMaxValueBytes(1_000);
    database = place.open(directory, options);
    words = database.store(WORDS);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void putThenGetGivesTheValueWithVersionAndNoDeadline() {
    words.put("a", "1");

    assertThat(words.get("a")).contains("1");
    assertThat(words.contains("a")).isTrue();
    Entry<String> entry = words.entry("a").orElseThrow();
    assertThat(entry.key()).isEqualTo("a");
    assertThat(entry.value()).isEqualTo("1");
    assertThat(entry.expiresAt()).isNull();
    assertThat(words.get("b")).isEmpty();
    assertThat(words.entry("b")).isEmpty();
    assertThat(words.contains("b")).isFalse();
  }

  @Test
  void everyWriteHasAVersionOfItsOwn() {
    Store<String> others = database.store(StoreSpec.of("others", Codec.text()));
    Set<Long> versions = new HashSet<>();

    for (int i = 0; i < 20; i++) {
      words.put("a", "same");
      others.put("a", "same");
      versions.add(words.entry("a").orElseThrow().version());
      versions.add(others.entry("a").orElseThrow().version());
    }

    assertThat(versions).hasSize(40);
  }

  @Test
  void putIfAbsentStoresOnlyOnce() {
    assertThat(words.putIfAbsent("a", "1")).isTrue();
    assertThat(words.putIfAbsent("a", "2")).isFalse();

    assertThat(words.get("a")).contains("1");
  }

  @Test
  void exactlyOneOfManyCallersPutsIfAbsent() throws Exception {
    Callers callers = Callers.onVirtualThreads();
    AtomicInteger stored = new AtomicInteger();
    for (int i = 0; i < 50; i++) {
      callers.start(() -> {
        if (words.putIfAbsent("a", "1")) {
          stored.incrementAndGet();
        }
      });
    }

    assertThat(callers.join()).isEmpty();

    assertThat(stored).hasValue(1);
  }

  @Test
  void compareAndSetReplacesOnlyTheEntryThatWasRead() {
    words.put("a", "1");
    Entry<String> first = words.entry("a").orElseThrow();

    assertThat(words.compareAndSet(first, "2")).isTrue();
    assertThat(words.compareAndSet(first, "3")).isFalse();
    assertThat(words.get("a")).contains("2");

    Entry<String> second = words.entry("a").orElseThrow();
    words.remove("a");
    words.put("a", "2");
    assertThat(words.compareAndSet(second, "4")).isFalse();
    assertThat(words.get("a")).contains("2");
  }

  @Test
  void countingByCompareAndSetLosesNothing() throws Exception {
    words.put("n", "0");
    Callers callers = Callers.onPlatformThreads();
    for (int i = 0; i < 8; i++) {
      callers.start(() -> {
        for (int done = 0; done < 10; ) {
          Entry<String> entry = words.entry("n").orElseThrow();
          String next = String.valueOf(Integer.parseInt(entry.value()) + 1);
          done += words.compareAndSet(entry, next) ? 1 : 0;
        }
      });
    }

    assertThat(callers.join()).isEmpty();

    assertThat(words.get("n")).contains("80");
  }

  @Test
  void removeSaysWhetherThereWasAnEntry() {
    words.put("a", "1");

    assertThat(words.remove("a")).isTrue();
    assertThat(words.remove("a")).isFalse();
    assertThat(words.get("a")).isEmpty();
  }

  @Test
  void removeOfAnEntryLeavesANewerOne() {
    words.put("a", "1");
    Entry<String> old = words.entry("a").orElseThrow();
    words.put("a", "2");

    assertThat(words.remove(old)).isFalse();
    assertThat(words.remove(words.entry("a").orElseThrow())).isTrue();
    assertThat(words.contains("a")).isFalse();
  }

  @Test
  void entryIsAbsentForEveryMethodOnceItsDeadlineHasCome() {
    words.put("a", "1", Expiry.after(HOUR));
    Entry<String> entry = words.entry("a").orElseThrow();
    assertThat(entry.expiresAt()).isEqualTo(HandClock.START.plus(HOUR));
    clock.advance(HOUR.minusMillis(1));
    assertThat(words.get("a")).contains("1");

    clock.advance(Duration.ofMillis(1));

    assertThat(words.get("a")).isEmpty();
    assertThat(words.contains("a")).isFalse();
    assertThat(words.entry("a")).isEmpty();
    assertThat(words.compareAndSet(entry, "2")).isFalse();
    assertThat(words.remove("a")).isFalse();
    assertThat(words.remove(entry)).isFalse();
    assertThat(words.putIfAbsent("a", "3")).isTrue();
    assertThat(words.entry("a").orElseThrow().expiresAt()).isNull();
  }

  @Test
  void putReplacesTheDeadlineAndCompareAndSetKeepsIt() {
    words.put("a", "1", Expiry.after(HOUR));
    clock.advance(Duration.ofMinutes(30));

    assertThat(words.compareAndSet(words.entry("a").orElseThrow(), "2")).isTrue();
    assertThat(words.entry("a").orElseThrow().expiresAt()).isEqualTo(HandClock.START.plus(HOUR));

    words.put("a", "3");
    clock.advance(HOUR);
    assertThat(words.get("a")).contains("3");
  }

  @Test
  void defaultExpiryHoldsForWritesThatDoNotSay() {
    Store<String> shortLived =
        database.store(StoreSpec.of("short_lived", Codec.text()).expireAfter(HOUR));
    shortLived.put("a", "1");
    shortLived.put("b", "1", Expiry.never());
    shortLived.putIfAbsent("c", "1");

    clock.advance(HOUR);

    assertThat(shortLived.contains("a")).isFalse();
    assertThat(shortLived.contains("b")).isTrue();
    assertThat(shortLived.contains("c")).isFalse();
  }

  @Test
  void writeWhoseDeadlineHasPassedRemovesTheEntry() {
    words.put("a", "1");

    words.put("a", "2", Expiry.at(HandClock.START));

    assertThat(words.contains("a")).isFalse();
    assertThat(words.putIfAbsent("a", "3", Expiry.at(HandClock.START.minus(HOUR)))).isTrue();
    assertThat(words.contains("a")).isFalse();
  }

  @Test
  void deadlinesBeyondWhatMillisecondsCanHoldAreBroughtIntoRange() {
    words.put("a", "1", Expiry.after(Duration.ofSeconds(Long.MAX_VALUE)));
    words.put("b", "1", Expiry.at(Instant.MAX));
    words.put("c", "1", Expiry.at(Instant.MIN));

    assertThat(words.entry("a").orElseThrow().expiresAt())
        .isEqualTo(Instant.ofEpochMilli(Long.MAX_VALUE));
    assertThat(words.contains("b")).isTrue();
    assertThat(words.contains("c")).isFalse();
  }

  @Test
  void clockNeverRunsBackwards() {
    words.put("a", "1", Expiry.after(HOUR));
    clock.advance(HOUR);
    assertThat(words.contains("a")).isFalse();

    clock.set(HandClock.START.minus(HOUR));

    assertThat(words.contains("a")).isFalse();
    words.put("b", "1", Expiry.after(HOUR));
    assertThat(words.entry("b").orElseThrow().expiresAt())
        .isEqualTo(HandClock.START.plus(HOUR).plus(HOUR));
  }

  @Test
  void transactionHasOneTime() {
    words.put("a", "1", Expiry.after(HOUR));

    database.transact(() -> {
      assertThat(words.contains("a")).isTrue();
      clock.advance(HOUR);
      assertThat(words.contains("a")).isTrue();
    });

    assertThat(words.contains("a")).isFalse();
  }

  @Test
  void keysAreOneTo512BytesWithoutNul() {
    words.put("k".repeat(512), "long");
    words.put("ü".repeat(256), "umlauts");
    words.put("\u2603\ud83d\ude00", "symbols");

    assertThat(words.get("k".repeat(512))).contains("long");
    assertThat(words.get("ü".repeat(256))).contains("umlauts");
    assertThat(words.get("\u2603\ud83d\ude00")).contains("symbols");
    for (String key : new String[] {"", "k".repeat(513), "ü".repeat(257), "a\0b", "\ud83d"}) {
      assertThatThrownBy(() -> words.put(key, "1")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> words.get(key)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> words.contains(key)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> words.remove(key)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void valuesUpToTheLimitAreKeptAndLargerOnesRefused() {
    Store<byte[]> bytes = database.store(StoreSpec.of("raw", Codec.bytes()).ofLargeValues());
    byte[] value = new byte[1_000];
    value[999] = 7;

    bytes.put("full", value);
    bytes.put("empty", new byte[0]);

    assertThat(bytes.get("full").orElseThrow()).isEqualTo(value);
    assertThat(bytes.get("empty").orElseThrow()).isEmpty();
    assertThatThrownBy(() -> bytes.put("more", new byte[1_001]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1001")
        .hasMessageContaining("1000");
    assertThat(bytes.contains("more")).isFalse();
  }

  @Test
  void valueItsCodecCannotReadIsBadAndNeverShown() {
    Codec<String> picky =
        Codec.of(
            text -> text.getBytes(StandardCharsets.UTF_8),
            bytes -> {
              throw new IllegalStateException("unreadable");
            });
    Store<String> store = database.store(StoreSpec.of("picky", picky));
    store.put("key-7", "secret");

    assertThatThrownBy(() -> store.get("key-7"))
        .isInstanceOf(KvException.BadValue.class)
        .hasMessageContaining("picky")
        .hasMessageContaining("key-7")
        .hasMessageNotContaining("secret")
        .hasRootCauseMessage("unreadable");
    assertThat(store.contains("key-7")).isTrue();
    assertThat(store.putIfAbsent("key-7", "other")).isFalse();
    assertThatThrownBy(() -> words.put("key-7", "\ud83d")).isInstanceOf(KvException.BadValue.class);
  }

  @Test
  void storeNamesAreChecked() {
    for (String name : new String[] {"", "Words", "1st", "a-b", "a b", "a".repeat(49)}) {
      assertThatThrownBy(() -> StoreSpec.of(name, Codec.text()))
          .isInstanceOf(IllegalArgumentException.class);
    }
    database.store(StoreSpec.of("a".repeat(48), Codec.text())).put("a", "1");
  }
}
