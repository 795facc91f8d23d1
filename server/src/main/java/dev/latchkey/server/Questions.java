package dev.latchkey.server;

import dev.latchkey.inbox.Bill;
import dev.latchkey.inbox.PermanentFailure;
import dev.latchkey.inbox.RetryAt;
import dev.latchkey.inbox.Task;
import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.Expiry;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import dev.latchkey.review.Answered;
import dev.latchkey.review.Chunk;
import dev.latchkey.review.Model;
import dev.latchkey.review.ModelException;
import dev.latchkey.review.ModelReply;
import dev.latchkey.review.ModelRequest;
import dev.latchkey.review.Plan;
import dev.latchkey.review.Prompt;
import dev.latchkey.review.Review;
import dev.latchkey.review.ReviewOptions;
import dev.latchkey.review.Reviewer;
import dev.latchkey.review.Snapshot;
import dev.latchkey.review.Usage;
import dev.latchkey.review.Verification;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks the model about each chunk, as a paid step: an answer is kept before anything is done with
/// it, and a chunk whose answer is kept is not asked about again, not by a later work about the
/// same pull request either.
final class Questions {

  private static final Logger LOG = System.getLogger(Questions.class.getName());
  private static final Duration ANSWER = Duration.ofMinutes(10);
  private static final Codec<Kept> KEPT = Json.codec(Kept.class);
  private static final StoreSpec<Kept> ANSWERS = StoreSpec.of("answers", KEPT);
  private static final Duration ANSWERS_LAST = Duration.ofDays(30);
  private static final int BYTES_PER_TOKEN = 3;

  private final Model model;
  private final Store<Kept> answers;
  private final ReviewWorks works;
  private final InstantSource clock;

  /// What is kept of a question.
  ///
  /// @param reply a [ModelReply] as JSON; null if the model will never answer this question
  /// @param refusal why not
  record Kept(String nonce, @Nullable String reply, @Nullable String refusal) {

    /// Whether it is worth keeping for others: what was refused may be answered another day.
    boolean readable() {
      return answered().filter(answered -> Reviewer.isReadable(answered.reply())).isPresent();
    }

    Optional<Answered> answered() {
      return Optional.ofNullable(reply).map(json -> new Answered(nonce, ModelReply.fromJson(json)));
    }
  }

  Questions(Model model, Database database, ReviewWorks works, InstantSource clock) {
    this.model = model;
    this.answers = database.store(ANSWERS);
    this.works = works;
    this.clock = clock;
  }

  /// Reviews what is planned. A chunk which the model refuses is missing, which makes the review a
  /// partial one.
  ///
  /// @param verify whether the model is asked to refute what it found
  /// @throws PermanentFailure if it refuses every chunk
  /// @throws RetryAt if it asked to be left alone for a while
  /// @throws ModelException.Unavailable if it may answer later
  /// @throws ModelException.BadCredentials if it doesn't accept our key
  Review review(Task task, Snapshot snapshot, Plan plan, ReviewOptions options, boolean verify) {
    Map<String, Answered> replies = new HashMap<>();
    String refusal = "";
    Usage lost = Usage.NONE;
    // Its title and description are part of the questions, so another's answers are none of its.
    String own = snapshot.number() + "/";
    for (Chunk chunk : plan.chunks()) {
      Kept kept =
          kept(own + chunk.hash(), Kept::readable, () -> ask(task, "question", snapshot, chunk));
      if (kept.answered().filter(answered -> !Reviewer.isReadable(answered.reply())).isPresent()) {
        lost = lost.plus(kept.answered().get().reply().usage());
        kept =
            kept(
                own + "repair/" + chunk.hash(),
                Kept::readable,
                () -> ask(task, "repair", snapshot, chunk));
      }
      kept.answered().ifPresent(answered -> replies.put(chunk.hash(), answered));
      refusal = kept.refusal() == null ? refusal : kept.refusal();
    }
    if (replies.isEmpty() && !plan.chunks().isEmpty()) {
      // On the pull request it is said without the model's words, which name its address.
      LOG.log(Level.WARNING, "event=model.refused reason={0}", refusal);
      throw new PermanentFailure("the model refused every question; the server's log says why");
    }
    Review review = Reviewer.conclude(snapshot, plan, replies, options).plusUsage(lost);
    return verify ? verified(task, plan, review) : review;
  }

  private Review verified(Task task, Plan plan, Review review) {
    Review left = review;
    for (Verification.Question question : Verification.questions(plan, review)) {
      Kept kept =
          kept(
              question.hash(),
              one -> one.reply() != null,
              () -> paid(task, "verification", question.hash(), question::request));
      left =
          kept.answered().isPresent()
              ? Verification.apply(left, question, kept.answered().get())
              : left.withNote("the model refused the second pass");
    }
    return left;
  }

  private Kept ask(Task task, String step, Snapshot snapshot, Chunk chunk) {
    boolean repair = step.equals("repair");
    return paid(
        task,
        step,
        chunk.hash(),
        nonce -> {
          ModelRequest request = Prompt.of(snapshot, chunk, nonce);
          return repair ? Prompt.repairing(request) : request;
        });
  }

  private Kept kept(String hash, Predicate<Kept> worth, Supplier<Kept> ask) {
    Optional<Kept> earlier = answers.get(hash);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    Kept kept = ask.get();
    if (worth.test(kept)) {
      answers.put(hash, kept, Expiry.after(ANSWERS_LAST));
    }
    return kept;
  }

  private Kept paid(Task task, String step, String hash, Function<String, ModelRequest> question) {
    String nonce = Prompt.nonce();
    ModelRequest request = question.apply(nonce);
    return task.paidStep(
        step,
        hash,
        List.of(works.tokens(most(request))),
        KEPT,
        bill -> complete(request, nonce, bill));
  }

  private Kept complete(ModelRequest request, String nonce, Bill bill) {
    try {
      ModelReply reply = model.complete(request, ANSWER);
      long used = reply.usage().inputTokens() + reply.usage().outputTokens();
      if (used > 0) {
        bill.used(works.tokenBucket(), used);
      }
      return new Kept(nonce, reply.toJson(), null);
    } catch (ModelException.Refused | ModelException.TooLong e) {
      bill.nothing();
      return new Kept(nonce, null, String.valueOf(e.getMessage()));
    } catch (ModelException.BadCredentials e) {
      bill.nothing();
      throw e;
    } catch (ModelException.Unavailable e) {
      if (e.turnedAway()) {
        bill.nothing();
      }
      if (e.retryAfter().isPresent()) {
        throw new RetryAt(
            clock.instant().plus(e.retryAfter().get()), String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }

  /// At a token for 3 bytes, as chunks are packed; what is used is settled afterwards.
  private static long most(ModelRequest request) {
    long bytes = bytes(request.system()) + bytes(request.user());
    return bytes / BYTES_PER_TOKEN + request.maxOutputTokens();
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
