package dev.latchkey.bench;

import java.util.ArrayList;
import java.util.List;

/// One thing which is measured with several peers, kv first.
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

  static Row of(String name, Operation operation, int callers, int valueBytes, List<Peer> peers) {
    return new Row(name, operation, callers, valueBytes, peers, List.of());
  }

  /// Returns this row with the goal to do so many times what each of the others does.
  Row goal(double factor, Peer... others) {
    Row row = this;
    for (Peer other : others) {
      row = row.plus(new Goal.OfPeer(factor, other));
    }
    return row;
  }

  /// Returns this row with the goal to do more than kv does in the other row.
  Row growingFrom(Row other) {
    return plus(new Goal.OfRow(1, other.name()));
  }

  private Row plus(Goal goal) {
    List<Goal> more = new ArrayList<>(goals);
    more.add(goal);
    return new Row(name, operation, callers, valueBytes, peers, List.copyOf(more));
  }

  /// Whether the callers are virtual threads, but for a peer that can't bear them.
  boolean isVirtual() {
    return callers > MOST_PLATFORM_CALLERS;
  }
}
