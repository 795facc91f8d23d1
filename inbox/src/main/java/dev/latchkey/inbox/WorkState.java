package dev.latchkey.inbox;

/// Where a work stands.
public enum WorkState {
  /// May begin as soon as its lane is free, its limits admit it and a worker is idle.
  READY,
  /// Becomes ready at a known time; [WaitReason] says why.
  WAITING,
  /// Was set aside by an operator, or because a call may have been lost, until it is released.
  HELD,
  /// Is being handled.
  RUNNING,
  /// Has been handled.
  DONE,
  /// Has failed for good, and says why.
  DEAD,
  /// Was no longer wanted.
  CANCELLED;

  /// Returns whether nothing will become of it any more.
  public boolean isTerminal() {
    return this == DONE || this == DEAD || this == CANCELLED;
  }
}
