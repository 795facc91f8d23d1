package dev.latchkey.bench;

import java.util.Arrays;
import java.util.List;

/// What one peer has shown in one row, round by round.
record Outcome(Row row, Peer peer, List<Measurement> rounds) {

  Spread perSecond() {
    return Spread.of(rounds.stream().mapToDouble(Measurement::perSecond));
  }

  Spread processor() {
    return Spread.of(rounds.stream().mapToDouble(Measurement::processor));
  }

  Spread allocated() {
    return Spread.of(rounds.stream().mapToDouble(Measurement::allocated));
  }

  Latencies latencies() {
    Latencies all = new Latencies();
    rounds.forEach(round -> all.add(round.latencies()));
    return all;
  }

  /// Compares round by round, as neighbours in time see the same machine.
  ///
  /// @param other of the same row and run
  /// @return how many times the other's operations per second this one has
  Spread ratioTo(Outcome other) {
    double[] ratios = new double[rounds.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = rounds.get(i).perSecond() / other.rounds.get(i).perSecond();
    }
    return Spread.of(Arrays.stream(ratios));
  }
}
