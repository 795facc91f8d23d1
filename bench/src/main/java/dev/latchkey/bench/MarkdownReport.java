package dev.latchkey.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/// The figures as tables to paste into a document.
final class MarkdownReport {
  private final PrintStream out;

  MarkdownReport(PrintStream out) {
    this.out = out;
  }

  void head() {
    line("| what | who | ops/s | rounds | p50 | p99 | max | B/op | kv is | goal |");
    line("|---|---|--:|--:|--:|--:|--:|--:|--:|---|");
  }

  void row(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      Spread perSecond = outcome.perSecond();
      Latencies latencies = outcome.latencies();
      line(
          "| %s | %s | %,.0f | %,.0f–%,.0f | %s | %s | %s | %,.0f | %s |",
          outcome.row().name(),
          outcome.peer().title(),
          perSecond.median(),
          perSecond.least(),
          perSecond.most(),
          time(latencies.quantile(0.5)),
          time(latencies.quantile(0.99)),
          time(latencies.longest()),
          outcome.allocated().median(),
          comparison(outcomes.getFirst(), outcome));
    }
  }

  /// The last two cells of a line.
  private static String comparison(Outcome first, Outcome outcome) {
    if (first.peer() == outcome.peer()) {
      return "| ";
    }
    double ratio = first.ratioTo(outcome).median();
    String goal =
        outcome.row().goals().stream()
            .filter(wanted -> wanted.peer() == outcome.peer())
            .map(wanted ->
                String.format(
                    Locale.ROOT,
                    "%.1fx: %s",
                    wanted.factor(),
                    ratio >= wanted.factor() ? "met" : "**missed**"))
            .findFirst()
            .orElse("");
    return String.format(Locale.ROOT, "%.2fx | %s", ratio, goal);
  }

  private static String time(long nanos) {
    if (nanos < 10_000) {
      return String.format(Locale.ROOT, "%.2f µs", nanos / 1e3);
    }
    return nanos < 1_000_000
        ? String.format(Locale.ROOT, "%.0f µs", nanos / 1e3)
        : String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
  }

  private void line(String format, Object... arguments) {
    out.printf(Locale.ROOT, format + "%n", arguments);
    out.flush();
  }
}
