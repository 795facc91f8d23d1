package dev.latchkey.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The server's figures for a program to read. Times are in nanoseconds, memory in bytes, and the
/// figures with goals as they're printed.
record ServerJsonReport(
    Map<String, String> machine,
    Map<String, JsonReport.Times> rawSync,
    List<Line> rows,
    List<ServerRace.Count> counts,
    List<Figure> figures) {

  /// What a line of the table says.
  record Line(
      String row,
      ServerPeer peer,
      double acceptedPerSecond,
      JsonReport.Times nanos,
      double serverProcessorNanos,
      double sendersProcessorNanos,
      double othersProcessors,
      long residentBytes) {}

  static List<Line> lines(List<ServerOutcome> outcomes) {
    return outcomes.stream()
        .map(outcome ->
            new Line(
                outcome.row().name(),
                outcome.peer(),
                outcome.perSecond(),
                JsonReport.Times.of(outcome.latencies()),
                outcome.serverProcessor(),
                outcome.sendersProcessor(),
                outcome.others(),
                outcome.resident()))
        .toList();
  }

  void write(Path file) {
    JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValue(file, this);
  }
}
