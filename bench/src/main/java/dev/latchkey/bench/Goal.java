package dev.latchkey.bench;

/// What kv is to reach.
sealed interface Goal {

  /// How many times the other's operations per second.
  double factor();

  /// Measured by a peer in the same row.
  record OfPeer(double factor, Peer peer) implements Goal {}

  /// Measured by kv itself in an earlier row.
  record OfRow(double factor, String row) implements Goal {}
}
