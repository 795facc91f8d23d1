package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Names of stores, and what becomes of them.
@ParameterizedClass
@EnumSource(Place.class)
class DropTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
  private static final StoreSpec<byte[]> AS_BYTES = StoreSpec.of("words", Codec.bytes());

  private final Place place;
  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  DropTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults());
    words = database.store(WORDS);
    words.put("a", "1");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void storeNamesAreThoseOfStoresAndCountersInOrder() {
    database.counters("zeros", Expiry.never());
    database.store(StoreSpec.of("b_10", Codec.text()));
    database.store(StoreSpec.of("b2", Codec.text()));
    database.store(StoreSpec.of("b_1", Codec.text()).ofLargeValues());

    assertThat(database.storeNames()).containsExactly("b2", "b_1", "b_10", "words", "zeros");
  }

  @Test
  void dropSaysWhetherThereWasAStore() {
    database.counters("hits", Expiry.never()).add("a", 1);

    assertThat(database.drop("words")).isTrue();
    assertThat(database.drop("hits")).isTrue();
    assertThat(database.drop("words")).isFalse();
    assertThat(database.drop("never_made")).isFalse();

    assertThat(database.storeNames()).isEmpty();
    assertThatThrownBy(() -> database.drop("No Name")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void droppedStoreIsEmptyAndMadeAnewByItsNextUse() {
    assertThat(words.get("a")).contains("1");
    database.drop("words");

    assertThat(words.get("a")).isEmpty();
    assertThat(words.contains("a")).isFalse();
    assertThat(words.count(KeyRange.all())).isZero();
    assertThat(words.scan(KeyRange.all(), 10)).isEmpty();
    assertThat(database.storeNames()).isEmpty();
    words.put("b", "2");
    assertThat(words.get("b")).contains("2");
    assertThat(words.get("a")).isEmpty();
    assertThat(database.storeNames()).containsExactly("words");
  }

  @Test
  void droppedCountersStandAtZero() {
    Counters hits = database.counters("hits", Expiry.never());
    hits.add("a", 7);
    database.drop("hits");

    assertThat(hits.get("a")).isZero();
    assertThat(hits.add("a", 1)).isEqualTo(1);
  }

  @Test
  void nameInUseForAnotherCodecOrKindIsRefused() {
    database.counters("hits", Expiry.never());

    assertThatThrownBy(() -> database.store(AS_BYTES)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> database.counters("words", Expiry.never()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> database.store(StoreSpec.of("hits", Codec.text())))
        .isInstanceOf(IllegalStateException.class);
    assertThat(words.get("a")).contains("1");
  }

  @Test
  void nameOfADroppedStoreMayBeUsedForAnotherCodec() {
    database.drop("words");

    Store<byte[]> bytes = database.store(AS_BYTES);
    bytes.put("a", new byte[] {7});

    assertThat(bytes.get("a").orElseThrow()).containsExactly(7);
    assertThatThrownBy(() -> words.get("a")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> words.put("a", "1")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> database.store(WORDS)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void nameOfADroppedStoreMayBeUsedForAnotherKind() {
    database.drop("words");

    Counters counters = database.counters("words", Expiry.never());
    counters.add("a", 3);

    assertThat(counters.get("a")).isEqualTo(3);
    assertThatThrownBy(() -> words.get("a")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> words.put("a", "1")).isInstanceOf(IllegalStateException.class);
    database.drop("words");
    words.put("a", "again");
    assertThat(words.get("a")).contains("again");
    assertThatThrownBy(() -> counters.get("a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void storeMadeAnewForLargeValuesKeepsWhatIsPutIntoIt() {
    database.drop("words");

    Store<String> large = database.store(WORDS.ofLargeValues());
    large.put("a", "x".repeat(5_000));

    assertThat(words.get("a")).contains("x".repeat(5_000));
  }

  @Test
  void dropThatWasRolledBackLeavesEverything() {
    assertThatThrownBy(() ->
            database.transact(() -> {
              assertThat(database.drop("words")).isTrue();
              assertThat(database.drop("words")).isFalse();
              assertThat(words.get("a")).isEmpty();
              assertThat(database.storeNames()).isEmpty();
              throw new IllegalStateException("on purpose");
            }))
        .hasMessage("on purpose");

    assertThat(words.get("a")).contains("1");
    assertThat(database.storeNames()).containsExactly("words");
    assertThatThrownBy(() -> database.store(AS_BYTES)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void dropThatWasUndoneInATransactionThatCommitsLeavesTheNameInUse() {
    database.transact(() -> {
      assertThatThrownBy(() ->
              database.transact(() -> {
                database.drop("words");
                throw new IllegalStateException("on purpose");
              }))
          .hasMessage("on purpose");
      words.put("b", "2");
    });

    assertThatThrownBy(() -> database.store(AS_BYTES)).isInstanceOf(IllegalStateException.class);
    assertThat(words.get("a")).contains("1");
    assertThat(words.get("b")).contains("2");
  }

  @Test
  void storeIsDroppedAndMadeAnewInOneTransaction() {
    database.transact(() -> {
      database.drop("words");
      assertThat(words.contains("a")).isFalse();
      words.put("b", "2");
      assertThat(words.get("b")).contains("2");
    });

    assertThat(words.get("a")).isEmpty();
    assertThat(words.get("b")).contains("2");
    assertThat(database.storeNames()).containsExactly("words");
  }

  @Test
  void nameIsFreeForAnotherUseOnlyOnceItsDropIsCommitted() {
    database.transact(() -> {
      database.drop("words");
      assertThatThrownBy(() -> database.store(AS_BYTES)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> database.counters("words", Expiry.never()))
          .isInstanceOf(IllegalStateException.class);
    });

    database.store(AS_BYTES).put("a", new byte[] {7});
  }

  @Test
  void dropThatWasMadeAndUndoneBesideARealOneLeavesOnlyTheRealOne() {
    Store<String> others = database.store(StoreSpec.of("others", Codec.text()));
    others.put("a", "1");

    database.transact(() -> {
      assertThatThrownBy(() ->
              database.transact(() -> {
                database.drop("words");
                words.put("b", "lost");
                throw new IllegalStateException("on purpose");
              }))
          .hasMessage("on purpose");
      database.drop("others");
    });

    assertThat(words.get("a")).contains("1");
    assertThat(words.contains("b")).isFalse();
    assertThat(others.get("a")).isEmpty();
    assertThat(database.storeNames()).containsExactly("words");
  }

  @Test
  void ownTablesStayWhenAStoreIsDropped() {
    database.update("CREATE TABLE note (text VARCHAR(10))");
    database.update("INSERT INTO note (text) VALUES ('kept')");

    database.drop("words");

    assertThat(database.query("SELECT text FROM note", Place::text)).containsExactly("kept");
    assertThat(database.storeNames()).isEqualTo(List.of());
  }

  @Test
  void readersOfAStoreThatIsDroppedAndMadeAnewMeetNoError() throws Exception {
    Callers callers = Callers.onPlatformThreads();
    Thread dropper =
        callers.start(() -> {
          for (int i = 0; i < 60; i++) {
            database.drop("words");
            words.put("a", "1");
          }
        });
    for (int i = 0; i < 3; i++) {
      callers.start(() -> {
        while (dropper.isAlive()) {
          assertThat(words.get("a").orElse("1")).isEqualTo("1");
          assertThat(words.count(KeyRange.all())).isBetween(0L, 1L);
          assertThat(words.scan(KeyRange.all(), 5)).hasSizeBetween(0, 1);
        }
      });
    }

    assertThat(callers.join()).isEmpty();

    assertThat(words.get("a")).contains("1");
  }
}
