package dev.latchkey.kv;

import java.time.Duration;

/// How long a snapshot may last, from its beginning on.
///
/// @param begun by [System#nanoTime]
record TimeLimit(long begun, Duration timeout) {

  static TimeLimit of(Duration timeout) {
    return new TimeLimit(System.nanoTime(), timeout);
  }

  /// Returns when it ends, by [System#nanoTime].
  long end() {
    return begun + Millis.waitNanos(timeout);
  }

  boolean isOver() {
    return System.nanoTime() - end() >= 0;
  }

  KvException.Unavailable over() {
    return new KvException.Unavailable(
        "the snapshot or query ended after its "
            + timeout.toMillis()
            + " ms, so that it holds up nobody for longer",
        null);
  }
}
