package dev.latchkey.kv;

/// What may be wrong with a child on purpose, to see that the harness finds it.
enum PlantedBug {
  NONE,
  /// Writes are acknowledged before they are made.
  ACKNOWLEDGES_FIRST,
  /// Nothing is committed any more once the child has warmed up.
  COMMITS_LATER,
  /// What belongs together is written one by one.
  WRITES_HALVES,
  /// The last version isn't kept.
  FORGETS_VERSIONS
}
