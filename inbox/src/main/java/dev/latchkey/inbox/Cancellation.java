package dev.latchkey.inbox;

import java.util.Objects;

/// Works that a delivery makes pointless.
///
/// What waits, is ready or is held becomes CANCELLED; what runs is told at its next step or
/// [Task#checkpoint], and becomes CANCELLED then.
///
/// @param name the lane or key, 1 to 512 characters
/// @param reason for people who look at the works later, at most 500 characters are kept
public record Cancellation(Scope scope, String name, String reason) {

  /// Which works.
  public enum Scope {
    /// All of the lane.
    LANE,
    /// Those of the key.
    KEY
  }

  public Cancellation {
    Objects.requireNonNull(scope, "scope");
    Texts.requireName(scope == Scope.LANE ? "lane" : "key", name, 512);
    reason = Texts.note(reason);
  }

  public static Cancellation ofLane(String lane, String reason) {
    return new Cancellation(Scope.LANE, lane, reason);
  }

  public static Cancellation ofKey(String key, String reason) {
    return new Cancellation(Scope.KEY, key, reason);
  }
}
