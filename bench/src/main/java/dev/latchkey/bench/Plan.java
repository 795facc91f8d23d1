package dev.latchkey.bench;

import java.time.Duration;
import java.util.List;

/// How much is measured.
///
/// @param rounds of each peer in each row
/// @param length of a round
/// @param warmUp what each peer does in each row before its first round, uncounted
/// @param idle how long nothing is done; zero to leave that out
/// @param keys how many are there beforehand
record Plan(
    List<Row> rows,
    List<Peer> peers,
    int rounds,
    Duration length,
    Duration warmUp,
    Duration idle,
    int keys) {

  Plan withoutIdle() {
    return new Plan(rows, peers, rounds, length, warmUp, Duration.ZERO, keys);
  }
}
