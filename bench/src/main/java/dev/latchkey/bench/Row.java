package dev.latchkey.bench;

import java.util.List;

/// One thing which is measured with several peers.
///
/// @param valueBytes the size of each value
/// @param goals what kv is to reach in it
record Row(
    String name,
    Operation operation,
    int callers,
    int valueBytes,
    List<Peer> peers,
    List<Goal> goals) {

  private static final int MOST_PLATFORM_CALLERS = 8;

  /// Whether the callers are virtual threads.
  boolean isVirtual() {
    return callers > MOST_PLATFORM_CALLERS;
  }
}
