package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Place.class)
class ScanTest {

  /// In the order of their UTF-8 bytes. As UTF-16, the supplementary ones would come before U+E000.
  private static final List<String> LETTERS =
      List.of(
          "a",
          "z",
          "\u00e9",
          "\u07ff",
          "\u0800",
          "\ud7ff",
          "\ue000",
          "\uffff",
          "\ud800\udc00",
          "\ud83d\ude00",
          "\ud83d\ude01",
          "\udbff\udffe",
          "\udbff\udfff");

  private final Place place;
  private final HandClock clock = new HandClock();
  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  ScanTest(Place place) {
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
  void keysComeInTheOrderOfTheirBytes() {
    for (String letter : LETTERS.reversed()) {
      words.put(letter, "v" + letter);
    }

    List<Entry<String>> all = words.scan(KeyRange.all(), 100);

    assertThat(all).extracting(Entry::key).containsExactlyElementsOf(LETTERS);
    assertThat(all).allMatch(entry -> entry.value().equals("v" + entry.key()));
    assertThat(LETTERS.stream().sorted().toList()).isNotEqualTo(LETTERS);
  }

  @Test
  void entriesOfAScanAreThoseThatEntryGives() {
    words.put("a", "1");
    words.put("b", "2", Expiry.after(Duration.ofHours(1)));

    assertThat(words.scan(KeyRange.all(), 2))
        .containsExactly(words.entry("a").orElseThrow(), words.entry("b").orElseThrow());
  }

  @Test
  void prefixHasTheKeysThatBeginWithItAndNoNeighbour() {
    for (String letter : LETTERS) {
      words.put(letter, "1");
      words.put("p" + letter, "1");
      words.put("p" + letter + "a", "1");
      words.put("p" + letter + "\udbff\udfff", "1");
    }

    for (String letter : LETTERS) {
      KeyRange range = KeyRange.prefix("p" + letter);
      assertThat(words.scan(range, 100))
          .extracting(Entry::key)
          .containsExactly("p" + letter, "p" + letter + "a", "p" + letter + "\udbff\udfff");
      assertThat(words.count(range)).isEqualTo(3);
    }
  }

  @Test
  void prefixOfLastCodePointsOnlyReachesToTheEnd() {
    String last = "\udbff\udfff";
    words.put("\udbff\udffe", "before");
    words.put(last, "1");
    words.put(last + last, "2");
    words.put(last + "a", "3");

    assertThat(words.scan(KeyRange.prefix(last), 10))
        .extracting(Entry::value)
        .containsExactly("1", "3", "2");
    assertThat(words.count(KeyRange.prefix(last + last))).isEqualTo(1);
  }

  @Test
  void prefixMayBeAKeyOfFullLength() {
    String longest = "\u00fc".repeat(256);
    words.put(longest, "1");

    assertThat(words.count(KeyRange.prefix(longest))).isEqualTo(1);
    assertThat(words.count(KeyRange.prefix("\u00fc".repeat(255)))).isEqualTo(1);
    assertThat(words.count(KeyRange.all().after(longest))).isZero();
  }

  @Test
  void afterLeavesOutTheKeyItself() {
    words.putAll(new TreeMap<>(java.util.Map.of("a", "1", "b", "2", "c", "3")));

    assertThat(keys(KeyRange.all().after("a"))).containsExactly("b", "c");
    assertThat(keys(KeyRange.all().after("aa"))).containsExactly("b", "c");
    assertThat(keys(KeyRange.all().after("c"))).isEmpty();
    assertThat(keys(KeyRange.all().after(""))).containsExactly("a", "b", "c");
  }

  @Test
  void afterCountsOnlyWithinThePrefix() {
    for (String key : List.of("a", "b", "b1", "b2", "c")) {
      words.put(key, "1");
    }
    KeyRange range = KeyRange.prefix("b");

    assertThat(keys(range.after("a"))).containsExactly("b", "b1", "b2");
    assertThat(keys(range.after("b"))).containsExactly("b1", "b2");
    assertThat(keys(range.after("b1"))).containsExactly("b2");
    assertThat(keys(range.after("b2"))).isEmpty();
    assertThat(keys(range.after("c"))).isEmpty();
    assertThat(words.count(range.after("b"))).isEqualTo(2);
  }

  @Test
  void pagesGiveEveryEntryOnceAndInOrder() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      keys.add(LETTERS.get(i % LETTERS.size()) + "-" + i);
    }
    keys.sort(ScanTest::compareBytes);
    keys.forEach(key -> words.put(key, "1"));

    List<String> paged = new ArrayList<>();
    KeyRange range = KeyRange.all();
    for (List<String> page = keys(range, 4); !page.isEmpty(); page = keys(range, 4)) {
      paged.addAll(page);
      range = range.after(page.getLast());
    }

    assertThat(paged).containsExactlyElementsOf(keys);
  }

  @Test
  void limitIsOneTo10_000() {
    words.put("a", "1");
    words.put("b", "2");

    assertThat(keys(KeyRange.all(), 1)).containsExactly("a");
    assertThat(keys(KeyRange.all(), 10_000)).containsExactly("a", "b");
    for (int limit : new int[] {Integer.MIN_VALUE, -1, 0, 10_001, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> words.scan(KeyRange.all(), limit))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(String.valueOf(limit));
    }
  }

  @Test
  void entriesWhoseDeadlineHasComeAreNeitherScannedNorCountedNorUseUpTheLimit() {
    words.put("a", "1", Expiry.after(Duration.ofMinutes(1)));
    words.put("b", "2");
    words.put("c", "3", Expiry.after(Duration.ofMinutes(2)));
    words.put("d", "4");

    clock.advance(Duration.ofMinutes(1));

    assertThat(keys(KeyRange.all(), 2)).containsExactly("b", "c");
    assertThat(words.count(KeyRange.all())).isEqualTo(3);
    clock.advance(Duration.ofMinutes(1));
    assertThat(keys(KeyRange.all(), 2)).containsExactly("b", "d");
    assertThat(words.count(KeyRange.all())).isEqualTo(2);
  }

  @Test
  void transactionScansAndCountsItsOwnChanges() {
    words.put("a", "1");
    words.put("b", "2");

    database.transact(() -> {
      words.remove("a");
      words.put("c", "3");
      assertThat(keys(KeyRange.all())).containsExactly("b", "c");
      assertThat(words.count(KeyRange.all())).isEqualTo(2);
    });
  }

  @Test
  void limitsOfKeysHoldForARange() {
    KeyRange.prefix("k".repeat(512)).after("l".repeat(512));

    for (String key : List.of("k".repeat(513), "\u00fc".repeat(257), "a\0b", "\ud83d", "\ude00")) {
      assertThatThrownBy(() -> KeyRange.prefix(key)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> KeyRange.all().after(key))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new KeyRange(key, "")).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void rangesAreWhatTheByteOrderSays() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    TreeMap<String, String> model = new TreeMap<>(ScanTest::compareBytes);
    for (int i = 0; i < 60; i++) {
      model.put(randomKey(random), "v" + i);
    }
    words.putAll(model);

    for (int i = 0; i < 300; i++) {
      String prefix = random.nextInt(4) == 0 ? "" : randomKey(random);
      String after = random.nextInt(3) == 0 ? "" : randomKey(random);
      KeyRange range = KeyRange.prefix(prefix).after(after);
      List<String> expected =
          model.keySet().stream()
              .filter(key -> key.startsWith(prefix) && compareBytes(key, after) > 0)
              .toList();
      assertThat(keys(range)).as("seed %d, %s", seed, range).isEqualTo(expected);
      assertThat(words.count(range)).as("seed %d, %s", seed, range).isEqualTo(expected.size());
    }
  }

  private static String randomKey(Random random) {
    StringBuilder key = new StringBuilder();
    for (int length = 1 + random.nextInt(3); length > 0; length--) {
      key.append(LETTERS.get(random.nextInt(LETTERS.size())));
    }
    return key.toString();
  }

  private static int compareBytes(String left, String right) {
    return Arrays.compareUnsigned(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> keys(KeyRange range) {
    return keys(range, 10_000);
  }

  private List<String> keys(KeyRange range, int limit) {
    return words.scan(range, limit).stream().map(Entry::key).toList();
  }
}
