package dev.latchkey.bench;

/// What a caller does with a queue again and again.
enum QueueOperation {
  /// Has a webhook accepted by a queue that isn't started.
  ACCEPT,
  /// Has a webhook accepted, and waits until it is done.
  DONE,
  /// The same after a pause, in which nothing is to be done.
  DONE_IDLE;

  boolean isStarted() {
    return this != ACCEPT;
  }
}
