package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Several keys in one call.
@ParameterizedClass
@EnumSource(Place.class)
class BulkTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final Place place;
  private final HandClock clock = new HandClock();
  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  BulkTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults().withClock(clock));
    words = database.store(StoreSpec.of("words", Codec.text()).expireAfter(HOUR));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void putAllStoresAllWithTheDefaultExpiry() {
    words.put("b", "old", Expiry.never());

    words.putAll(Map.of("a", "1", "b", "2", "c", "3"));

    for (String key : List.of("a", "b", "c")) {
      assertThat(words.entry(key).orElseThrow().expiresAt()).isEqualTo(HandClock.START.plus(HOUR));
    }
    assertThat(words.get("b")).contains("2");
  }

  @Test
  void putAllGivesEachEntryAVersionOfItsOwn() {
    words.putAll(Map.of("a", "1", "b", "2", "c", "3"));

    assertThat(words.scan(KeyRange.all(), 10))
        .extracting(Entry::version)
        .doesNotHaveDuplicates()
        .hasSize(3);
  }

  @Test
  void putAllOfNothingDoesNothing() {
    words.putAll(Map.of());

    assertThat(words.count(KeyRange.all())).isZero();
  }

  @Test
  void putAllStoresNoneIfOneIsRefused() {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("a", "1");
    entries.put("b", "\ud83d");
    assertThatThrownBy(() -> words.putAll(entries)).isInstanceOf(KvException.BadValue.class);
    entries.remove("b");
    entries.put("k".repeat(513), "2");
    assertThatThrownBy(() -> words.putAll(entries)).isInstanceOf(IllegalArgumentException.class);

    assertThat(words.count(KeyRange.all())).isZero();
  }

  @Test
  void putAllIsSeenWholeOrNotAtAll() throws Exception {
    Store<String> others = database.store(StoreSpec.of("others", Codec.text()));
    others.putAll(Map.of("a", "0", "b", "0"));
    Callers callers = Callers.onPlatformThreads();
    callers.start(() -> {
      for (int i = 1; i <= 50; i++) {
        others.putAll(Map.of("a", String.valueOf(i), "b", String.valueOf(i)));
      }
    });
    callers.start(() -> {
      while (!others.get("a").orElseThrow().equals("50")) {
        assertThat(others.getAll(List.of("a", "b")).values().stream().distinct()).hasSize(1);
      }
    });

    assertThat(callers.join()).isEmpty();

    assertThat(others.getAll(List.of("a", "b"))).isEqualTo(Map.of("a", "50", "b", "50"));
  }

  @Test
  void getAllGivesTheValuesThereAreInTheOrderOfTheKeys() {
    words.putAll(Map.of("a", "1", "b", "2", "c", "3"));
    words.put("gone", "4", Expiry.after(Duration.ofMinutes(1)));
    clock.advance(Duration.ofMinutes(1));

    Map<String, String> found = words.getAll(List.of("c", "gone", "a", "missing", "c"));

    assertThat(found).containsExactly(Map.entry("c", "3"), Map.entry("a", "1"));
    assertThat(words.getAll(List.of())).isEmpty();
  }

  @Test
  void getAllRefusesAnImpossibleKey() {
    assertThatThrownBy(() -> words.getAll(List.of("a", "")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> words.getAll(Arrays.asList("a", null)))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void bothBelongToTheTransactionTheyAreIn() {
    assertThatThrownBy(() ->
            database.transact(() -> {
              words.putAll(Map.of("a", "1", "b", "2"));
              assertThat(words.getAll(List.of("a", "b"))).hasSize(2);
              throw new IllegalArgumentException("on purpose");
            }))
        .hasMessage("on purpose");

    assertThat(words.getAll(List.of("a", "b"))).isEmpty();
  }

  @Test
  void putAllThatFailsInATransactionIsUndoneAlone() {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("a", "1");
    entries.put("b", "\ud83d");

    database.transact(() -> {
      words.put("first", "stands");
      assertThatThrownBy(() -> words.putAll(entries)).isInstanceOf(KvException.BadValue.class);
    });

    assertThat(words.getAll(List.of("first", "a"))).containsExactly(Map.entry("first", "stands"));
  }
}
