package dev.latchkey.server.web;

import dev.latchkey.inbox.Event;
import dev.latchkey.inbox.Inbox;
import dev.latchkey.inbox.InboxStats;
import dev.latchkey.inbox.WorkQuery;
import dev.latchkey.inbox.WorkState;
import dev.latchkey.inbox.WorkView;
import dev.latchkey.kv.KvException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Counts and times for a monitoring system, in Prometheus' text format. The labels have few values
/// each, none of them from outside.
public final class Metrics implements Pulse, AutoCloseable {

  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final Logger LOG = System.getLogger(Metrics.class.getName());
  private static final Duration[] BOUNDS = {
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(15),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15),
    Duration.ofHours(1),
    Duration.ofHours(6),
    Duration.ofDays(1)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<WorkState, AtomicLong> works = new EnumMap<>(WorkState.class);
  private final AtomicLong oldestDue = new AtomicLong();
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final InstantSource clock;

  public Metrics(InstantSource clock) {
    this.clock = clock;
    for (WorkState state : WorkState.values()) {
      AtomicLong count = new AtomicLong();
      works.put(state, count);
      Gauge.builder("latchkey.works", count, AtomicLong::get)
          .description("Works by state, now.")
          .tag("state", word(state))
          .register(registry);
    }
    Gauge.builder("latchkey.oldest.due.seconds", oldestDue, AtomicLong::get)
        .description("How long the work that could have run first has been due; 0 if none is.")
        .register(registry);
    // Those that alarms are made of are there from the start, with a zero.
    for (String result : List.of("accepted", "duplicate", "ignored")) {
      var _ = deliveries(result);
    }
    for (Part part : Part.values()) {
      var _ = calls(part, "ok");
      var _ = calls(part, "failed");
    }
    var _ = publications();
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /// Counts what the inbox tells.
  public void on(Event event, Inbox inbox) {
    switch (event) {
      case Event.Stored(_, _, var receipt) -> deliveries(word(receipt)).increment();
      case Event.Claimed(var claim) when claim.epoch() == 1 -> time(inbox, claim.work(), false);
      case Event.Ended(var claim, var state, _) -> {
        ended(state).increment();
        if (state == WorkState.DONE) {
          time(inbox, claim.work(), true);
        }
      }
      case Event.Cancelled _ -> ended(WorkState.CANCELLED).increment();
      case Event.Poisoned _ -> ended(WorkState.DEAD).increment();
      case Event.Retried _ -> retried().increment();
      default -> {
        // Not counted.
      }
    }
  }

  /// Counts a delivery that was not taken.
  ///
  /// @param status what it was answered with
  public void refused(int status) {
    Counter.builder("latchkey.deliveries.refused")
        .description("Deliveries that were not taken, by the answer's status.")
        .tag("status", Integer.toString(status))
        .register(registry)
        .increment();
  }

  @Override
  public void ok(Part part) {
    calls(part, "ok").increment();
  }

  @Override
  public void failed(Part part, String reason) {
    calls(part, "failed").increment();
  }

  /// Counts what a call to the model has used.
  public void tokens(long input, long output) {
    tokens("input").increment((double) input);
    tokens("output").increment((double) output);
  }

  /// Counts a review that became visible at GitHub.
  public void published() {
    publications().increment();
  }

  /// Returns all of it as it is now.
  String text(InboxStats stats) {
    works.forEach((state, count) -> count.set(stats.works().getOrDefault(state, 0L)));
    oldestDue.set(secondsDue(stats, clock));
    return registry.scrape();
  }

  /// Returns for how long the oldest due work has been due; 0 if none is.
  static long secondsDue(InboxStats stats, InstantSource clock) {
    Instant since = stats.oldestDue();
    return since == null ? 0 : Math.max(0, Duration.between(since, clock.instant()).toSeconds());
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  private void time(Inbox inbox, long work, boolean done) {
    try {
      WorkQuery one = WorkQuery.newest(1).before(work + 1);
      inbox.works(one).stream()
          .filter(view -> view.id() == work)
          .forEach(view -> record(view, done));
    } catch (KvException | IllegalStateException e) {
      LOG.log(Level.DEBUG, "event=metrics.untimed work=" + work, e);
    }
  }

  private void record(WorkView view, boolean done) {
    Instant until = done ? view.endedAt() : view.claimedAt();
    if (until == null) {
      return;
    }
    Duration took = Duration.between(view.firstAt(), until);
    Timer.builder(done ? "latchkey.work.done" : "latchkey.work.start")
        .description(
            done
                ? "From the first delivery that asked for a work until it was done."
                : "From the first delivery that asked for a work until it first began.")
        .tag("kind", view.kind())
        .serviceLevelObjectives(BOUNDS)
        .register(registry)
        .record(took.isNegative() ? Duration.ZERO : took);
  }

  private Counter deliveries(String result) {
    return Counter.builder("latchkey.deliveries")
        .description("Deliveries that were taken, by what came of them, since the start.")
        .tag("result", result)
        .register(registry);
  }

  private Counter ended(WorkState state) {
    return Counter.builder("latchkey.works.ended")
        .description("Works that have ended, by how, since the start.")
        .tag("state", word(state))
        .register(registry);
  }

  private Counter retried() {
    return Counter.builder("latchkey.works.retried")
        .description("Failures that were tried again, since the start.")
        .register(registry);
  }

  private Counter calls(Part part, String outcome) {
    return Counter.builder("latchkey." + word(part) + ".calls")
        .description("Calls that have ended, by how, since the start.")
        .tag("outcome", outcome)
        .register(registry);
  }

  private Counter tokens(String direction) {
    return Counter.builder("latchkey.model.tokens")
        .description("Tokens that the model says it used, since the start.")
        .tag("direction", direction)
        .register(registry);
  }

  private Counter publications() {
    return Counter.builder("latchkey.publications")
        .description("Reviews that became visible at GitHub, since the start.")
        .register(registry);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
