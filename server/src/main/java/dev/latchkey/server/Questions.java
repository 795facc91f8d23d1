package dev.latchkey.server;

import dev.latchkey.inbox.PermanentFailure;
import dev.latchkey.inbox.RetryAt;
import dev.latchkey.inbox.Task;
import dev.latchkey.kv.Codec;
import dev.latchkey.review.Answered;
import dev.latchkey.review.Chunk;
import dev.latchkey.review.Model;
import dev.latchkey.review.ModelException;
import dev.latchkey.review.ModelReply;
import dev.latchkey.review.Plan;
import dev.latchkey.review.Prompt;
import dev.latchkey.review.Snapshot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks the model about each chunk, as a paid step: an answer is kept before anything is done with
/// it, and a chunk whose answer is kept is not asked about again.
final class Questions {

  private static final Duration ANSWER = Duration.ofMinutes(10);
  private static final Codec<Kept> KEPT = Json.codec(Kept.class);

  private final Model model;
  private final InstantSource clock;

  /// What is kept of a question.
  ///
  /// @param reply a [ModelReply] as JSON; null if the model will never answer this question
  /// @param refusal why not
  record Kept(String nonce, @Nullable String reply, @Nullable String refusal) {

    Optional<Answered> answered() {
      return Optional.ofNullable(reply).map(json -> new Answered(nonce, ModelReply.fromJson(json)));
    }
  }

  Questions(Model model, InstantSource clock) {
    this.model = model;
    this.clock = clock;
  }

  /// Returns the answers by chunk. A chunk which the model refuses is missing, which makes the
  /// review a partial one.
  ///
  /// @throws PermanentFailure if it refuses every chunk
  /// @throws RetryAt if it asked to be left alone for a while
  /// @throws ModelException.Unavailable if it may answer later
  /// @throws ModelException.BadCredentials if it doesn't accept our key
  Map<String, Answered> ask(Task task, Snapshot snapshot, Plan plan) {
    Map<String, Answered> answers = new HashMap<>();
    String refusal = "";
    for (Chunk chunk : plan.chunks()) {
      Kept kept = task.paidStep("question", chunk.hash(), KEPT, () -> ask(snapshot, chunk));
      kept.answered().ifPresent(answered -> answers.put(chunk.hash(), answered));
      refusal = kept.refusal() == null ? refusal : kept.refusal();
    }
    if (answers.isEmpty() && !plan.chunks().isEmpty()) {
      throw new PermanentFailure("the model refused every question: " + refusal);
    }
    return answers;
  }

  private Kept ask(Snapshot snapshot, Chunk chunk) {
    String nonce = Prompt.nonce();
    try {
      ModelReply reply = model.complete(Prompt.of(snapshot, chunk, nonce), ANSWER);
      return new Kept(nonce, reply.toJson(), null);
    } catch (ModelException.Refused | ModelException.TooLong e) {
      return new Kept(nonce, null, String.valueOf(e.getMessage()));
    } catch (ModelException.Unavailable e) {
      if (e.retryAfter().isPresent()) {
        throw new RetryAt(
            clock.instant().plus(e.retryAfter().get()), String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }
}
