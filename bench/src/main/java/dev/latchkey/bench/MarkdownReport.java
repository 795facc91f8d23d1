package dev.latchkey.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/// The figures as tables to paste into a document.
final class MarkdownReport {
  private final PrintStream out;

  MarkdownReport(PrintStream out) {
    this.out = out;
  }

  void machine(Map<String, String> facts) {
    line("| | |");
    line("|---|---|");
    facts.forEach((name, fact) -> line("| %s | %s |".formatted(name, fact)));
    line("");
  }

  void sync(String when, Latencies sync) {
    line("");
    line(
        "A raw 4 KiB write and fsync %s the run: p50 %s, p99 %s, max %s."
            .formatted(
                when, time(sync.quantile(0.5)), time(sync.quantile(0.99)), time(sync.longest())));
    line("");
  }

  void head() {
    line("| what | who | ops/s | least–most | p50 | p99 | max | CPU/op | B/op | kv is | goal |");
    line("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|---|");
  }

  void row(List<Outcome> outcomes, Results results) {
    for (Outcome outcome : outcomes) {
      Spread perSecond = outcome.perSecond();
      Latencies latencies = outcome.latencies();
      line(
          "| %s | %s | %,.0f | %,.0f–%,.0f | %s | %s | %s | %s | %,.0f | %s |"
              .formatted(
                  outcome.row().name(),
                  outcome.peer().title(),
                  perSecond.median(),
                  perSecond.least(),
                  perSecond.most(),
                  time(latencies.quantile(0.5)),
                  time(latencies.quantile(0.99)),
                  time(latencies.longest()),
                  time(Math.round(outcome.processor().median())),
                  outcome.allocated().median(),
                  verdict(outcome, results.verdicts(outcome))));
    }
  }

  void queueHead() {
    line(
        "| what | who | per second | least–most | p50 | p99 | max | to start: p50 | p99 | CPU/op"
            + " | B/op | inbox is |");
    line("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
  }

  /// @param outcomes of one row; where the first is the inbox's, the others are compared with it
  void queueRow(List<QueueOutcome> outcomes) {
    QueueOutcome first = outcomes.getFirst();
    for (QueueOutcome outcome : outcomes) {
      boolean isCompared = first.peer() == QueuePeer.INBOX && outcome.peer() != QueuePeer.INBOX;
      line(
          "| %s | %s | %s | %s | %s | %s | %,.0f | %s |"
              .formatted(
                  outcome.row().name(),
                  outcome.peer().title(),
                  perSecond(outcome),
                  times(outcome.latencies()) + " | " + time(outcome.latencies().longest()),
                  outcome.toStart().count() == 0 ? " | " : times(outcome.toStart()),
                  time(Math.round(outcome.processor().median())),
                  outcome.allocated().median(),
                  isCompared ? ratio(outcome.row(), first.ratioTo(outcome)) : ""));
    }
  }

  void diffHead() {
    line("| who | MB/s | least–most | CPU/MB | B/B | review is |");
    line("|---|--:|--:|--:|--:|--:|");
  }

  /// @param outcomes where the first is review's, the others are compared with it
  void diffRows(List<DiffOutcome> outcomes) {
    DiffOutcome first = outcomes.getFirst();
    for (DiffOutcome outcome : outcomes) {
      boolean isCompared = first.peer() == DiffPeer.REVIEW && outcome.peer() != DiffPeer.REVIEW;
      Spread perSecond = outcome.perSecond();
      line(
          "| %s | %,.0f | %,.0f–%,.0f | %s | %.2f | %s |"
              .formatted(
                  outcome.peer().title(),
                  perSecond.median(),
                  perSecond.least(),
                  perSecond.most(),
                  time(Math.round(outcome.processor().median())),
                  outcome.allocated().median() / 1e6,
                  isCompared ? ratio(first.ratioTo(outcome)) : ""));
    }
  }

  void serverHead() {
    line(
        "| what | who | accepted/s | p50 | p99 | max | server's CPU/op | senders' CPU/op"
            + " | others' cores | resident |");
    line("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|");
  }

  void serverRow(ServerOutcome outcome) {
    line(
        "| %s | %s | %,.0f | %s | %s | %s | %s | %.1f | %,d MiB |"
            .formatted(
                outcome.row().name(),
                outcome.peer().title(),
                outcome.perSecond(),
                times(outcome.latencies()),
                time(outcome.latencies().longest()),
                time(Math.round(outcome.serverProcessor())),
                time(Math.round(outcome.sendersProcessor())),
                outcome.others(),
                outcome.resident() >> 20));
  }

  /// How many it does between pauses means nothing.
  private static String perSecond(QueueOutcome outcome) {
    if (outcome.row().operation() == QueueOperation.DONE_IDLE) {
      return " | ";
    }
    Spread spread = outcome.perSecond();
    return "%,.0f | %,.0f–%,.0f".formatted(spread.median(), spread.least(), spread.most());
  }

  private static String ratio(QueueRow row, Spread ratio) {
    return row.operation() == QueueOperation.DONE_IDLE ? "" : ratio(ratio);
  }

  private static String ratio(Spread ratio) {
    return "%.2fx (%.2f–%.2f)".formatted(ratio.median(), ratio.least(), ratio.most());
  }

  private static String times(Latencies latencies) {
    return time(latencies.quantile(0.5)) + " | " + time(latencies.quantile(0.99));
  }

  /// @param text a paragraph of its own
  void note(String text) {
    line("");
    line(text);
  }

  /// @param title what all of them are about
  void figures(String title, List<Figure> figures) {
    line("");
    line("| %s | figure | goal |".formatted(title));
    line("|---|--:|---|");
    for (Figure figure : figures) {
      line(
          "| %s | %s | %s: %s |"
              .formatted(figure.name(), figure.value(), figure.limit(), met(figure.isMet())));
    }
  }

  /// The last two cells of a line. For kv's own line they tell how it compares with another row.
  private static String verdict(Outcome outcome, List<Verdict> verdicts) {
    if (verdicts.isEmpty()) {
      return "| ";
    }
    Verdict verdict = verdicts.getFirst();
    Spread ratio = verdict.ratio();
    boolean isOtherRow = !verdict.against().equals(outcome.peer().title());
    return "%.2fx (%.2f–%.2f)%s | %s"
        .formatted(
            ratio.median(),
            ratio.least(),
            ratio.most(),
            isOtherRow ? " of its '" + verdict.against() + "'" : "",
            verdict.goal() == null
                ? ""
                : "%.1fx: %s".formatted(verdict.goal(), met(verdict.isMet())));
  }

  private static String met(boolean isMet) {
    return isMet ? "met" : "**missed**";
  }

  static String time(long nanos) {
    if (nanos < 10_000) {
      return "%.2f µs".formatted(nanos / 1e3);
    }
    return nanos < 1_000_000 ? "%.0f µs".formatted(nanos / 1e3) : "%.2f ms".formatted(nanos / 1e6);
  }

  private void line(String text) {
    out.println(text);
    // A run takes minutes: each row is to be seen when it is there.
    out.flush();
  }
}
