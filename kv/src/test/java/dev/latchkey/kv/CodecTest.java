package dev.latchkey.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Place.class)
class CodecTest {

  private final Place place;
  private final AtomicInteger decoded = new AtomicInteger();
  @TempDir Path directory;
  private Database database;

  CodecTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void textOfEveryKindComesBack() {
    Store<String> words = database.store(StoreSpec.of("words", Codec.text()));
    for (String text :
        List.of("", "plain", "\0", "\u00fc\u2603\ud83d\ude00", "x".repeat(100_000))) {
      words.put("a", text);
      assertThat(words.get("a")).contains(text);
    }
  }

  @Test
  void textWithALoneSurrogateIsABadValueAndLeavesWhatWasThere() {
    Store<String> words = database.store(StoreSpec.of("words", Codec.text()));
    words.put("a", "1");

    for (String text : List.of("\ud83d", "x\ude00y", "\ude00\ud83d")) {
      assertThatThrownBy(() -> words.put("a", text)).isInstanceOf(KvException.BadValue.class);
    }

    assertThat(words.get("a")).contains("1");
  }

  @Test
  void bytesComeBackAsCopies() {
    Store<byte[]> raw = database.store(StoreSpec.of("raw", Codec.bytes()));
    byte[] given = {1, 2, 3};
    raw.put("a", given);

    given[0] = 9;
    raw.get("a").orElseThrow()[1] = 9;

    assertThat(raw.get("a").orElseThrow()).containsExactly(1, 2, 3);
  }

  @Test
  void valueThatIsNotReadableIsBadForEveryMethodThatReadsIt() {
    Store<String> picky = database.store(StoreSpec.of("picky", picky()));
    picky.put("key-7", "secret");
    Entry<String> stale = new Entry<>("key-7", "x", 0, null);
    List<ThrowingCallable> reads =
        List.of(
            () -> picky.get("key-7"),
            () -> picky.entry("key-7"),
            () -> picky.getAll(List.of("key-7")),
            () -> picky.scan(KeyRange.all(), 1),
            () -> picky.update("key-7", "x", value -> value),
            () -> picky.asMap().get("key-7"));

    for (ThrowingCallable read : reads) {
      assertThatThrownBy(read)
          .isInstanceOf(KvException.BadValue.class)
          .hasMessageContaining("picky")
          .hasMessageContaining("key-7")
          .hasMessageNotContaining("secret")
          .hasRootCauseMessage("unreadable");
    }
    assertThat(picky.remove(stale)).isFalse();
    assertThat(picky.remove("key-7")).isTrue();
  }

  @Test
  void whatNeedsNoValueDecodesNone() {
    Store<String> picky = database.store(StoreSpec.of("picky", picky()));
    picky.put("a", "1");

    assertThat(picky.contains("a")).isTrue();
    assertThat(picky.putIfAbsent("a", "2")).isFalse();
    assertThat(picky.count(KeyRange.all())).isEqualTo(1);
    assertThat(picky.touch("a", Expiry.never())).isTrue();
    assertThat(picky.asMap().containsKey("a")).isTrue();
    assertThat(picky.asMap().size()).isEqualTo(1);
    assertThat(picky.asMap().isEmpty()).isFalse();
    picky.put("a", "3");
    picky.putAll(Map.of("a", "4"));
    picky.asMap().clear();

    assertThat(decoded).hasValue(0);
    assertThat(picky.contains("a")).isFalse();
  }

  /// A codec that writes but can't read.
  private Codec<String> picky() {
    return Codec.of(
        text -> text.getBytes(UTF_8),
        bytes -> {
          decoded.incrementAndGet();
          throw new IllegalStateException("unreadable");
        });
  }

  @Test
  void bytesThatAreNotUtf8AreABadText() {
    Codec<String> text = Codec.text();

    assertThatThrownBy(() -> text.decode(new byte[] {(byte) 0xff}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @NullUnmarked
  void codecThatReturnsNullIsABadValue() {
    Store<String> gives =
        database.store(StoreSpec.of("gives", Codec.of(text -> null, bytes -> "")));
    Store<String> takes =
        database.store(StoreSpec.of("takes", Codec.of(text -> new byte[0], bytes -> null)));

    assertThatThrownBy(() -> gives.put("a", "1")).isInstanceOf(KvException.BadValue.class);
    assertThat(gives.contains("a")).isFalse();
    takes.put("a", "1");
    assertThatThrownBy(() -> takes.get("a")).isInstanceOf(KvException.BadValue.class);
    assertThat(takes.contains("a")).isTrue();
  }

  @Test
  void errorOfACodecIsThrownOnAsItIs() {
    Codec<String> broken =
        Codec.of(
            text -> {
              throw new StackOverflowError();
            },
            bytes -> "");
    Store<String> store = database.store(StoreSpec.of("broken", broken));

    assertThatThrownBy(() -> store.put("a", "1")).isInstanceOf(StackOverflowError.class);

    assertThat(store.contains("a")).isFalse();
  }

  @Test
  void badValueInATransactionLeavesTheRestOfIt() {
    Store<String> words = database.store(StoreSpec.of("words", Codec.text()));

    database.transact(() -> {
      words.put("a", "1");
      assertThatThrownBy(() -> words.put("b", "\ud83d")).isInstanceOf(KvException.BadValue.class);
      words.put("c", "3");
    });

    assertThat(words.asMap()).containsOnlyKeys("a", "c");
  }
}
