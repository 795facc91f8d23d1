package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Place.class)
class ExpiryTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final Place place;
  private final HandClock clock = new HandClock();
  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  ExpiryTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults().withClock(clock));
    words = database.store(StoreSpec.of("words", Codec.text()));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void entryWhoseDeadlineHasComeIsAbsentForEveryRead() {
    words.put("a", "1", Expiry.after(HOUR));
    assertThat(words.get("a")).contains("1");

    clock.advance(HOUR);

    assertAbsent();
    database.transact(this::assertAbsent);
    database.snapshot(() -> {
      assertAbsent();
      return true;
    });
  }

  private void assertAbsent() {
    assertThat(words.get("a")).isEmpty();
    assertThat(words.contains("a")).isFalse();
    assertThat(words.entry("a")).isEmpty();
    assertThat(words.getAll(List.of("a"))).isEmpty();
    assertThat(words.scan(KeyRange.all(), 10)).isEmpty();
    assertThat(words.count(KeyRange.all())).isZero();
    assertThat(words.asMap()).isEmpty();
    assertThat(words.asMap().containsKey("a")).isFalse();
  }

  @Test
  void entryWhoseDeadlineHasComeIsAbsentForEveryWrite() {
    words.put("a", "1", Expiry.after(HOUR));
    Entry<String> entry = words.entry("a").orElseThrow();

    clock.advance(HOUR);

    assertThat(words.touch("a", Expiry.never())).isFalse();
    assertThat(words.compareAndSet(entry, "2")).isFalse();
    assertThat(words.remove(entry)).isFalse();
    assertThat(words.remove("a")).isFalse();
    assertThat(words.asMap().remove("a")).isNull();
    assertThat(words.asMap().replace("a", "2")).isNull();
    assertThat(words.asMap().computeIfPresent("a", (key, value) -> "2")).isNull();
    assertThat(words.update("a", "x", value -> value + "1")).isEqualTo("x1");
  }

  @Test
  void absentEntryMayBePutIfAbsentAgainWithANewDeadline() {
    words.put("a", "1", Expiry.after(HOUR));
    clock.advance(HOUR);

    assertThat(words.putIfAbsent("a", "2", Expiry.after(HOUR))).isTrue();

    assertThat(words.putIfAbsent("a", "3")).isFalse();
    Entry<String> entry = words.entry("a").orElseThrow();
    assertThat(entry.value()).isEqualTo("2");
    assertThat(entry.expiresAt()).isEqualTo(HandClock.START.plus(HOUR).plus(HOUR));
  }

  @Test
  void lifetimeIsAtLeastAMillisecond() {
    for (Duration tooShort :
        List.of(Duration.ZERO, Duration.ofNanos(999_999), Duration.ofSeconds(-1))) {
      assertThatThrownBy(() -> Expiry.after(tooShort)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> StoreSpec.of("s", Codec.text()).expireAfter(tooShort))
          .isInstanceOf(IllegalArgumentException.class);
    }

    words.put("a", "1", Expiry.after(Duration.ofMillis(1)));

    assertThat(words.contains("a")).isTrue();
    clock.advance(Duration.ofMillis(1));
    assertThat(words.contains("a")).isFalse();
  }

  @Test
  void deadlinesHaveMillisecondResolution() {
    words.put("after", "1", Expiry.after(Duration.ofNanos(1_999_999)));
    words.put("at", "1", Expiry.at(HandClock.START.plusNanos(1_999_999)));

    Instant expected = HandClock.START.plusMillis(1);
    assertThat(words.entry("after").orElseThrow().expiresAt()).isEqualTo(expected);
    assertThat(words.entry("at").orElseThrow().expiresAt()).isEqualTo(expected);
  }

  @Test
  void deadlineThatHasPassedIsAbsentAtOnce() {
    for (Instant past : List.of(HandClock.START, HandClock.START.minusMillis(1), Instant.MIN)) {
      words.put("a", "1");
      words.put("a", "2", Expiry.at(past));
      assertThat(words.contains("a")).isFalse();
      assertThat(words.putIfAbsent("a", "3", Expiry.at(past))).isTrue();
      assertThat(words.contains("a")).isFalse();
      words.put("a", "4");
      assertThat(words.putIfAbsent("a", "5", Expiry.at(past))).isFalse();
      assertThat(words.get("a")).contains("4");
    }
  }

  @Test
  void farDeadlinesAreClampedForEveryWrite() {
    Instant last = Instant.ofEpochMilli(Long.MAX_VALUE);
    words.put("put", "1", Expiry.at(Instant.MAX));
    words.putIfAbsent("absent", "1", Expiry.after(Duration.ofSeconds(Long.MAX_VALUE)));
    words.put("touched", "1");
    words.touch("touched", Expiry.after(Duration.ofMillis(Long.MAX_VALUE)));

    for (String key : List.of("put", "absent", "touched")) {
      assertThat(words.entry(key).orElseThrow().expiresAt()).isEqualTo(last);
    }
  }

  @Test
  void defaultExpiryIsEachCallersOwn() {
    Store<String> hourly = database.store(StoreSpec.of("words", Codec.text()).expireAfter(HOUR));
    words.put("lasting", "1");
    hourly.put("hourly", "1");
    hourly.putAll(Map.of("bulk", "1"));
    hourly.update("updated", "1", value -> value);

    clock.advance(HOUR);

    assertThat(hourly.scan(KeyRange.all(), 10)).extracting(Entry::key).containsExactly("lasting");
  }

  @Test
  void snapshotHasOneTime() {
    words.put("a", "1", Expiry.after(HOUR));

    database.snapshot(() -> {
      assertThat(words.contains("a")).isTrue();
      clock.advance(HOUR);
      assertThat(words.get("a")).contains("1");
      assertThat(words.count(KeyRange.all())).isEqualTo(1);
      return true;
    });

    assertThat(words.contains("a")).isFalse();
  }

  @Test
  void clockThatIsSetBackDoesNotBringAnEntryBack() {
    words.put("a", "1", Expiry.after(HOUR));
    clock.advance(HOUR);
    assertThat(words.contains("a")).isFalse();

    clock.set(HandClock.START);

    assertThat(words.contains("a")).isFalse();
    assertThat(words.putIfAbsent("a", "2")).isTrue();
  }
}
