package dev.latchkey.inbox;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which works to list, newest first.
///
/// @param states empty for all
/// @param lane null for all
/// @param kind null for all
/// @param from null, or those first asked for at this time or later
/// @param until null, or those first asked for before this time
/// @param before null, or those with a smaller id, to go on after the last of a page
/// @param limit the most works of a page, 1 to 1,000
public record WorkQuery(
    Set<WorkState> states,
    @Nullable String lane,
    @Nullable String kind,
    @Nullable Instant from,
    @Nullable Instant until,
    @Nullable Long before,
    int limit) {

  private static final int MAX = 1_000;

  public WorkQuery {
    states = Set.copyOf(states);
    if (lane != null) {
      Texts.requireName("lane", lane, 512);
    }
    if (kind != null) {
      Texts.requireName("kind", kind, 100);
    }
    if (limit < 1 || limit > MAX) {
      throw new IllegalArgumentException("limit is " + limit + ", allowed are 1 to " + MAX);
    }
  }

  /// Describes the newest works.
  public static WorkQuery newest(int limit) {
    return new WorkQuery(Set.of(), null, null, null, null, null, limit);
  }

  public WorkQuery withStates(WorkState... states) {
    return new WorkQuery(Set.of(states), lane, kind, from, until, before, limit);
  }

  public WorkQuery withLane(String lane) {
    return new WorkQuery(states, lane, kind, from, until, before, limit);
  }

  public WorkQuery withKind(String kind) {
    return new WorkQuery(states, lane, kind, from, until, before, limit);
  }

  public WorkQuery between(Instant from, Instant until) {
    return new WorkQuery(states, lane, kind, from, until, before, limit);
  }

  public WorkQuery before(long id) {
    return new WorkQuery(states, lane, kind, from, until, id, limit);
  }
}
