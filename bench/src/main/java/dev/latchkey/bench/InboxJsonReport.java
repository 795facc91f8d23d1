package dev.latchkey.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The inbox's figures for a program to read. Times are in nanoseconds, and the figures with goals
/// as they're printed.
record InboxJsonReport(
    Map<String, String> machine,
    Map<String, JsonReport.Times> rawSync,
    List<Line> rows,
    List<Figure> figures) {

  /// What a line of the table says, with each round.
  record Line(
      String row,
      QueuePeer peer,
      Spread perSecond,
      List<Double> rounds,
      JsonReport.Times nanos,
      JsonReport.Times nanosToStart,
      Spread processorNanos,
      Spread allocatedBytes) {}

  static InboxJsonReport of(
      Map<String, String> machine,
      Map<String, JsonReport.Times> rawSync,
      List<QueueOutcome> outcomes,
      List<Figure> figures) {
    return new InboxJsonReport(
        machine, rawSync, outcomes.stream().map(InboxJsonReport::line).toList(), figures);
  }

  private static Line line(QueueOutcome outcome) {
    return new Line(
        outcome.row().name(),
        outcome.peer(),
        outcome.perSecond(),
        outcome.rounds().stream().map(Measurement::perSecond).toList(),
        JsonReport.Times.of(outcome.latencies()),
        JsonReport.Times.of(outcome.toStart()),
        outcome.processor(),
        outcome.allocated());
  }

  void write(Path file) {
    JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValue(file, this);
  }
}
