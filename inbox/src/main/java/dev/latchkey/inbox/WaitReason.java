package dev.latchkey.inbox;

/// Why a work waits.
public enum WaitReason {
  /// A limit doesn't admit it yet.
  LIMIT,
  /// It failed and is tried again later.
  RETRY,
  /// Its handler asked to come back.
  DELAY
}
