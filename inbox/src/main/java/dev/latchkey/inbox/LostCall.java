package dev.latchkey.inbox;

/// What to do about a call of a paid step that was under way when the process died: it may have
/// been answered and charged for, or not.
public enum LostCall {
  /// Call again, at most twice; then the work is HELD for the operator.
  REPEAT,
  /// The work is HELD for the operator at once. Releasing it calls again.
  HOLD
}
