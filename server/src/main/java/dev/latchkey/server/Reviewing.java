package dev.latchkey.server;

import dev.latchkey.github.CheckState;
import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.PostedReview;
import dev.latchkey.github.PullRequest;
import dev.latchkey.inbox.Handler;
import dev.latchkey.inbox.InboxException;
import dev.latchkey.inbox.Outcome;
import dev.latchkey.inbox.PermanentFailure;
import dev.latchkey.inbox.RetryAt;
import dev.latchkey.inbox.Task;
import dev.latchkey.kv.Codec;
import dev.latchkey.kv.KvException;
import dev.latchkey.review.ModelException;
import dev.latchkey.review.Plan;
import dev.latchkey.review.Review;
import dev.latchkey.review.ReviewOptions;
import dev.latchkey.review.Snapshot;
import dev.latchkey.server.Publications.Publication;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sees to a pull request: makes sure that its present head has its review, whatever led here and
/// however often.
final class Reviewing implements Handler {

  private static final Logger LOG = System.getLogger(Reviewing.class.getName());
  private static final Codec<Visible> VISIBLE = Json.codec(Visible.class);
  private static final Duration CALL = Duration.ofSeconds(60);
  private static final Duration HEAD_KEEPS_MOVING = Duration.ofSeconds(30);
  private static final int MAX_SNAPSHOTS = 3;

  private final Parts parts;
  private final Terms terms;
  private final GitHub github;
  private final Publications publications;
  private final CheckRuns checks;
  private final Aftermath aftermath;

  /// @param maxAttempts how often the inbox tries a work
  record Terms(
      ReviewOptions review, Settings.Reviews reviews, int maxAttempts, InstantSource clock) {}

  /// What pull requests are seen to with.
  record Parts(
      Posting posting,
      Publications publications,
      Wishes wishes,
      Gate gate,
      Snapshots snapshots,
      Questions questions,
      Publisher publisher,
      CheckRuns checks,
      Refusals refusals,
      Aftermath aftermath) {}

  /// A review that GitHub shows.
  private record Visible(long id, String node) {
    static final Visible NONE = new Visible(0, "");

    static Visible of(PostedReview review) {
      return new Visible(review.id(), review.nodeId());
    }
  }

  /// What a run is about, as far as it has come.
  private static final class Sight {
    private final Task task;
    private final PullRef pull;
    private @Nullable ReviewKey key;

    Sight(Task task, PullRef pull) {
      this.task = task;
      this.pull = pull;
    }
  }

  Reviewing(Parts parts, Terms terms) {
    this.parts = parts;
    this.terms = terms;
    this.github = parts.posting().github();
    this.publications = parts.publications();
    this.checks = parts.checks();
    this.aftermath = parts.aftermath();
  }

  @Override
  public Outcome handle(Task task) {
    PullRef pull = Json.read(task.subject(), PullRef.class);
    LOG.log(
        Level.INFO,
        "event=work.begun work={0,number,#} attempt={1} pull={2} deliveries={3}",
        task.id(),
        task.attempt(),
        pull,
        task.deliveries());
    Sight sight = new Sight(task, pull);
    try {
      return see(sight);
    } catch (GitHubException.RateLimited
        | Writes.NotSettled
        | InboxException.Superseded
        | InboxException.Suspended
        | KvException e) {
      throw e;
    } catch (RuntimeException e) {
      RuntimeException failure = Patient.judged(e, task.attempt(), terms.clock());
      if (failure instanceof PermanentFailure) {
        giveUp(
            sight,
            failure.getCause() instanceof GitHubException inner
                ? cause(inner)
                : String.valueOf(failure.getMessage()));
      } else if (task.attempt() >= terms.maxAttempts()) {
        giveUp(sight, cause(failure) + " in " + task.attempt() + " attempts");
      }
      throw failure;
    }
  }

  /// In words that tell strangers nothing of the operator's addresses; the log says more.
  private static String cause(RuntimeException failure) {
    return switch (failure) {
      case ModelException.BadCredentials _ -> "the model did not accept the server's key";
      case ModelException _ -> "the model did not answer";
      case GitHubException _ -> "GitHub did not do what was asked of it";
      case RetryAt retry when retry.getCause() instanceof RuntimeException inner -> cause(inner);
      default -> "the server failed";
    };
  }

  /// That this can't be said must not hide why there is no review, so a failure is only logged.
  private void giveUp(Sight sight, String reason) {
    ReviewKey key = sight.key;
    if (key == null) {
      return;
    }
    // A review that may have arrived is looked for again.
    boolean visible = publications.find(sight.pull, key.hash()).isPresent();
    boolean lasting = !visible && !parts.publisher().isLate(sight.pull, key);
    parts.refusals().refused(sight.pull, key, reason, lasting);
    if (visible) {
      // It is there, and only something about it can't be said.
      return;
    }
    try {
      checks.notReviewed(sight.pull, key, reason);
    } catch (GitHubException | Writes.NotSettled e) {
      LOG.log(Level.WARNING, "event=check.not-told pull=" + sight.pull, e);
    }
  }

  private Outcome see(Sight sight) {
    PullRef pull = sight.pull;
    for (int snapshots = 0; snapshots < MAX_SNAPSHOTS; snapshots++) {
      PullRequest now = github.pullRequest(pull.repository(), pull.number(), Deadline.after(CALL));
      try {
        return see(sight, now);
      } catch (Publisher.HeadMoved e) {
        LOG.log(Level.INFO, "event=head.moved work={0,number,#} pull={1}", sight.task.id(), pull);
      }
    }
    Instant again = terms.clock().instant().plus(HEAD_KEEPS_MOVING);
    return Outcome.later(again, "the head keeps moving");
  }

  private Outcome see(Sight sight, PullRequest now) {
    PullRef pull = sight.pull;
    ReviewKey key = ReviewKey.of(pull, now, parts.wishes());
    sight.key = key;
    aftermath.findLate(pull);
    if (now.state() == PullRequest.State.CLOSED) {
      checks.endOthers(
          pull, null, "the pull request is closed", other -> publications.find(pull, other));
      return Outcome.done("the pull request is closed");
    }
    checks.endOthers(
        pull,
        key,
        "the pull request has a newer head, base or round",
        other -> publications.find(pull, other));
    Optional<Publication> earlier = publications.find(pull, key.hash());
    if (earlier.isPresent()) {
      aftermath.of(pull, key, earlier.get());
      return Outcome.done("review " + earlier.get().review() + " is there already");
    }
    return switch (parts.gate().ask(pull, now)) {
      case Gate.Answer.Shut shut -> refuse(pull, key, shut);
      case Gate.Answer.Open(RulesFile rules) -> review(sight, key, now, rules);
    };
  }

  private Outcome refuse(PullRef pull, ReviewKey key, Gate.Answer.Shut shut) {
    parts.refusals().refused(pull, key, shut.reason(), false);
    if (shut.shown()) {
      checks.notReviewed(pull, key, shut.reason());
    } else {
      checks.endOthers(pull, null, shut.reason(), other -> publications.find(pull, other));
    }
    if (shut.mistake()) {
      aftermath.tellMistake(pull, shut.reason());
    }
    return Outcome.done(shut.reason());
  }

  private Outcome review(Sight sight, ReviewKey key, PullRequest now, RulesFile rules) {
    PullRef pull = sight.pull;
    parts.refusals().forget(pull);
    checks.reviewing(pull, key);
    Snapshot snapshot = parts.snapshots().of(pull, now);
    Allowed allowed = Allowed.of(terms, rules);
    Plan plan = Plan.of(snapshot, allowed.options());
    Review review =
        parts.questions().review(sight.task, snapshot, plan, allowed.options(), allowed.verify());
    Standing standing = aftermath.standing(pull);
    long open = review.anchored().stream().filter(f -> standing.isOpen(f.fingerprint())).count();
    Review news =
        review.telling(
            finding ->
                !standing.isOpen(finding.fingerprint()) && !standing.isQuiet(finding.fingerprint()),
            allowed.options(),
            open == 0 ? "" : open + " findings are not repeated, as they are open already");
    Draft draft = Draft.of(news, pull, parts.posting().markers(), standing.open().size());
    CheckState.Conclusion conclusion = allowed.conclusion(review, standing);
    publications.intend(
        publication(new Posted(pull, key, Visible.NONE), draft, news, conclusion),
        Aftermath.posted(key, news));
    Visible visible =
        sight.task.step(
            "publish",
            key.hash(),
            VISIBLE,
            () -> Visible.of(parts.publisher().publish(pull, key, draft)),
            one ->
                publications.published(
                    publication(new Posted(pull, key, one), draft, news, conclusion),
                    Aftermath.posted(key, news)));
    Publication publication = publications.find(pull, key.hash()).orElseThrow();
    LOG.log(
        Level.INFO,
        "event=review.published work={0,number,#} pull={1} head={2} review={3,number,#} inline={4}",
        sight.task.id(),
        pull,
        key.head(),
        visible.id(),
        draft.comments().size());
    aftermath.of(pull, key, publication);
    return Outcome.done("review " + publication.review() + ": " + publication.title());
  }

  /// What stands at GitHub.
  private record Posted(PullRef pull, ReviewKey key, Visible visible) {}

  private Publication publication(
      Posted posted, Draft draft, Review review, CheckState.Conclusion conclusion) {
    ReviewKey key = posted.key();
    Visible visible = posted.visible();
    return new Publication(
        posted.pull(),
        key.hash(),
        key.head(),
        key.baseRef(),
        key.round(),
        visible.id(),
        visible.node(),
        draft.title(),
        conclusion,
        draft.comments().size(),
        terms.review().model(),
        review.usage().inputTokens(),
        review.usage().outputTokens(),
        terms.clock().instant(),
        false,
        false);
  }
}
