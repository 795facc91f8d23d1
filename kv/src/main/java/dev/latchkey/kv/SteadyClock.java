package dev.latchkey.kv;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// A clock which never runs backwards within this process, however often a database is opened with
/// it: what has expired once stays so.
final class SteadyClock {

  /// What each clock showed last. A clock is the same if it is the same object.
  private static final Cache<InstantSource, AtomicLong> LATEST =
      Caffeine.newBuilder().weakKeys().build();

  private final InstantSource source;
  private final AtomicLong latest;

  SteadyClock(InstantSource source) {
    this.source = source;
    this.latest = LATEST.get(source, same -> new AtomicLong(Long.MIN_VALUE));
  }

  /// Returns the time in milliseconds since 1970.
  long now() {
    long read = Millis.of(source.instant());
    return read <= latest.get() ? latest.get() : latest.accumulateAndGet(read, Math::max);
  }
}
