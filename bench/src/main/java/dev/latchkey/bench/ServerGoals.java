package dev.latchkey.bench;

import java.util.ArrayList;
import java.util.List;

/// What the server is to reach under load, whatever it does without a store.
final class ServerGoals {
  private static final double ACCEPTED = 4_000;
  private static final long STEADY_NANOS = 250_000_000;

  private ServerGoals() {}

  /// Returns those of the rows that were measured.
  static List<Figure> of(List<ServerOutcome> outcomes) {
    List<Figure> figures = new ArrayList<>();
    for (ServerOutcome outcome : outcomes) {
      if (outcome.peer() == ServerPeer.SERVER) {
        switch (outcome.row().name()) {
          case ServerRow.MOST -> figures.add(accepted(outcome));
          case ServerRow.STEADY -> figures.add(steady(outcome));
          default -> {}
        }
      }
    }
    return figures;
  }

  /// A server that loses or doubles one would have figures worth nothing.
  static List<Figure> of(ServerRace.Count count) {
    return List.of(
        new Figure(
            "deliveries in the database after all rows",
            "%,d".formatted(count.kept()),
            "the %,d answers 202".formatted(count.answers()),
            count.kept() == count.answers()));
  }

  private static Figure accepted(ServerOutcome outcome) {
    return new Figure(
        outcome.row().name() + ", senders on the same processors",
        "%,.0f accepted/s".formatted(outcome.perSecond()),
        ">= %,.0f/s".formatted(ACCEPTED),
        outcome.perSecond() >= ACCEPTED);
  }

  /// A rate that isn't kept up has no latency worth telling, so most of it is asked for too.
  private static Figure steady(ServerOutcome outcome) {
    long slowest = outcome.latencies().quantile(0.99);
    return new Figure(
        outcome.row().name(),
        "p99 %s at %,.0f accepted/s".formatted(MarkdownReport.time(slowest), outcome.perSecond()),
        "p99 < 250 ms",
        slowest < STEADY_NANOS && outcome.perSecond() >= 0.98 * ServerRow.STEADY_RATE);
  }
}
