package dev.latchkey.inbox;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts of what is kept, taken at one moment each.
///
/// @param works by state, in the order of the states, with a zero where there is none
/// @param accepted deliveries which led to work
/// @param duplicates deliveries which came again
/// @param ignored deliveries which led to none
/// @param recent since this inbox was opened, and within the last minute
/// @param oldestDue since when the work that has been due the longest could have run; null if none
///   is due
public record InboxStats(
    Map<WorkState, Long> works,
    long accepted,
    long duplicates,
    long ignored,
    Recent recent,
    @Nullable Instant oldestDue) {

  public InboxStats {
    Map<WorkState, Long> ordered = new EnumMap<>(WorkState.class);
    ordered.putAll(works);
    works = Collections.unmodifiableMap(ordered);
  }

  /// What happened in this process.
  ///
  /// @param accepted deliveries that were stored since it was opened
  /// @param ended works that have ended since
  /// @param retried failures since that were tried again
  /// @param acceptedPerMinute deliveries stored within the last 60 seconds
  /// @param endedPerMinute works ended within the last 60 seconds
  public record Recent(
      long accepted, long ended, long retried, long acceptedPerMinute, long endedPerMinute) {}
}
