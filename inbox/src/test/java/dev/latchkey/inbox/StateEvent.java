package dev.latchkey.inbox;

import dev.latchkey.kv.Codec;
import java.io.IOException;
import java.util.List;

/// What may happen to a work, or be tried.
enum StateEvent {
  ACCEPT_NEW,
  ACCEPT_KNOWN,
  CANCEL_KEY,
  CANCEL_LANE,
  TIME,
  CLAIM,
  STEP,
  PAY,
  PAY_REFUSED,
  CHECKPOINT,
  DONE,
  FAIL,
  RETRY_AT,
  PERMANENT,
  DEAD,
  LATER,
  NULL,
  CANCEL,
  HOLD,
  RELEASE,
  REPLAY,
  DISMISS,
  CLOSE,
  CRASH,
  ZOMBIE;

  private static final Codec<String> TEXT = Codec.text();
  private static final Limit TAKEN = new Limit("taken", 1, StateRig.HOUR);

  void happen(StateRig rig) {
    WorkView work = rig.work();
    Inbox inbox = rig.rig.inbox();
    switch (this) {
      case ACCEPT_NEW -> rig.send(Routing.to(asked(rig)));
      case ACCEPT_KNOWN -> inbox.accept(Rig.delivery("d1", "event", "body"));
      case CANCEL_KEY -> rig.send(Routing.ignore().cancelling(Cancellation.ofKey("key", "no")));
      case CANCEL_LANE -> rig.send(Routing.ignore().cancelling(Cancellation.ofLane("lane", "no")));
      case TIME -> {
        rig.rig.clock.advance(StateRig.HOUR);
        inbox.take(new Rig.Room(0, false));
      }
      case CLAIM -> inbox.take(Rig.ONE);
      case CANCEL -> inbox.cancel(work.id(), "by an operator");
      case HOLD -> inbox.hold(work.id());
      case RELEASE -> inbox.release(work.id());
      case REPLAY -> inbox.replay(work.id());
      case DISMISS -> inbox.dismiss(work.id());
      case CLOSE -> {
        rig.rig.closeInbox();
        rig.register();
      }
      case CRASH -> {
        rig.rig.killInbox();
        rig.register();
      }
      case ZOMBIE -> {
        rig.run(work.epoch() - 1, StateEvent::step, false);
        rig.run(work.epoch() - 1, task -> Outcome.done(), true);
      }
      case STEP, PAY, PAY_REFUSED, CHECKPOINT -> rig.run(work.epoch(), behaviour(rig), false);
      case DONE, FAIL, RETRY_AT, PERMANENT, DEAD, LATER, NULL ->
          rig.run(work.epoch(), behaviour(rig), true);
    }
  }

  /// A work that waits for a limit absorbs what is under the same, and so goes on waiting.
  private static NewWork asked(StateRig rig) {
    NewWork asked = StateRig.asked();
    return rig.work().reason() == WaitReason.LIMIT ? asked.withLimits(StateRig.FULL) : asked;
  }

  /// Returns whether a run is told by it that it is over.
  boolean isBorder() {
    return switch (this) {
      case STEP, PAY, PAY_REFUSED, CHECKPOINT, ZOMBIE -> true;
      case ACCEPT_NEW, ACCEPT_KNOWN, CANCEL_KEY, CANCEL_LANE, TIME, CLAIM -> false;
      case DONE, FAIL, RETRY_AT, PERMANENT, DEAD, LATER, NULL -> false;
      case CANCEL, HOLD, RELEASE, REPLAY, DISMISS, CLOSE, CRASH -> false;
    };
  }

  /// Returns whether it opens the inbox anew.
  boolean isReopening() {
    return this == CLOSE || this == CRASH;
  }

  private static Outcome step(Task task) {
    return Outcome.done(task.step("step", "", TEXT, () -> "kept"));
  }

  private Handler behaviour(StateRig rig) {
    return switch (this) {
      case STEP -> StateEvent::step;
      case PAY -> task -> Outcome.done(task.paidStep("pay", "", TEXT, () -> "paid"));
      case PAY_REFUSED -> refused(rig);
      case CHECKPOINT ->
          task -> {
            task.checkpoint();
            return Outcome.done();
          };
      case FAIL ->
          task -> {
            throw new IOException("failed");
          };
      case RETRY_AT ->
          task -> {
            throw new RetryAt(rig.rig.clock.instant().plus(StateRig.HOUR), "busy");
          };
      case PERMANENT ->
          task -> {
            throw new PermanentFailure("for good");
          };
      case DEAD -> task -> Outcome.dead("for good");
      case LATER -> task -> Outcome.later(rig.rig.clock.instant().plus(StateRig.HOUR), "later");
      case NULL -> StateEvent::nothing;
      default -> task -> Outcome.done();
    };
  }

  /// Pays under a limit of which somebody else has taken everything.
  private static Handler refused(StateRig rig) {
    return task -> {
      rig.rig.database.update(
          """
          INSERT INTO latchkey_charge (bucket, ref, work, at, units, state)
          SELECT 'taken', 'somebody', 0, ?, 1, 'SETTLED'
          WHERE EXISTS (SELECT 1 FROM latchkey_work WHERE id = ? AND state = 'RUNNING')
          """,
          rig.rig.clock.millis(),
          task.id());
      return Outcome.done(
          task.paidStep(
              "pay", "", List.of(new Reservation(TAKEN, 1)), TEXT, bill -> "never called"));
    };
  }

  @SuppressWarnings("NullAway") // What a caller without null checks may do.
  private static Outcome nothing(Task task) {
    return null;
  }
}
