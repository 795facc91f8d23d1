package dev.latchkey.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;

/// The keys that are there before anything is measured: 36 characters each, in no order, the same
/// ones every time.
///
/// A key is handed out as a new [String] each time, as it would come from a request. One that was
/// used before knows its hash and is equal to itself at first sight, which flatters a cache in the
/// heap and nobody else.
final class Keys {
  static final int HOT = 1_000;
  private static final long SEED = 1;

  private final byte[][] keys;

  Keys(int count) {
    SplittableRandom random = new SplittableRandom(SEED);
    this.keys =
        Stream.generate(() -> next(random).getBytes(ISO_8859_1))
            .limit(count)
            .toArray(byte[][]::new);
  }

  /// Returns a key that isn't there.
  static String next(SplittableRandom random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  String any(SplittableRandom random) {
    return key(random.nextInt(keys.length));
  }

  /// Returns one of the few that are read again and again.
  String hot(SplittableRandom random) {
    return key(random.nextInt(Math.min(HOT, keys.length)));
  }

  List<String> all() {
    return Stream.of(keys).map(key -> new String(key, ISO_8859_1)).toList();
  }

  private String key(int index) {
    return new String(keys[index], ISO_8859_1);
  }
}
