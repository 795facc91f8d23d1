package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The limits of keys and values hold for every method.
@ParameterizedClass
@EnumSource(Place.class)
class RefusedKeysAndValuesTest {

  private final Place place;
  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  RefusedKeysAndValuesTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults().withMaxValueBytes(10));
    words = database.store(StoreSpec.of("words", Codec.text()));
    words.put("a", "1");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void impossibleKeyIsRefusedByEveryMethod() {
    for (String key :
        List.of("", "k".repeat(513), "\u00fc".repeat(257), "a\0b", "\0", "\ud83d", "\ude00x")) {
      Entry<String> entry = new Entry<>(key, "1", 1, null);
      List<ThrowingCallable> calls =
          List.of(
              () -> words.get(key),
              () -> words.contains(key),
              () -> words.entry(key),
              () -> words.put(key, "1"),
              () -> words.put(key, "1", Expiry.never()),
              () -> words.putIfAbsent(key, "1"),
              () -> words.putIfAbsent(key, "1", Expiry.never()),
              () -> words.putAll(Map.of(key, "1", "b", "1")),
              () -> words.getAll(List.of("a", key)),
              () -> words.compareAndSet(entry, "1"),
              () -> words.update(key, "1", value -> value),
              () -> words.touch(key, Expiry.never()),
              () -> words.remove(key),
              () -> words.remove(entry));
      for (int i = 0; i < calls.size(); i++) {
        assertThatThrownBy(calls.get(i))
            .as("call %d", i)
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
    assertThat(words.asMap()).containsExactly(Map.entry("a", "1"));
  }

  @Test
  void valueOverTheLimitIsRefusedByEveryMethodAndNeverShown() {
    String tooLong = "secret" + "x".repeat(5);
    Entry<String> entry = words.entry("a").orElseThrow();
    List<ThrowingCallable> calls =
        List.of(
            () -> words.put("a", tooLong),
            () -> words.put("a", tooLong, Expiry.never()),
            () -> words.putIfAbsent("b", tooLong),
            () -> words.putIfAbsent("b", tooLong, Expiry.never()),
            () -> words.putAll(Map.of("a", "2", "b", tooLong)),
            () -> words.compareAndSet(entry, tooLong),
            () -> words.update("a", "2", value -> tooLong),
            () -> words.update("b", tooLong, value -> value),
            () -> words.asMap().put("a", tooLong),
            () -> words.asMap().merge("a", tooLong, (left, right) -> right));
    for (int i = 0; i < calls.size(); i++) {
      assertThatThrownBy(calls.get(i))
          .as("call %d", i)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("11 bytes")
          .hasMessageContaining("limit 10")
          .hasMessageNotContaining("secret");
    }

    assertThat(words.asMap()).containsExactly(Map.entry("a", "1"));
    words.put("a", "0123456789");
    assertThat(words.get("a")).contains("0123456789");
  }

  @Test
  void messageShowsTheBeginningOfALongKeyOnOneLine() {
    assertThatThrownBy(() -> words.put("line\nbreak" + "k".repeat(600), "1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("610 bytes")
        .hasMessageContaining("512")
        .message()
        .hasSizeLessThan(200)
        .doesNotContain("\n");
  }

  @Test
  void limitCountsBytesAndNotCharacters() {
    words.put("a", "\u00fc\u00fc\u00fc\u00fc\u00fc");

    assertThatThrownBy(() -> words.put("a", "\u00fc\u00fc\u00fc\u00fc\u00fcx"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(words.get("a")).contains("\u00fc\u00fc\u00fc\u00fc\u00fc");
  }
}
