package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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
class VersionsTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());

  private final Place place;
  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  VersionsTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults());
    words = database.store(WORDS);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void everyKindOfWriteGivesAnotherVersion() {
    List<Long> versions = new ArrayList<>();
    words.put("a", "1");
    versions.add(version("a"));
    words.put("a", "1");
    versions.add(version("a"));
    words.compareAndSet(words.entry("a").orElseThrow(), "1");
    versions.add(version("a"));
    words.update("a", "", value -> value);
    versions.add(version("a"));
    words.touch("a", Expiry.never());
    versions.add(version("a"));
    words.putAll(Map.of("a", "1"));
    versions.add(version("a"));
    words.remove("a");
    words.putIfAbsent("a", "1");
    versions.add(version("a"));

    assertThat(versions).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void callThatChangesNothingLeavesTheVersion() {
    words.put("a", "1");
    Entry<String> first = words.entry("a").orElseThrow();
    words.put("a", "2");
    Entry<String> second = words.entry("a").orElseThrow();

    words.putIfAbsent("a", "3");
    words.compareAndSet(first, "3");
    words.remove(first);
    words.getAll(List.of("a"));

    assertThat(words.entry("a")).contains(second);
  }

  @Test
  void versionsOfWritesThatWereUndoneAreNotThoseOfLaterOnes() {
    List<Long> versions = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() ->
              database.transact(() -> {
                words.put("a", "lost");
                versions.add(version("a"));
                throw new IllegalStateException("on purpose");
              }))
          .hasMessage("on purpose");
      words.put("a", "kept");
      versions.add(version("a"));
      database.transact(() -> {
        assertThatThrownBy(() ->
                database.transact(() -> {
                  words.put("a", "lost");
                  throw new IllegalStateException("on purpose");
                }))
            .hasMessage("on purpose");
        words.put("a", "kept");
      });
      versions.add(version("a"));
    }

    List<Long> committed = new ArrayList<>();
    for (int i = 0; i < versions.size(); i++) {
      if (i % 3 != 0) {
        committed.add(versions.get(i));
      }
    }
    assertThat(committed).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void noTwoWritesOfManyCallersShareAVersion() throws Exception {
    Store<String> others = database.store(StoreSpec.of("others", Codec.text()));
    List<Long> versions = Collections.synchronizedList(new ArrayList<>());
    Callers callers = Callers.onVirtualThreads();
    for (int i = 0; i < 10; i++) {
      String key = "key-" + i;
      Store<String> store = i % 2 == 0 ? words : others;
      callers.start(() -> {
        for (int j = 0; j < 10; j++) {
          store.put(key, "1");
          versions.add(store.entry(key).orElseThrow().version());
        }
      });
    }

    assertThat(callers.join()).isEmpty();

    assertThat(versions).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void storeThatWasDroppedAndMadeAgainHasNoVersionTwice() {
    words.put("a", "1");
    Entry<String> before = words.entry("a").orElseThrow();
    database.drop("words");

    words.put("a", "1");

    assertThat(version("a")).isGreaterThan(before.version());
    assertThat(words.compareAndSet(before, "2")).isFalse();
  }

  private long version(String key) {
    return words.entry(key).orElseThrow().version();
  }
}
