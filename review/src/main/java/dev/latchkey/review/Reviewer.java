package dev.latchkey.review;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/// Reviews a diff: plans, asks, checks.
public final class Reviewer {
  private final Model model;
  private final ReviewOptions options;

  private Reviewer(Model model, ReviewOptions options) {
    this.model = Objects.requireNonNull(model);
    this.options = Objects.requireNonNull(options);
  }

  public static Reviewer of(Model model, ReviewOptions options) {
    return new Reviewer(model, options);
  }

  /// Asks the model about every chunk of the plan, one after the other, and concludes. `timeout`
  /// bounds each call.
  ///
  /// @throws ModelException if the model fails; nothing of the review is kept
  public Review review(Snapshot snapshot, Plan plan, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  /// Checks the answers and says what they come to. Pure: the same arguments give an equal review.
  ///
  /// @param replies by [Chunk#hash()]; a chunk without one makes the review partial, and one for no
  ///   chunk of the plan is passed over
  public static Review conclude(
      Snapshot snapshot, Plan plan, Map<String, Answered> replies, ReviewOptions options) {
    throw new UnsupportedOperationException();
  }
}
