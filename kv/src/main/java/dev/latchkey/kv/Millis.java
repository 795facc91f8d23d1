package dev.latchkey.kv;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Times as the numbers that SQL and waiting need, brought into range instead of overflowing.
final class Millis {

  /// A wait of about 146 years, which can be added to [System#nanoTime] without overflow.
  private static final Duration LONGEST_WAIT = Duration.ofNanos(Long.MAX_VALUE / 2);

  private Millis() {}

  /// Returns the milliseconds since 1970, rounded down.
  static long of(Instant instant) {
    try {
      return instant.toEpochMilli();
    } catch (ArithmeticException e) {
      return instant.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  /// Returns the deadline of a write made now, or null if it has none.
  static @Nullable Long deadline(Expiry expiry, long now) {
    return switch (expiry) {
      case Expiry.Never() -> null;
      case Expiry.After(Duration lifetime) -> {
        // The sum overflows only upwards: a lifetime is positive.
        long sum = now + TimeUnit.MILLISECONDS.convert(lifetime);
        yield sum < now ? Long.MAX_VALUE : sum;
      }
      case Expiry.At(Instant deadline) -> of(deadline);
    };
  }

  static long waitNanos(Duration wait) {
    return (wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT).toNanos();
  }
}
