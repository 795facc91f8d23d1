package dev.latchkey.bench;

import java.util.stream.DoubleStream;

/// The middle of some figures, and the ends.
record Spread(double median, double least, double most) {

  /// @throws IllegalArgumentException if there are no figures
  static Spread of(DoubleStream figures) {
    double[] sorted = figures.sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no figures");
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }
}
