package dev.latchkey.inbox;

/// What became of a delivery. It is durable in each case.
public enum Receipt {
  /// Kept for the first time, and there is work because of it: new, or absorbed by a work of the
  /// same key which had not begun.
  ACCEPTED,
  /// Known already, by its source and id. Nothing changed but the count of its duplicates.
  DUPLICATE,
  /// Kept for the first time, but the router sees no work in it.
  IGNORED
}
