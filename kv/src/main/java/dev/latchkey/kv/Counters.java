package dev.latchkey.kv;

/// Durable counters, each starting at 0. They follow the rules for keys and atomicity of [Store].
public sealed interface Counters permits SqlCounters {

  /// Returns the count, 0 if there is none.
  long get(String key);

  /// Adds to the count and returns the sum. The first addition starts the expiry; later ones don't
  /// prolong it, so a counter which expires after an hour counts within a window of an hour.
  ///
  /// @throws ArithmeticException if the sum exceeds a long; the count is unchanged
  long add(String key, long delta);

  /// Adds to the count if the sum is at most `max`.
  ///
  /// @return false, with nothing changed, if it would be more
  /// @throws ArithmeticException if the sum exceeds a long; the count is unchanged
  boolean tryAdd(String key, long delta, long max);

  /// Sets the count back to 0 and returns whether there was one; one that stands at 0 after
  /// additions counts as there.
  boolean remove(String key);
}
