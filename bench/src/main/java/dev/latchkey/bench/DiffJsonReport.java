package dev.latchkey.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The diff parser's figures for a program to read; per megabyte where a line doesn't say
/// otherwise.
record DiffJsonReport(Map<String, String> machine, List<Line> rows, List<Figure> figures) {

  /// What a line of the table says, with each round.
  record Line(
      DiffPeer peer,
      Spread megabytesPerSecond,
      List<Double> rounds,
      Spread processorNanos,
      Spread allocatedBytes) {}

  static DiffJsonReport of(
      Map<String, String> machine, List<DiffOutcome> outcomes, List<Figure> figures) {
    return new DiffJsonReport(
        machine, outcomes.stream().map(DiffJsonReport::line).toList(), figures);
  }

  private static Line line(DiffOutcome outcome) {
    return new Line(
        outcome.peer(),
        outcome.perSecond(),
        outcome.rounds().stream().map(Measurement::perSecond).toList(),
        outcome.processor(),
        outcome.allocated());
  }

  void write(Path file) {
    JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValue(file, this);
  }
}
