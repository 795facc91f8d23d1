package dev.latchkey.inbox;

import dev.latchkey.inbox.Deliveries.Arrival;
import dev.latchkey.kv.Database;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/// Takes deliveries in: routes, hashes and compresses before the writer's turn, and then keeps
/// everything in one transaction made of our own statements only.
final class Intake {

  private static final System.Logger LOG = System.getLogger(Intake.class.getPackageName());

  private static final String UNROUTED =
      """
      INSERT INTO latchkey_work (kind, lane, work_key, subject, line, state, error, next_at,
        first_at, updated_at, ended_at, unrouted)
      VALUES (?, ?, ?, '', ?, 'DEAD', ?, ?, ?, ?, ?, 1)
      RETURNING id
      """;
  private static final String DEAD_OF_DELIVERY =
      """
      SELECT w.id FROM latchkey_cause AS c JOIN latchkey_work AS w ON w.id = c.work
      WHERE c.delivery = ? AND w.state = 'DEAD' AND w.closed_at IS NULL AND w.unrouted = 0
      """;

  private final Database database;
  private final InstantSource clock;
  private final Router router;
  private final boolean reviving;
  private final Tables tables;
  private final Replays replays;

  Intake(Database database, InboxOptions options, Tables tables, Replays replays) {
    this.database = database;
    this.clock = options.clock();
    this.router = options.router();
    this.reviving = options.reviving();
    this.tables = tables;
    this.replays = replays;
  }

  /// What the router makes of a delivery.
  sealed interface Plan {
    record Routed(Routing routing) implements Plan {}

    record Failed(String error) implements Plan {}
  }

  /// What has become of a delivery.
  ///
  /// @param made how many works were made
  /// @param ended works that were cancelled
  record Result(Receipt receipt, int made, List<Event.Cancelled> ended) {}

  /// Keeps a delivery, and what the router says it asks for.
  Result accept(Delivery delivery, Via via) {
    Arrival arrival = Arrival.of(delivery, via, clock.millis());
    Plan plan = route(delivery);
    return database.transactAnywhere(() -> keep(arrival, plan));
  }

  /// Keeps a delivery that nobody sent, and the works that it stands for.
  Result accept(Delivery delivery, List<NewWork> works) {
    Arrival arrival = Arrival.of(delivery, Via.RESYNC, clock.millis());
    return database.transactAnywhere(() -> keep(arrival, new Plan.Routed(Routing.to(works))));
  }

  // Whatever a router throws, an Error as well: the delivery is durable first, and looked at later.
  @SuppressWarnings("CatchingThrowable")
  Plan route(Delivery delivery) {
    try {
      return new Plan.Routed(
          Objects.requireNonNull(router.route(delivery), "router returned null"));
    } catch (Throwable failure) {
      LOG.log(
          System.Logger.Level.WARNING,
          () -> "event=delivery.unrouted " + Herald.name(delivery) + Herald.failure(failure));
      return new Plan.Failed(Texts.note("router failed: " + Texts.failure(failure)));
    }
  }

  private Result keep(Arrival arrival, Plan plan) {
    int works = plan instanceof Plan.Routed(var routing) ? asked(routing) : 1;
    OptionalLong kept = tables.deliveries().keep(arrival, works);
    if (kept.isEmpty()) {
      return duplicate(arrival);
    }
    long seq = kept.getAsLong();
    return switch (plan) {
      case Plan.Failed(var error) -> {
        keepUnrouted(error, arrival, seq);
        yield new Result(Receipt.ACCEPTED, 0, List.of());
      }
      case Plan.Routed(var routing) -> {
        Followed followed = follow(routing, seq, arrival.at());
        Receipt receipt = routing.asksForNothing() ? Receipt.IGNORED : Receipt.ACCEPTED;
        yield new Result(receipt, followed.made().size(), followed.cancelled());
      }
    };
  }

  // A delivery that only cancels is no ignored one, and leads to no work all the same.
  private static int asked(Routing routing) {
    boolean onlyCancels = routing.works().isEmpty() && !routing.cancellations().isEmpty();
    return onlyCancels ? Deliveries.ONLY_CANCELS : routing.works().size();
  }

  private Result duplicate(Arrival arrival) {
    long seq = tables.deliveries().countDuplicate(arrival);
    int made = 0;
    if (reviving) {
      List<Long> dead = database.query(DEAD_OF_DELIVERY, row -> row.number(1), seq);
      for (long work : dead) {
        made += replays.replay(tables.works().find(work).orElseThrow(), arrival.at()).made();
      }
    }
    return new Result(Receipt.DUPLICATE, made, List.of());
  }

  /// What came of a routing.
  ///
  /// @param made works that were made
  /// @param works all that will see to it, those which absorbed it as well
  /// @param cancelled works that were cancelled
  record Followed(List<Long> made, List<Long> works, List<Event.Cancelled> cancelled) {}

  /// Does what a routing asks for, within the caller's transaction.
  Followed follow(Routing routing, long seq, long at) {
    List<Event.Cancelled> cancelled = new ArrayList<>();
    for (Cancellation cancellation : routing.cancellations()) {
      for (Work work : named(cancellation)) {
        if (tables.works().cancel(work, cancellation.reason(), at)) {
          cancelled.add(new Event.Cancelled(work.id(), cancellation.reason()));
        }
      }
    }
    List<Long> made = new ArrayList<>();
    List<Long> works = new ArrayList<>();
    for (NewWork work : routing.works()) {
      OptionalLong id = tables.works().insert(work, at, null);
      id.ifPresent(made::add);
      long seesToIt = id.isPresent() ? id.getAsLong() : absorbed(work, at);
      works.add(seesToIt);
      tables.causes().keep(seesToIt, seq);
    }
    return new Followed(made, works, cancelled);
  }

  private List<Work> named(Cancellation cancellation) {
    String name = cancellation.name();
    if (cancellation.scope() == Cancellation.Scope.LANE) {
      return tables.works().ofLane(name);
    }
    List<Work> works = new ArrayList<>();
    tables.works().live(name).ifPresent(works::add);
    tables.works().running(name).ifPresent(works::add);
    return works;
  }

  private long absorbed(NewWork work, long at) {
    Work live = tables.works().live(work.key()).orElseThrow();
    tables.works().absorb(live, work, at);
    return live.id();
  }

  private void keepUnrouted(String error, Arrival arrival, long seq) {
    Delivery delivery = arrival.delivery();
    String name = "unrouted " + delivery.source() + "/" + delivery.id();
    long at = arrival.at();
    long line = tables.lines().join(delivery.kind(), Lines.NO_DEMANDS);
    long id =
        database
            .query(
                UNROUTED,
                row -> row.number(1),
                delivery.kind(),
                name,
                name,
                line,
                error,
                at,
                at,
                at,
                at)
            .getFirst();
    tables.causes().keep(id, seq);
  }
}
