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

  /// A work has become DONE or DEAD.
  record Ended(Claim claim, WorkState state, String note) implements Event {}

  /// A work has failed and will be tried again.
  record Retried(Claim claim, Instant at, String error) implements Event {}

  /// A work waits, without having failed.
  ///
  /// @param reason LIMIT or DELAY
  record Postponed(long work, WaitReason reason, Instant at) implements Event {}

  /// A work was taken away from a worker which hadn't ended it in time.
  record HandedBack(long work) implements Event {}
}
