package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The works' way through their states: each change of state is made here, together with what it
/// means for the work's lane, its line and its charges. All methods belong into a transaction of
/// the caller's.
final class Works {

  private static final String FIND = "SELECT " + Work.COLUMNS + " FROM latchkey_work WHERE id = ?";
  private static final String LIVE =
      "SELECT "
          + Work.COLUMNS
          + " FROM latchkey_work WHERE work_key = ? AND state IN ('READY', 'WAITING', 'HELD')";
  private static final String RUNNING_OF_KEY =
      "SELECT " + Work.COLUMNS + " FROM latchkey_work WHERE work_key = ? AND state = 'RUNNING'";
  private static final String RUNNING =
      "SELECT " + Work.COLUMNS + " FROM latchkey_work WHERE state = 'RUNNING' ORDER BY id";
  private static final String DUE =
      "SELECT "
          + Work.COLUMNS
          + """
           FROM latchkey_work WHERE reason IN ('RETRY', 'DELAY') AND next_at <= ?
          ORDER BY next_at LIMIT ?
          """;
  private static final String OF_LANE =
      "SELECT "
          + Work.COLUMNS
          + """
           FROM latchkey_work WHERE lane = ?
            AND state IN ('READY', 'WAITING', 'HELD', 'RUNNING') ORDER BY id
          """;
  // A work of a key that runs goes into the running one's lane, so that works of one key never run
  // at the same time. Whether it is a front is said as in Lanes, to save a statement.
  private static final String INSERT =
      """
      INSERT INTO latchkey_work (kind, lane, work_key, subject, limits, line, priority,
        state, reason, next_at, first_at, updated_at, replay_of, front)
      VALUES (?, COALESCE(
          (SELECT lane FROM latchkey_work WHERE work_key = ? AND state = 'RUNNING'), ?),
        ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        CASE WHEN ? = 0
          OR EXISTS (SELECT 1 FROM latchkey_work WHERE lane = ? AND state = 'RUNNING')
          OR EXISTS (SELECT 1 FROM latchkey_work WHERE work_key = ? AND state = 'RUNNING')
          OR EXISTS (SELECT 1 FROM latchkey_work
            WHERE lane = ? AND line = ? AND front = 1 AND priority >= ?)
          THEN 0 ELSE 1 END)
      ON CONFLICT (work_key) WHERE state IN ('READY', 'WAITING', 'HELD') DO NOTHING
      """;
  private static final String LIVE_ID =
      "SELECT id FROM latchkey_work WHERE work_key = ? AND state IN ('READY', 'WAITING', 'HELD')";
  // A write and not a read, so that whoever raises the epoch and this run exclude one another on
  // every database.
  private static final String FENCE =
      """
      UPDATE latchkey_work SET updated_at = ? WHERE id = ? AND epoch = ? AND state = 'RUNNING'
      """;
  private static final String PROGRESS =
      """
      UPDATE latchkey_work SET updated_at = ?, progressed = 1, crashes = 0, suspicions = 0
      WHERE id = ? AND epoch = ? AND state = 'RUNNING'
      """;
  private static final String TAKE =
      """
      UPDATE latchkey_work
      SET state = 'RUNNING', reason = NULL, front = 0, progressed = 0, epoch = epoch + 1,
        owner = ?, call_ref = NULL, claimed_at = ?, updated_at = ?
      WHERE id = ? AND front = 1
      """;
  private static final String SUBJECT_AND_EPOCH =
      "SELECT subject, epoch FROM latchkey_work WHERE id = ?";
  private static final String MOVE =
      """
      UPDATE latchkey_work
      SET state = ?, reason = ?, front = 0, owner = NULL, next_at = ?, updated_at = ?,
        epoch = epoch + ?, attempt = attempt + ?, crashes = ?,
        outcome = COALESCE(?, outcome), error = COALESCE(?, error)
      WHERE id = ?
      """;
  private static final String REFUSE =
      """
      UPDATE latchkey_work SET state = 'WAITING', reason = 'LIMIT', next_at = ?, updated_at = ?
      WHERE id = ?
      """;
  private static final String END =
      """
      UPDATE latchkey_work
      SET state = ?, reason = NULL, front = 0, owner = NULL, cancelled = NULL, call_ref = NULL,
        crashes = ?, updated_at = ?, ended_at = ?, closed_at = ?,
        outcome = COALESCE(?, outcome), error = COALESCE(?, error)
      WHERE id = ?
      """;
  private static final String RELINE =
      """
      UPDATE latchkey_work SET line = ?, front = 0, call_ref = ?,
        state = CASE WHEN reason = 'LIMIT' THEN 'READY' ELSE state END,
        reason = CASE WHEN reason = 'LIMIT' THEN NULL ELSE reason END
      WHERE id = ?
      """;
  private static final String ABSORB =
      """
      UPDATE latchkey_work
      SET subject = ?, limits = ?, priority = ?, next_at = ?, updated_at = ? WHERE id = ?
      """;
  private static final String CANCEL_LATER =
      "UPDATE latchkey_work SET cancelled = ?, updated_at = ? WHERE id = ?";
  private static final String SUBJECT = "SELECT subject FROM latchkey_work WHERE id = ?";
  private static final String TAKE_OVER =
      "UPDATE latchkey_work SET subject = ?, limits = ?, priority = ? WHERE id = ?";
  private static final String FORGET = "DELETE FROM latchkey_work WHERE id = ?";

  private final Database database;
  private final Lines lines;
  private final Lanes lanes;
  private final Charges charges;
  private final Causes causes;

  Works(Database database, Lines lines, Charges charges, Causes causes) {
    this.database = database;
    this.lines = lines;
    this.lanes = new Lanes(database, lines);
    this.charges = charges;
    this.causes = causes;
  }

  Optional<Work> find(long id) {
    return database.query(FIND, Work::of, id).stream().findFirst();
  }

  /// Returns the ready, waiting or held work of a key.
  Optional<Work> live(String key) {
    return database.query(LIVE, Work::of, key).stream().findFirst();
  }

  Optional<Work> running(String key) {
    return database.query(RUNNING_OF_KEY, Work::of, key).stream().findFirst();
  }

  /// Returns all works of a lane which have not ended.
  List<Work> ofLane(String lane) {
    return database.query(OF_LANE, Work::of, lane);
  }

  List<Work> running() {
    return database.query(RUNNING, Work::of);
  }

  /// Lets a lane offer its works, unless one of them runs.
  void offer(String lane) {
    lanes.offer(lane);
  }

  /// Returns some of the works whose time has come.
  List<Work> due(long now, int most) {
    return database.query(DUE, Work::of, now, most);
  }

  /// Makes a work, unless its key has a live one.
  ///
  /// @return its id, or empty
  OptionalLong insert(NewWork work, long now, @Nullable Long replayOf) {
    String limits = Demand.text(work.limits().stream().map(Demand::ofWork).toList());
    long line = lines.join(work.kind(), limits);
    boolean delayed = work.debounce().quiet().isPositive();
    long nextAt = now + work.debounce().quiet().toMillis();
    int made =
        database.update(
            INSERT,
            work.kind(),
            work.key(),
            work.lane(),
            work.key(),
            work.subject(),
            limits,
            line,
            work.priority(),
            delayed ? "WAITING" : "READY",
            delayed ? "DELAY" : null,
            nextAt,
            now,
            now,
            replayOf,
            delayed ? 0 : 1,
            work.lane(),
            work.key(),
            work.lane(),
            line,
            work.priority());
    if (made == 0) {
      if (!limits.isEmpty()) {
        lines.leave(line);
      }
      return OptionalLong.empty();
    }
    return OptionalLong.of(database.query(LIVE_ID, row -> row.number(1), work.key()).getFirst());
  }

  /// Gives a live work what was asked for later under its key.
  void absorb(Work live, NewWork later, long now) {
    String limits = Demand.text(later.limits().stream().map(Demand::ofWork).toList());
    int priority = Math.max(live.priority(), later.priority());
    boolean unbegun = live.reason() == WaitReason.DELAY && live.epoch() == 0;
    long quietAt = now + later.debounce().quiet().toMillis();
    long latest = live.firstAt() + later.debounce().longest().toMillis();
    long nextAt = unbegun ? Math.clamp(latest, now, quietAt) : live.nextAt();
    database.update(ABSORB, later.subject(), limits, priority, nextAt, now, live.id());
    if (!limits.equals(live.limits())) {
      List<Demand> demands = charges.unsettled(live.id(), Demand.parseAll(limits));
      reline(live, demands, null);
    }
    if (priority != live.priority()) {
      find(live.id()).filter(Work::isQueued).ifPresent(this::raised);
    }
  }

  private void raised(Work work) {
    if (work.isInLine() && work.front()) {
      lines.changed(work.line());
    }
    lanes.enter(work);
  }

  /// Lets a work ask for something else than before.
  private void reline(Work work, List<Demand> demands, @Nullable String callRef) {
    long line = lines.join(work.kind(), Demand.text(demands));
    if (line == work.line()) {
      lines.leave(line);
      return;
    }
    database.update(RELINE, line, callRef, work.id());
    if (work.front()) {
      leaveFront(work);
    }
    lines.leave(work.line());
    if (work.isQueued()) {
      find(work.id()).ifPresent(lanes::enter);
    }
  }

  private void leaveFront(Work work) {
    if (work.isInLine()) {
      lines.changed(work.line());
    }
    lanes.left(work.lane(), work.line());
  }

  /// Lets a work no longer be asked for what it has settled.
  void settled(Work work) {
    List<Demand> calls = lines.demands(work.line()).stream().filter(Demand::call).toList();
    reline(work, calls, work.callRef());
  }

  /// Takes a front to be run.
  ///
  /// @return null if it isn't a front any more
  Claims.@Nullable Taken take(Work work, String owner, long now) {
    if (database.update(TAKE, owner, now, now, work.id()) == 0) {
      return null;
    }
    List<Claims.Taken> taken =
        database.query(
            SUBJECT_AND_EPOCH,
            row ->
                new Claims.Taken(
                    new Claim(
                        work.id(),
                        work.kind(),
                        work.lane(),
                        work.key(),
                        work.attempt(),
                        row.number(2)),
                    Work.text(row, 1)),
            work.id());
    if (work.isInLine()) {
      lines.changed(work.line());
    }
    lanes.taken(work.lane());
    if (work.callRef() != null) {
      List<Demand> whole = lines.demands(work.line()).stream().filter(d -> !d.call()).toList();
      long line = lines.join(work.kind(), Demand.text(whole));
      database.update(RELINE, line, null, work.id());
      lines.leave(work.line());
    }
    return taken.getFirst();
  }

  /// Lets a front wait for a limit, in its line.
  void refuse(Work work, Charges.Refusal refusal, long now) {
    database.update(REFUSE, refusal.until(), now, work.id());
    lines.standAt(work.line(), refusal.demand(), refusal.until());
    lines.changed(work.line());
  }

  /// Lets a running work wait for a limit that refuses a call.
  void refuseCall(Work work, Run.Refused refused, Charges.Refusal refusal, long now) {
    List<Demand> demands =
        Stream.concat(
                lines.demands(work.line()).stream().filter(d -> !d.call()),
                refused.demands().stream())
            .toList();
    long line = lines.join(work.kind(), Demand.text(demands));
    database.update(RELINE, line, refused.ref(), work.id());
    lines.leave(work.line());
    lines.standAt(line, refusal.demand(), refusal.until());
    move(work, new Move(WorkState.WAITING, WaitReason.LIMIT, refusal.until(), Told.nothing()), now);
  }

  /// Makes a work ready which waits, is held, or runs no more.
  void ready(Work work, long now) {
    move(work, new Move(WorkState.READY, null, now, Told.nothing()), now);
  }

  /// Where a work goes that hasn't ended.
  ///
  /// @param failed whether it counts as an attempt
  record Move(
      WorkState state, @Nullable WaitReason reason, long nextAt, Told told, boolean failed) {
    Move(WorkState state, @Nullable WaitReason reason, long nextAt, Told told) {
      this(state, reason, nextAt, told, reason == WaitReason.RETRY);
    }
  }

  /// What is said of a work with a change of its state; null leaves what was said before.
  record Told(@Nullable String outcome, @Nullable String error) {
    static Told nothing() {
      return new Told(null, null);
    }

    static Told outcome(String outcome) {
      return new Told(outcome, null);
    }

    static Told error(String error) {
      return new Told(null, error);
    }
  }

  void move(Work work, Move to, long now) {
    boolean ran = work.state() == WorkState.RUNNING;
    database.update(
        MOVE,
        to.state().name(),
        to.reason() == null ? null : to.reason().name(),
        to.nextAt(),
        now,
        // A run that is over must not be mistaken for the next one.
        ran && to.state() == WorkState.READY ? 1 : 0,
        to.failed() ? 1 : 0,
        work.crashes(),
        to.told().outcome(),
        to.told().error(),
        work.id());
    if (ran) {
      charges.runEnded(work.id());
    }
    afterMove(work, to.state());
  }

  private void afterMove(Work before, WorkState state) {
    if (before.state() == WorkState.RUNNING) {
      lanes.freed(before.lane());
      return;
    }
    if (before.front()) {
      leaveFront(before);
    }
    if (state == WorkState.READY) {
      lanes.enter(before);
    }
  }

  /// Ends a work for good.
  void end(Work work, WorkState state, Told told, long now) {
    database.update(
        END,
        state.name(),
        work.crashes(),
        now,
        now,
        state == WorkState.DEAD ? null : now,
        told.outcome(),
        told.error(),
        work.id());
    if (work.state() == WorkState.RUNNING) {
      charges.runEnded(work.id());
    }
    afterMove(work, state);
    leaveLine(work);
  }

  private void leaveLine(Work work) {
    if (!lines.demands(work.line()).isEmpty()) {
      lines.leave(work.line());
    }
  }

  /// Removes a live work, which another one has taken over.
  void forget(Work work) {
    database.update(FORGET, work.id());
    if (work.front()) {
      leaveFront(work);
    }
    leaveLine(work);
  }

  /// Lets a running work that becomes live again take over the next one of its key, if there is
  /// one. That one was made while this one ran, so it is the later; and it hasn't begun, because
  /// works of one key never run at the same time, so it has neither steps nor charges.
  ///
  /// @return the one that was taken over, as it was
  Optional<Work> takeOverNext(Work running, long now) {
    Optional<Work> next = live(running.key());
    next.ifPresent(later -> {
      String subject = database.query(SUBJECT, row -> Work.text(row, 1), later.id()).getFirst();
      int priority = Math.max(running.priority(), later.priority());
      database.update(TAKE_OVER, subject, later.limits(), priority, running.id());
      causes.move(later.id(), running.id());
      forget(later);
      if (!later.limits().equals(running.limits())) {
        charges.runEnded(running.id());
        reline(running, charges.unsettled(running.id(), Demand.parseAll(later.limits())), null);
      }
    });
    return next;
  }

  /// Cancels a work which hasn't ended: at once, or if it runs, at its next step.
  ///
  /// @return whether it has become CANCELLED
  boolean cancel(Work work, String reason, long now) {
    if (work.state() == WorkState.RUNNING) {
      database.update(CANCEL_LATER, reason, now, work.id());
      return false;
    }
    end(work, WorkState.CANCELLED, Told.outcome(reason), now);
    return true;
  }

  /// Returns the running work, if that run isn't over.
  ///
  /// @throws InboxException.Superseded if it is
  Work fence(Claim claim, long now) {
    if (database.update(FENCE, now, claim.work(), claim.epoch()) == 0) {
      throw superseded(claim);
    }
    return find(claim.work()).orElseThrow();
  }

  /// As [#fence], for a step that ends: whoever gets on isn't what the process dies of.
  void progress(Claim claim, long now) {
    if (database.update(PROGRESS, now, claim.work(), claim.epoch()) == 0) {
      throw superseded(claim);
    }
  }

  static InboxException.Superseded superseded(Claim claim) {
    return new InboxException.Superseded(
        "run " + claim.epoch() + " of work " + claim.work() + " is over");
  }
}
