package dev.latchkey.review;

import java.time.Duration;
import java.util.HashMap;
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
    Map<String, Answered> replies = new HashMap<>();
    for (Chunk chunk : plan.chunks()) {
      String nonce = Prompt.nonce();
      ModelReply reply = model.complete(Prompt.of(snapshot, chunk, nonce), timeout);
      replies.put(chunk.hash(), new Answered(nonce, reply));
    }
    return conclude(snapshot, plan, replies, options);
  }

  /// Checks the answers and says what they come to. Pure: the same arguments give an equal review.
  ///
  /// @param replies by [Chunk#hash()]; a chunk without one makes the review partial, and one for no
  ///   chunk of the plan is passed over
  public static Review conclude(
      Snapshot snapshot, Plan plan, Map<String, Answered> replies, ReviewOptions options) {
    Conclusion conclusion = new Conclusion(plan, options);
    plan.chunks().forEach(chunk -> conclusion.add(chunk, replies.get(chunk.hash())));
    return conclusion.review(snapshot.headSha());
  }
}
