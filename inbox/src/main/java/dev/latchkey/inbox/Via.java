package dev.latchkey.inbox;

/// How a delivery came.
public enum Via {
  /// The sender sent it.
  WEBHOOK,
  /// It was fetched from the sender's own list, having been missed.
  CATCH_UP,
  /// Nobody sent it: it stands for a look at the present state.
  RESYNC
}
