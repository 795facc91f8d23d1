package dev.latchkey.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The figures for a program to read. Times are in nanoseconds, and idle figures as they're
/// printed.
record JsonReport(
    Map<String, String> machine, Map<String, Times> rawSync, List<Line> rows, List<Figure> idle) {

  /// What a line of the table says, with each round.
  record Line(
      String row,
      Peer peer,
      Spread perSecond,
      List<Double> rounds,
      Times nanos,
      Spread processorNanos,
      Spread allocatedBytes,
      List<Verdict> kvIs) {}

  record Times(long p50, long p99, long max) {
    static Times of(Latencies latencies) {
      return new Times(latencies.quantile(0.5), latencies.quantile(0.99), latencies.longest());
    }
  }

  static List<Line> lines(Results results) {
    return results.outcomes().stream()
        .map(outcome ->
            new Line(
                outcome.row().name(),
                outcome.peer(),
                outcome.perSecond(),
                outcome.rounds().stream().map(Measurement::perSecond).toList(),
                Times.of(outcome.latencies()),
                outcome.processor(),
                outcome.allocated(),
                results.verdicts(outcome)))
        .toList();
  }

  void write(Path file) {
    JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValue(file, this);
  }
}
