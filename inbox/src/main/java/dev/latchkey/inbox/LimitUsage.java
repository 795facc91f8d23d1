package dev.latchkey.inbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How much of a limit is used at one moment.
///
/// @param used units spent or held within its window; above the limit's where it was larger before
/// @param waiting how many works wait for it
/// @param freesAt when the oldest of the units leaves the window, or null if none is used
public record LimitUsage(Limit limit, long used, long waiting, @Nullable Instant freesAt) {

  /// Returns how many units may be taken now.
  public long free() {
    return Math.max(0, limit.units() - used);
  }
}
