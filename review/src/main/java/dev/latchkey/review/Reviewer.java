package dev.latchkey.review;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;

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

  /// Asks the model about every chunk of the plan, one after the other, and concludes. An answer in
  /// which nothing can be read is asked for once more. `timeout` bounds each call.
  ///
  /// @param progress is told how many questions were answered, after each one
  /// @throws ModelException if the model fails; nothing of the review is kept
  public Review review(Snapshot snapshot, Plan plan, Duration timeout, IntConsumer progress) {
    Map<String, Answered> replies = new HashMap<>();
    Usage lost = Usage.NONE;
    for (Chunk chunk : plan.chunks()) {
      String nonce = Prompt.nonce();
      ModelRequest request = Prompt.of(snapshot, chunk, nonce);
      ModelReply reply = model.complete(request, timeout);
      if (!isReadable(reply)) {
        lost = lost.plus(reply.usage());
        reply = model.complete(Prompt.repairing(request), timeout);
      }
      replies.put(chunk.hash(), new Answered(nonce, reply));
      progress.accept(replies.size());
    }
    return conclude(snapshot, plan, replies, options).plusUsage(lost);
  }

  /// As the other, without progress.
  public Review review(Snapshot snapshot, Plan plan, Duration timeout) {
    return review(snapshot, plan, timeout, _ -> {});
  }

  /// Asks the model to refute what it found, and drops what it refutes, as [Verification] does.
  ///
  /// @throws ModelException if the model fails
  public Review verify(Plan plan, Review review, Duration timeout) {
    Review left = review;
    for (Verification.Question question : Verification.questions(plan, review)) {
      String nonce = Prompt.nonce();
      ModelReply reply = model.complete(question.request(nonce), timeout);
      left = Verification.apply(left, question, new Answered(nonce, reply));
    }
    return left;
  }

  /// Whether anything can be read in an answer to a [Prompt]. If not, [Prompt#repairing] asks once
  /// more.
  public static boolean isReadable(ModelReply reply) {
    return !Answer.parse(reply.text()).isNothing();
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
