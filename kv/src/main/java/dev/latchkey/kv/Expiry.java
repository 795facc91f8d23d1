package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/// When an entry ceases to be visible. What lies beyond the milliseconds a long can hold is brought
/// down to the last of them.
public sealed interface Expiry {

  static Expiry never() {
    return new Never();
  }

  /// Returns the expiry that long after the write. The lifetime is at least 1 ms.
  static Expiry after(Duration lifetime) {
    return new After(lifetime);
  }

  /// Returns the expiry at that instant; a write whose instant has passed removes the entry.
  static Expiry at(Instant deadline) {
    return new At(deadline);
  }

  record Never() implements Expiry {}

  record After(Duration lifetime) implements Expiry {
    public After {
      if (lifetime.compareTo(Duration.ofMillis(1)) < 0) {
        throw new IllegalArgumentException("lifetime is shorter than 1 ms: " + lifetime);
      }
    }
  }

  record At(Instant deadline) implements Expiry {
    public At {
      requireNonNull(deadline, "deadline");
    }
  }
}
