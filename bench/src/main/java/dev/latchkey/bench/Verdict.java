package dev.latchkey.bench;

import org.jspecify.annotations.Nullable;

/// How kv stands to something else in operations per second.
///
/// @param against what it's compared with
/// @param ratio how many times as many kv has
/// @param goal the ratio to reach, null if there's none
record Verdict(String against, Spread ratio, @Nullable Double goal) {

  /// Whether the goal is reached by the median; true where there is none.
  boolean isMet() {
    return goal == null || ratio.median() >= goal;
  }
}
