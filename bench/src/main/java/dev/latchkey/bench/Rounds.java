package dev.latchkey.bench;

import java.util.Arrays;
import java.util.List;

/// What has been shown round by round.
interface Rounds {
  List<Measurement> rounds();

  default Spread perSecond() {
    return Spread.of(rounds().stream().mapToDouble(Measurement::perSecond));
  }

  default Spread processor() {
    return Spread.of(rounds().stream().mapToDouble(Measurement::processor));
  }

  default Spread allocated() {
    return Spread.of(rounds().stream().mapToDouble(Measurement::allocated));
  }

  default Latencies latencies() {
    Latencies all = new Latencies();
    rounds().forEach(round -> all.add(round.latencies()));
    return all;
  }

  /// Compares round by round, as neighbours in time see the same machine.
  ///
  /// @param other of the same row and run
  /// @return how many times the other's operations per second this one has
  default Spread ratioTo(Rounds other) {
    double[] ratios = new double[rounds().size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = rounds().get(i).perSecond() / other.rounds().get(i).perSecond();
    }
    return Spread.of(Arrays.stream(ratios));
  }
}
