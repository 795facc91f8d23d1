package dev.latchkey.server;

import dev.latchkey.inbox.Event;
import dev.latchkey.inbox.Receipt;

/// Where a server is killed, in the order in which a delivery comes by.
enum CrashPoint {
  /// The delivery is committed, its sender hasn't been answered.
  STORED,
  /// The work is taken, nothing of it done.
  CLAIMED,
  /// The model has the question and has billed it; its answer never arrives.
  IN_CALL,
  /// The model's answer is committed.
  ANSWER_KEPT,
  /// GitHub has the pending review; its answer never arrives.
  PENDING_CREATED,
  /// The review is visible; GitHub's answer never arrives, and nothing is marked.
  SUBMITTED,
  /// The review is visible and marked so; the check run doesn't say so yet.
  MARKED;

  /// Whether the server itself comes by here with this event. The other points are seen by the
  /// simulated GitHub or model.
  boolean reachedBy(Event event) {
    return switch (this) {
      case STORED -> event instanceof Event.Stored stored && stored.receipt() == Receipt.ACCEPTED;
      case CLAIMED -> event instanceof Event.Claimed;
      case ANSWER_KEPT -> event instanceof Event.StepKept kept && kept.step().equals("question");
      case MARKED -> event instanceof Event.StepKept kept && kept.step().equals("publish");
      case IN_CALL, PENDING_CREATED, SUBMITTED -> false;
    };
  }
}
