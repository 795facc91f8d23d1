package dev.latchkey.bench;

/// What a caller does again and again.
enum Operation {
  /// Puts a new value under a key that is there.
  PUT,
  /// Puts a value under a key that isn't there.
  PUT_NEW,
  /// Gets one of [Keys#HOT] keys.
  GET_HOT,
  /// Gets any key, with no cache in the heap.
  GET_UNCACHED;

  boolean isPut() {
    return this == PUT || this == PUT_NEW;
  }

  /// How many calls there are for each one whose time is taken. Reading the clock twice takes some
  /// 50 ns: nothing beside an fsync, and as much as a hot get.
  int timedEvery() {
    return isPut() ? 1 : 16;
  }
}
