package dev.latchkey.inbox;

/// What a call of a paid step has cost, written down by the call itself.
///
/// A bucket which isn't named counts as used as it was reserved. That is so for a call that throws
/// as well, since it may have been charged for; its charges are then listed as ambiguous. A call
/// which knows better says so here before it throws.
public interface Bill {

  /// Says how much of a reserved bucket the call has used.
  ///
  /// @param units 0 or more
  /// @throws IllegalArgumentException if the step has reserved nothing of that bucket
  void used(String bucket, long units);

  /// Says that the call has cost nothing, of no bucket.
  void nothing();
}
