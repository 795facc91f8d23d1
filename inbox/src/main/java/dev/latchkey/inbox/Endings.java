package dev.latchkey.inbox;

import dev.latchkey.inbox.Works.Move;
import dev.latchkey.inbox.Works.Told;
import dev.latchkey.kv.Database;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Ends runs: each ending is one transaction, and counts only if the run's epoch still does.
///
/// A running work that becomes live again meets, perhaps, the next one of its key, which was made
/// while it ran and hasn't begun. It absorbs that one, as it would have done had it been live then,
/// and goes on with that one's subject and limits. One that is to be cancelled doesn't become live
/// again.
final class Endings {

  /// So many runs on end, without a step finished, may the process die in.
  static final int MOST_CRASHES = 3;

  private static final String SUSPECT =
      "UPDATE latchkey_work SET suspicions = suspicions + 1 WHERE id = ?";

  private final Database database;
  private final InstantSource clock;
  private final Tables tables;
  private final Works works;

  Endings(Database database, InstantSource clock, Tables tables) {
    this.database = database;
    this.clock = clock;
    this.tables = tables;
    this.works = tables.works();
  }

  /// What a run has come to.
  ///
  /// @param state of the work now
  /// @param at when it may run again, in epoch milliseconds; 0 if it may at once or not at all
  record Ended(WorkState state, long at) {}

  /// @throws InboxException.Superseded if the run's epoch is over; nothing is changed
  Ended end(Claim claim, Ending ending) {
    Database.Work<Ended, RuntimeException> work =
        () -> {
          long now = clock.millis();
          return apply(works.fence(claim, now), ending, now);
        };
    // What the application writes alongside runs on the worker's own thread.
    return ending instanceof Ending.Done(_, var alongside) && alongside != null
        ? database.transact(work)
        : database.transactAnywhere(work);
  }

  private Ended apply(Work work, Ending ending, long now) {
    return switch (ending) {
      case Ending.Done(var note, var alongside) -> {
        if (alongside != null) {
          alongside.run();
        }
        yield end(work, WorkState.DONE, Told.outcome(note), now);
      }
      case Ending.Dead(var error) -> end(work, WorkState.DEAD, Told.error(error), now);
      case Ending.Cancelled(var reason) ->
          end(work, WorkState.CANCELLED, Told.outcome(reason), now);
      case Ending.Retry _, Ending.Delay _, Ending.Refused _, Ending.Held _ -> {
        String cancelled = work.cancelled();
        yield cancelled == null
            ? goOn(work, ending, now)
            : end(work, WorkState.CANCELLED, Told.outcome(cancelled), now);
      }
    };
  }

  private Ended end(Work work, WorkState state, Told told, long now) {
    String outcome = told.outcome();
    String error = told.error();
    tables.runs().keep(work, state.name(), outcome != null ? outcome : String.valueOf(error), now);
    works.end(work, state, told, now);
    return new Ended(state, 0);
  }

  private Ended goOn(Work work, Ending ending, long now) {
    Optional<Work> next = works.takeOverNext(work, now);
    Work merged = next.isPresent() ? works.find(work.id()).orElseThrow() : work;
    if (next.isPresent() && next.get().state() == WorkState.HELD) {
      boolean failed = ending instanceof Ending.Retry;
      return go(merged, new Move(WorkState.HELD, null, now, told(ending), failed), now);
    }
    return switch (ending) {
      case Ending.Retry(long at, _) ->
          go(merged, new Move(WorkState.WAITING, WaitReason.RETRY, at, told(ending)), now);
      case Ending.Delay(long at, _) ->
          go(merged, new Move(WorkState.WAITING, WaitReason.DELAY, at, told(ending)), now);
      case Ending.Held _ -> go(merged, new Move(WorkState.HELD, null, now, told(ending)), now);
      case Ending.Refused(var call) -> refuse(merged, call, now);
      case Ending.Done _, Ending.Dead _, Ending.Cancelled _ -> throw isOver(ending);
    };
  }

  private static IllegalStateException isOver(Ending ending) {
    return new IllegalStateException("no way to go on: " + ending);
  }

  private static Told told(Ending ending) {
    return switch (ending) {
      case Ending.Retry(_, var error) -> Told.error(error);
      case Ending.Held(var error) -> Told.error(error);
      case Ending.Delay(_, var reason) -> Told.outcome(reason);
      case Ending.Refused _ -> Told.nothing();
      case Ending.Done _, Ending.Dead _, Ending.Cancelled _ -> throw isOver(ending);
    };
  }

  private Ended go(Work work, Move to, long now) {
    String note =
        to.told().error() != null
            ? to.told().error()
            : Optional.ofNullable(to.told().outcome()).orElse("");
    String reason = to.reason() == null ? "" : "/" + to.reason();
    tables.runs().keep(work, to.state() + reason, note, now);
    works.move(work, to, now);
    return new Ended(to.state(), to.state() == WorkState.WAITING ? to.nextAt() : 0);
  }

  // What was refused when the call was about to begin may be admitted by now.
  private Ended refuse(Work work, Run.Refused call, long now) {
    tables.charges().runEnded(work.id());
    Charges.Refusal refusal = tables.charges().admissions(now).refusal(call.demands());
    if (refusal == null) {
      return go(work, new Move(WorkState.READY, null, now, Told.nothing()), now);
    }
    tables.runs().keep(work, "WAITING/LIMIT", refusal.demand().text(), now);
    works.refuseCall(work, call, refusal, now);
    return new Ended(WorkState.WAITING, refusal.until());
  }

  /// Makes every running work ready again, under a new epoch, or CANCELLED if it was to be: at
  /// closing, when they haven't ended in time.
  ///
  /// @return their ids
  List<Long> handBackAll() {
    return database.transact(() -> {
      long now = clock.millis();
      List<Work> running = works.running();
      running.forEach(work -> recover(work, "handed back", now));
      return running.stream().map(Work::id).toList();
    });
  }

  /// What an opening found to have been interrupted.
  ///
  /// @param dead works in which the process died too often
  record Recovery(List<Long> works, List<Long> dead) {}

  /// Makes every running work ready again at opening, when their owner is dead. A run which had
  /// finished a step is forgiven. One that hadn't counts against its work if nothing else ran, and
  /// at the third on end the work is DEAD. If others ran too, nobody knows which of them it was:
  /// all are suspected, and from the second time on each runs alone, where it is found out.
  Recovery recoverAll() {
    long now = clock.millis();
    List<Work> running = works.running();
    List<Long> dead = new ArrayList<>();
    for (Work work : running) {
      int crashes = work.progressed() ? 0 : work.crashes() + (running.size() == 1 ? 1 : 0);
      if (!work.progressed() && running.size() > 1) {
        database.update(SUSPECT, work.id());
      }
      Work crashed = work.withCrashes(crashes);
      if (crashes >= MOST_CRASHES && work.cancelled() == null) {
        end(crashed, WorkState.DEAD, Told.error(poison(crashes)), now);
        dead.add(work.id());
      } else {
        recover(crashed, "process died", now);
      }
    }
    return new Recovery(running.stream().map(Work::id).toList(), dead);
  }

  private static String poison(int crashes) {
    return ("poison: the process died in %d runs on end, none of which finished a step,"
            + " while nothing else ran")
        .formatted(crashes);
  }

  private void recover(Work work, String note, long now) {
    String cancelled = work.cancelled();
    if (cancelled != null) {
      end(work, WorkState.CANCELLED, Told.outcome(cancelled), now);
      return;
    }
    Optional<Work> next = works.takeOverNext(work, now);
    Work merged =
        next.isPresent() ? works.find(work.id()).orElseThrow().withCrashes(work.crashes()) : work;
    boolean held = next.isPresent() && next.get().state() == WorkState.HELD;
    WorkState state = held ? WorkState.HELD : WorkState.READY;
    tables.runs().keep(merged, state + "/" + note, "", now);
    works.move(merged, new Move(state, null, now, Told.nothing()), now);
  }
}
