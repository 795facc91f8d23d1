package dev.latchkey.inbox;

/// Where a work stands.
public enum WorkState {
  /// May begin as soon as its lane is free, its limits admit it and a worker is idle.
  READY,
  /// Becomes ready at a known time; [WaitReason] says why.
  WAITING,
  /// Is being handled.
  RUNNING,
  /// Has been handled.
  DONE,
  /// Has failed for good, and says why.
  DEAD
}
