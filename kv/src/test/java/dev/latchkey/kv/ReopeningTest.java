package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is the same after a file was closed and opened again.
class ReopeningTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());

  private final HandClock clock = new HandClock();
  @TempDir Path directory;

  @Test
  void entriesComeBackAsTheyWere() {
    List<Entry<String>> before = new ArrayList<>();
    try (Database database = open()) {
      Store<String> words = database.store(WORDS);
      words.put("a", "1");
      words.put("b", "2", Expiry.after(Duration.ofHours(1)));
      database.store(StoreSpec.of("large", Codec.text()).ofLargeValues()).put("c", "3");
      database.counters("hits", Expiry.after(Duration.ofHours(1))).add("a", 7);
      before.addAll(words.scan(KeyRange.all(), 10));
    }

    try (Database database = open()) {
      assertThat(database.storeNames()).containsExactly("hits", "large", "words");
      assertThat(database.store(WORDS).scan(KeyRange.all(), 10)).isEqualTo(before);
      assertThat(database.store(StoreSpec.of("large", Codec.text())).get("c")).contains("3");
      Counters hits = database.counters("hits", Expiry.never());
      assertThat(hits.add("a", 1)).isEqualTo(8);
      clock.advance(Duration.ofHours(1));
      assertThat(hits.get("a")).isZero();
      assertThat(database.store(WORDS).contains("b")).isFalse();
    }
  }

  @Test
  void noVersionIsUsedAgain() {
    List<Long> versions = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try (Database database = open()) {
        Store<String> words = database.store(WORDS);
        words.put("a", "1");
        versions.add(words.entry("a").orElseThrow().version());
        words.remove("a");
        assertThatThrownBy(() ->
                database.transact(() -> {
                  words.put("a", "lost");
                  throw new IllegalStateException("on purpose");
                }))
            .hasMessage("on purpose");
        words.put("b", "1");
        versions.add(words.entry("b").orElseThrow().version());
      }
    }

    assertThat(versions).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void entryReadBeforeIsReplacedOnlyIfItIsStillTheSame() {
    Entry<String> read;
    try (Database database = open()) {
      Store<String> words = database.store(WORDS);
      words.put("a", "1");
      read = words.entry("a").orElseThrow();
    }

    try (Database database = open()) {
      Store<String> words = database.store(WORDS);
      assertThat(words.compareAndSet(read, "2")).isTrue();
      assertThat(words.compareAndSet(read, "3")).isFalse();
      words.remove("a");
      words.put("a", "1");
      assertThat(words.remove(read)).isFalse();
    }
  }

  @Test
  void timeDoesNotRunBackwards() {
    try (Database database = open()) {
      database.store(WORDS).put("a", "1", Expiry.after(Duration.ofHours(1)));
      clock.advance(Duration.ofHours(1));
      assertThat(database.store(WORDS).contains("a")).isFalse();
    }
    clock.set(HandClock.START);

    try (Database database = open()) {
      assertThat(database.store(WORDS).contains("a")).isFalse();
    }
  }

  @Test
  void storeMayHaveAnotherCodecButNoOtherKind() {
    try (Database database = open()) {
      database.store(WORDS).put("a", "1");
    }

    try (Database database = open()) {
      assertThatThrownBy(() -> database.counters("words", Expiry.never()))
          .isInstanceOf(IllegalStateException.class);
      assertThat(database.store(StoreSpec.of("words", Codec.bytes())).get("a").orElseThrow())
          .containsExactly('1');
    }
  }

  @Test
  void otherOptionsMayBeChosen() {
    DatabaseOptions defaults = DatabaseOptions.defaults().withClock(clock);
    for (DatabaseOptions options :
        List.of(
            defaults,
            defaults.withDurability(DatabaseOptions.Durability.RELAXED),
            defaults.withMaxValueBytes(1),
            defaults.withCacheBytes(0).withWalLimitBytes(1))) {
      try (Database database = Database.open(directory.resolve("data.db"), options)) {
        database.store(WORDS).put("a", "1");
        assertThat(database.store(WORDS).get("a")).contains("1");
        assertThat(database.check()).isEmpty();
      }
    }
  }

  private Database open() {
    return Database.open(directory.resolve("data.db"), DatabaseOptions.defaults().withClock(clock));
  }
}
