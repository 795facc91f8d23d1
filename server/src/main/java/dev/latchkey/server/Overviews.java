package dev.latchkey.server;

import dev.latchkey.inbox.Inbox;
import dev.latchkey.inbox.InboxStats;
import dev.latchkey.inbox.WorkState;
import dev.latchkey.inbox.WorkView;
import dev.latchkey.server.web.HealthRoute;
import dev.latchkey.server.web.Overview;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Gathers what the overview page shows.
final class Overviews {

  private static final int NEWEST = 100;

  private final Inbox inbox;
  private final HealthRoute.Health health;

  Overviews(Inbox inbox, HealthRoute.Health health) {
    this.inbox = inbox;
    this.health = health;
  }

  Overview now() {
    InboxStats stats = inbox.stats();
    List<String> failing = HealthRoute.failing(health);
    return new Overview(
        Main.version(),
        failing.isEmpty(),
        failing.isEmpty() ? "Working" : "Failing: " + String.join(", ", failing),
        List.of(
            new Overview.Count("Accepted", stats.accepted()),
            new Overview.Count("Duplicates", stats.duplicates()),
            new Overview.Count("Ignored", stats.ignored())),
        Stream.of(WorkState.values())
            .map(state -> new Overview.Count(state.name(), stats.works().getOrDefault(state, 0L)))
            .toList(),
        inbox.works(NEWEST).stream().map(Overviews::line).toList());
  }

  private static Overview.Line line(WorkView work) {
    Instant changed =
        Stream.of(work.endedAt(), work.claimedAt(), work.firstAt())
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow();
    return new Overview.Line(
        work.id(),
        Json.read(work.subject(), PullRef.class).toString(),
        work.state().name(),
        work.attempt(),
        result(work),
        changed.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static String result(WorkView work) {
    String said = work.error().isEmpty() ? work.outcome() : work.error();
    return switch (work.state()) {
      case DONE -> work.outcome();
      case DEAD -> work.error();
      case READY, RUNNING -> said;
      case WAITING -> "until %s (%s) %s".formatted(work.nextAt(), work.reason(), said);
    };
  }
}
