package dev.latchkey.server;

import dev.latchkey.inbox.Inbox;
import dev.latchkey.inbox.InboxStats;
import dev.latchkey.inbox.WorkState;
import dev.latchkey.inbox.WorkView;
import dev.latchkey.kv.KvException;
import dev.latchkey.server.web.HealthChecks;
import dev.latchkey.server.web.Overview;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Gathers what the overview page shows.
final class Overviews {

  private static final Logger LOG = System.getLogger(Overviews.class.getName());
  private static final int NEWEST = 100;

  private final Inbox inbox;
  private final HealthChecks health;

  Overviews(Inbox inbox, HealthChecks health) {
    this.inbox = inbox;
    this.health = health;
  }

  /// A database which fails leaves the page without numbers, but not the operator without a page.
  Overview now() {
    List<String> failing = health.failing();
    if (failing.isEmpty()) {
      return counted("Working", true);
    }
    String failures = "Failing: " + String.join(", ", failing) + "; the log says why";
    try {
      return counted(failures, false);
    } catch (KvException e) {
      LOG.log(Level.ERROR, "event=overview.uncounted", e);
      return new Overview(Main.version(), false, failures, List.of(), List.of(), List.of());
    }
  }

  private Overview counted(String summary, boolean healthy) {
    InboxStats stats = inbox.stats();
    return new Overview(
        Main.version(),
        healthy,
        summary,
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
        pullRequest(work),
        work.state().name(),
        work.attempt(),
        result(work),
        changed.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /// A work of a delivery that no router understood has no pull request for its subject.
  private static String pullRequest(WorkView work) {
    return work.kind().equals(ReviewWorks.KIND)
        ? Json.read(work.subject(), PullRef.class).toString()
        : work.lane();
  }

  private static String result(WorkView work) {
    String said = work.error().isEmpty() ? work.outcome() : work.error();
    return switch (work.state()) {
      case DONE, CANCELLED -> work.outcome();
      case DEAD -> work.error();
      case READY, RUNNING, HELD -> said;
      case WAITING -> "until %s (%s) %s".formatted(work.nextAt(), work.reason(), said);
    };
  }
}
