package dev.latchkey.inbox;

import java.time.Instant;

/// Something that has just been committed.
public sealed interface Event {

  /// A delivery is durable. Told on the caller's thread, before [Inbox#accept] returns.
  record Stored(String source, String id, Receipt receipt) implements Event {}

  /// A work has been taken. Told on its worker's thread, before its handler is called.
  record Claimed(Claim claim) implements Event {}

  /// A paid step is about to be called.
  ///
  /// @param call how often it will have been called then, from 1
  record CallStarted(Claim claim, String step, int call) implements Event {}

  /// A step's result is durable. Told before the step returns.
  record StepKept(Claim claim, String step) implements Event {}

  /// A run has ended its work, which is DONE, DEAD or CANCELLED now.
  record Ended(Claim claim, WorkState state, String note) implements Event {}

  /// A work has failed and will be tried again.
  record Retried(Claim claim, Instant at, String error) implements Event {}

  /// A work waits, without having failed.
  ///
  /// @param reason LIMIT or DELAY
  record Postponed(long work, WaitReason reason, Instant at) implements Event {}

  /// A work was taken away from a worker which hadn't ended it in time, or may begin anew at once.
  record HandedBack(long work) implements Event {}

  /// A work was CANCELLED which didn't run.
  record Cancelled(long work, String reason) implements Event {}

  /// A work waits for an operator.
  record Held(long work, String reason) implements Event {}

  /// The process had died in so many runs of a work that it is DEAD now.
  record Poisoned(long work) implements Event {}

  /// A look at a source of deliveries has ended.
  record CaughtUp(String source, CatchUpReport report) implements Event {}

  /// A resync has named what to look at.
  ///
  /// @param made how many works were made; the others were absorbed by live ones
  record Resynced(String name, int named, int made) implements Event {}

  /// A look at a source of deliveries, or a resync, has failed; the next one comes in time.
  record LookFailed(String name, String error) implements Event {}
}
