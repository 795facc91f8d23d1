package dev.latchkey.bench;

import java.util.SplittableRandom;

/// Random values, each unlike the one before: SQLite doesn't write a row which stays as it is, and
/// compression finds nothing in them.
final class Values {
  private final SplittableRandom random;
  private final byte[] value;

  Values(long seed, int bytes) {
    this.random = new SplittableRandom(seed);
    this.value = new byte[bytes];
  }

  /// Returns the next value, in the same array every time, so that making it allocates nothing.
  byte[] next() {
    random.nextBytes(value);
    return value;
  }
}
