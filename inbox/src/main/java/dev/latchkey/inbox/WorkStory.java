package dev.latchkey.inbox;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that is known of a work.
///
/// @param why what it waits for, or how it ended, in words
/// @param deliveries that led to it, oldest first, at most 1,000
/// @param runs that have ended, oldest first, at most 1,000
/// @param steps in the order in which they began, at most 1,000
/// @param charges at most 1,000
/// @param limits the ones it was last judged by
/// @param replayOf the work that this one does again, or null
public record WorkStory(
    WorkView work,
    String why,
    List<CauseView> deliveries,
    List<RunView> runs,
    List<StepView> steps,
    List<ChargeView> charges,
    List<Limit> limits,
    @Nullable Long replayOf) {

  public WorkStory {
    deliveries = List.copyOf(deliveries);
    runs = List.copyOf(runs);
    steps = List.copyOf(steps);
    charges = List.copyOf(charges);
    limits = List.copyOf(limits);
  }

  /// A delivery that led to a work.
  ///
  /// @param duplicates how often it was sent again
  public record CauseView(
      String source, String id, String kind, Via via, Instant receivedAt, long duplicates) {}

  /// A run that has ended.
  ///
  /// @param ending the state it ended in, with the reason of waiting after a slash, such as
  ///   `WAITING/RETRY`
  public record RunView(
      long epoch, int attempt, Instant beganAt, Instant endedAt, String ending, String note) {}

  /// A step that was kept, or a paid one that was called.
  ///
  /// @param calls how often it was called, 0 for one that costs nothing
  /// @param lost how many of those may have been answered without our knowing
  /// @param keptAt null if there is no result yet
  /// @param outputBytes of the result, 0 if there is none or retention removed it
  /// @param usage by bucket, as [Bill] was told
  public record StepView(
      String name,
      int calls,
      int lost,
      @Nullable Instant beganAt,
      @Nullable Instant keptAt,
      long outputBytes,
      Map<String, Long> usage) {
    public StepView {
      usage = Map.copyOf(usage);
    }
  }

  /// A unit or more taken of a limit.
  ///
  /// @param ref the work, or the work's step and call
  /// @param state RESERVED, SETTLED or RELEASED
  /// @param ambiguous whether nobody knows what was used, so that the reservation stands for it
  public record ChargeView(
      String bucket, String ref, Instant at, long units, String state, boolean ambiguous) {}
}
