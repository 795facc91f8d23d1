package dev.latchkey.bench;

import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;

/// Keys of 36 characters, in no order.
final class Keys {
  private static final long PRELOADED_SEED = 1;

  private Keys() {}

  /// Returns the keys that are there before anything is measured, the same ones every time.
  static List<String> preloaded(int count) {
    SplittableRandom random = new SplittableRandom(PRELOADED_SEED);
    return Stream.generate(() -> next(random)).limit(count).toList();
  }

  static String next(SplittableRandom random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
