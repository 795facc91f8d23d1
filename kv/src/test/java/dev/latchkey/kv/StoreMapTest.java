package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What a map doesn't say of itself: deadlines, limits, pages. The rest is in [StoreMapSuiteTest].
@ParameterizedClass
@EnumSource(Place.class)
class StoreMapTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final Place place;
  private final HandClock clock = new HandClock();
  @TempDir Path directory;
  private Database database;
  private Store<String> words;
  private ConcurrentMap<String, String> map;

  StoreMapTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults().withClock(clock));
    words = database.store(StoreSpec.of("words", Codec.text()).expireAfter(HOUR));
    map = words.asMap();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void mapIsALiveViewOfTheStore() {
    words.put("a", "1");
    assertThat(map).containsExactly(Map.entry("a", "1"));

    map.put("b", "2");
    map.remove("a");

    assertThat(words.get("a")).isEmpty();
    assertThat(words.get("b")).contains("2");
  }

  @Test
  void putGivesTheDefaultExpiryAndTheOthersKeepTheDeadline() {
    clock.advance(Duration.ofMinutes(1));
    for (String key : List.of("put", "replace", "replaceIf", "compute", "present", "merge")) {
      words.put(key, "1", Expiry.never());
    }

    map.put("put", "2");
    map.replace("replace", "2");
    map.replace("replaceIf", "1", "2");
    map.compute("compute", (key, value) -> "2");
    map.computeIfPresent("present", (key, value) -> "2");
    map.merge("merge", "2", (left, right) -> right);
    map.merge("new", "2", (left, right) -> right);
    map.putIfAbsent("absent", "2");
    map.computeIfAbsent("computed", key -> "2");

    assertThat(map.values()).containsOnly("2").hasSize(9);
    for (String key : List.of("put", "new", "absent", "computed")) {
      assertThat(words.entry(key).orElseThrow().expiresAt())
          .isEqualTo(HandClock.START.plus(Duration.ofMinutes(61)));
    }
    for (String key : List.of("replace", "replaceIf", "compute", "present", "merge")) {
      assertThat(words.entry(key).orElseThrow().expiresAt()).isNull();
    }
  }

  @Test
  void keyThatTheStoreWouldNotAcceptIsAbsentWhenRead() {
    for (Object key : List.of("", "k".repeat(513), "a\0b", "\ud83d", 7, List.of())) {
      assertThat(map.get(key)).isNull();
      assertThat(map.containsKey(key)).isFalse();
      assertThat(map.getOrDefault(key, "none")).isEqualTo("none");
      assertThat(map.keySet().contains(key)).isFalse();
      assertThat(map.entrySet().contains(Map.entry(key, "1"))).isFalse();
      assertThat(map.remove(key)).isNull();
      assertThat(map.remove(key, "1")).isFalse();
      assertThat(map.keySet().remove(key)).isFalse();
    }
  }

  @Test
  void keyThatTheStoreWouldNotAcceptIsRefusedWhenWritten() {
    for (String key : List.of("", "k".repeat(513), "a\0b", "\ud83d")) {
      assertThatThrownBy(() -> map.put(key, "1")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> map.putIfAbsent(key, "1"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> map.putAll(Map.of("good", "1", key, "1")))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> map.merge(key, "1", String::concat))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> map.compute(key, (same, value) -> "1"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> map.computeIfAbsent(key, same -> "1"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> map.replace(key, "1")).isInstanceOf(IllegalArgumentException.class);
    }

    assertThat(map).isEmpty();
  }

  @Test
  void iteratorsGoThroughManyPagesInKeyOrderAndMayRemove() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 600; i++) {
      many.put("key-" + (1_000 + i), String.valueOf(i));
    }
    words.putAll(many);

    assertThat(map.keySet()).containsExactlyElementsOf(many.keySet().stream().sorted().toList());
    assertThat(map).isEqualTo(many);
    for (Iterator<Map.Entry<String, String>> each = map.entrySet().iterator(); each.hasNext(); ) {
      if (Integer.parseInt(each.next().getValue()) % 2 == 0) {
        each.remove();
      }
    }
    map.keySet().removeIf(key -> key.endsWith("5"));

    assertThat(map.size()).isEqualTo(240);
    assertThat(map).containsKey("key-1001").doesNotContainKeys("key-1000", "key-1005");
  }

  @Test
  void iteratorIsWeaklyConsistent() {
    words.putAll(Map.of("a", "1", "b", "2"));
    Iterator<String> keys = map.keySet().iterator();
    assertThat(keys.next()).isEqualTo("a");

    words.remove("b");
    words.put("c", "3");

    keys.forEachRemaining(key -> assertThat(key).isIn("b", "c"));
  }

  @Test
  void valueOfAnEntryMayBeSet() {
    words.put("a", "1", Expiry.never());

    Map.Entry<String, String> entry = map.entrySet().iterator().next();
    assertThat(entry.setValue("2")).isEqualTo("1");

    assertThat(entry.getValue()).isEqualTo("2");
    assertThat(words.get("a")).contains("2");
  }

  @Test
  void functionThatReturnsNullRemovesAndOneThatThrowsChangesNothing() {
    words.put("a", "1");
    words.put("b", "1");

    assertThat(map.compute("a", (key, value) -> null)).isNull();
    assertThatThrownBy(() ->
            map.compute(
                "b",
                (key, value) -> {
                  throw new IllegalStateException("on purpose");
                }))
        .hasMessage("on purpose");

    assertThat(map).containsExactly(Map.entry("b", "1"));
  }

  @Test
  void functionsOfManyCallersAreAllApplied() throws Exception {
    Callers callers = Callers.onVirtualThreads();
    AtomicInteger made = new AtomicInteger();
    for (int i = 0; i < 16; i++) {
      callers.start(() -> {
        for (int j = 0; j < 4; j++) {
          map.merge("n", "1", (left, right) -> left + right);
          if (map.putIfAbsent("once", "1") == null) {
            made.incrementAndGet();
          }
        }
      });
    }

    assertThat(callers.join()).isEmpty();

    assertThat(map.get("n")).isEqualTo("1".repeat(64));
    assertThat(made).hasValue(1);
  }

  @Test
  void mapJoinsTheTransaction() {
    assertThatThrownBy(() ->
            database.transact(() -> {
              map.put("a", "1");
              map.merge("a", "2", String::concat);
              assertThat(map).containsExactly(Map.entry("a", "12"));
              throw new IllegalStateException("on purpose");
            }))
        .hasMessage("on purpose");

    assertThat(map).isEmpty();
  }
}
