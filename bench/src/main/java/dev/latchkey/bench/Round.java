package dev.latchkey.bench;

import java.time.Duration;

/// All of a row's callers at work on one contender for a while.
final class Round {

  /// Further apart than there are callers, and from the seed of the keys that are there beforehand.
  private static final long SEEDS_APART = 1_000_003;

  private final Row row;
  private final Keys keys;
  private final Crowd crowd;

  Round(Row row, Peer peer, Keys keys) {
    this.row = row;
    this.keys = keys;
    boolean virtual = row.isVirtual() && !peer.isOnPlatformThreads();
    this.crowd = new Crowd(row.name(), row.callers(), virtual);
  }

  /// Runs the round.
  ///
  /// @param seed from 0, unlike that of any other round
  /// @throws IllegalStateException if a call failed, or didn't return
  Measurement run(Contender contender, Duration length, long seed) throws InterruptedException {
    return crowd.run(
        length,
        caller -> new KvDuty(row, keys, contender.client(), (seed + 1) * SEEDS_APART + caller));
  }
}
