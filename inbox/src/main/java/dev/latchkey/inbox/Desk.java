package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an operator may do with a work.
final class Desk {

  private static final Set<WorkState> HOLDABLE = Set.of(WorkState.READY, WorkState.WAITING);

  // The operator has decided that calls which may have been lost are made again.
  private static final String FORGIVE =
      "UPDATE latchkey_step SET failed = call, lost = 0 WHERE work = ? AND state = 'INTENT'";

  private static final String UNROUTED =
      "SELECT 1 FROM latchkey_work WHERE id = ? AND unrouted = 1";

  private final Database database;
  private final InstantSource clock;
  private final Tables tables;
  private final Replays replays;
  private final Intake intake;

  Desk(Database database, InstantSource clock, Tables tables, Replays replays, Intake intake) {
    this.database = database;
    this.clock = clock;
    this.tables = tables;
    this.replays = replays;
    this.intake = intake;
  }

  /// Cancels a work, at once or at its next step.
  ///
  /// @return whether it has become CANCELLED
  boolean cancel(long id, String reason) {
    return database.transact(() -> {
      Work work = find(id);
      if (work.state().isTerminal()) {
        throw notAllowed(work, "cancelled", "READY, WAITING, HELD and RUNNING");
      }
      return tables.works().cancel(work, Texts.note(reason), clock.millis());
    });
  }

  void hold(long id) {
    database.transact(() -> {
      Work work = find(id);
      if (!HOLDABLE.contains(work.state())) {
        throw notAllowed(work, "held", "READY and WAITING");
      }
      tables
          .works()
          .move(
              work,
              new Works.Move(WorkState.HELD, null, work.nextAt(), Works.Told.nothing()),
              clock.millis());
    });
  }

  void release(long id) {
    database.transact(() -> {
      Work work = find(id);
      if (work.state() != WorkState.HELD) {
        throw notAllowed(work, "released", "HELD");
      }
      database.update(FORGIVE, id);
      tables.works().ready(work, clock.millis());
    });
  }

  void dismiss(long id) {
    database.transact(() -> {
      Work work = find(id);
      if (!replays.resolve(id, clock.millis())) {
        throw notAllowed(work, "dismissed", "DEAD that are unresolved");
      }
    });
  }

  /// Which works see to it now.
  ///
  /// @param made how many of them are new
  /// @param cancelled works that the router had cancelled
  record Replayed(List<Long> works, int made, List<Event.Cancelled> cancelled) {}

  Replayed replay(long id) {
    Deliveries.Numbered unrouted = unrouted(id);
    Intake.Plan plan = unrouted == null ? null : intake.route(unrouted.delivery());
    return database.transact(() -> {
      Work work = find(id);
      if (!work.state().isTerminal()) {
        throw notAllowed(work, "replayed", "DONE, DEAD and CANCELLED");
      }
      long now = clock.millis();
      if (unrouted == null) {
        Replays.Replay replay = replays.replay(work, now);
        return new Replayed(List.of(replay.work()), replay.made(), List.of());
      }
      if (!(plan instanceof Intake.Plan.Routed(Routing routing))) {
        throw new InboxException.NotAllowed(
            "work %d can't be replayed: its delivery still can't be routed".formatted(id));
      }
      replays.resolve(id, now);
      Intake.Followed followed = intake.follow(routing, unrouted.seq(), now);
      tables
          .deliveries()
          .setWorks(unrouted.seq(), routing.asksForNothing() ? 0 : followed.works().size() + 1);
      return new Replayed(followed.works(), followed.made().size(), followed.cancelled());
    });
  }

  // Routed again before the writer's turn, as when it was accepted.
  private Deliveries.@Nullable Numbered unrouted(long id) {
    if (database.query(UNROUTED, row -> true, id).isEmpty()) {
      return null;
    }
    return tables
        .deliveries()
        .firstOf(id)
        .orElseThrow(() ->
            new InboxException.NotAllowed(
                "work %d can't be replayed: its delivery's body is gone".formatted(id)));
  }

  private Work find(long id) {
    return tables
        .works()
        .find(id)
        .orElseThrow(() -> new NoSuchElementException("there is no work " + id));
  }

  private static InboxException.NotAllowed notAllowed(Work work, String what, String allowed) {
    return new InboxException.NotAllowed(
        "work %d is %s and can't be %s; allowed are those which are %s"
            .formatted(work.id(), work.state(), what, allowed));
  }
}
