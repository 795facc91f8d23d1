package dev.latchkey.kv;

import org.jspecify.annotations.Nullable;

/// What the calls of a thread belong to while a body or a mapper of its own runs.
sealed interface Scope permits Transaction, Snapshot {

  /// Returns the time of the whole of it, in milliseconds since 1970.
  long now();

  /// Returns whether it was begun through that handle.
  boolean isOf(SqlDatabase handle);

  /// Returns whether there is a table to read; a transaction makes it.
  boolean has(Table table);

  /// Runs a step which reads, and translates its failure.
  <T extends @Nullable Object> T read(Session.Step<T> step);
}
