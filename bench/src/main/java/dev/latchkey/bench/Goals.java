package dev.latchkey.bench;

import java.util.ArrayList;
import java.util.List;

/// What the inbox is to reach in the rows, whatever its peers do.
final class Goals {
  static final String ACCEPT = "accept, 64 callers";
  static final String DONE = "to done, 512 callers, 1,000 lanes";
  static final String IDLE = "to done when idle, 1 caller";

  private static final double ACCEPTED = 10_000;
  private static final double DONE_WORKS = 3_000;
  private static final long IDLE_NANOS = 5_000_000;

  private Goals() {}

  /// Returns those of the row, as far as the inbox was measured.
  static List<Figure> of(List<QueueOutcome> outcomes) {
    List<Figure> figures = new ArrayList<>();
    for (QueueOutcome outcome : outcomes) {
      if (outcome.peer() == QueuePeer.INBOX) {
        switch (outcome.row().name()) {
          case ACCEPT -> figures.add(perSecond(outcome, "accepted", ACCEPTED));
          case DONE -> figures.add(perSecond(outcome, "done", DONE_WORKS));
          case IDLE -> figures.add(idle(outcome));
          default -> {}
        }
      }
    }
    return figures;
  }

  private static Figure perSecond(QueueOutcome outcome, String what, double least) {
    Spread spread = outcome.perSecond();
    return new Figure(
        outcome.row().name(),
        "%,.0f %s/s (%,.0f–%,.0f)".formatted(spread.median(), what, spread.least(), spread.most()),
        ">= %,.0f/s".formatted(least),
        spread.median() >= least);
  }

  private static Figure idle(QueueOutcome outcome) {
    long median = outcome.toStart().quantile(0.5);
    return new Figure(
        "from accept to the start of its handler, when idle",
        "p50 %s, p99 %s"
            .formatted(
                MarkdownReport.time(median), MarkdownReport.time(outcome.toStart().quantile(0.99))),
        "p50 < 5 ms",
        median < IDLE_NANOS);
  }
}
