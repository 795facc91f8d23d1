package dev.latchkey.inbox;

/// Whether an inbox works. Known without asking the database.
public enum InboxHealth {
  /// Accepts, but hasn't been started.
  OPEN,
  /// Accepts, and takes works as they become due.
  WORKING,
  /// Takes no more works, because the database stopped or failed in a way nobody expected; the log
  /// says why. What was accepted is kept, and continues once it is opened again.
  STOPPED,
  /// Has been closed, or is closing.
  CLOSED
}
