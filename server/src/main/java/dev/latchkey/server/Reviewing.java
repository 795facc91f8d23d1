package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.PullFile;
import dev.latchkey.github.PullRequest;
import dev.latchkey.inbox.Handler;
import dev.latchkey.inbox.InboxException;
import dev.latchkey.inbox.Outcome;
import dev.latchkey.inbox.PermanentFailure;
import dev.latchkey.inbox.RetryAt;
import dev.latchkey.inbox.Task;
import dev.latchkey.kv.Codec;
import dev.latchkey.kv.KvException;
import dev.latchkey.review.Diffs;
import dev.latchkey.review.FileDiff;
import dev.latchkey.review.FilePatch;
import dev.latchkey.review.Plan;
import dev.latchkey.review.Review;
import dev.latchkey.review.ReviewOptions;
import dev.latchkey.review.Reviewer;
import dev.latchkey.review.Snapshot;
import dev.latchkey.server.Publications.Publication;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Sees to a pull request: makes sure that its present head has its review, whatever led here and
/// however often.
final class Reviewing implements Handler {

  private static final Logger LOG = System.getLogger(Reviewing.class.getName());
  private static final Codec<String> TEXT = Codec.text();
  private static final Duration CALL = Duration.ofSeconds(60);
  private static final Duration ALL_FILES = Duration.ofMinutes(5);
  private static final Duration HEAD_KEEPS_MOVING = Duration.ofSeconds(30);
  private static final int MAX_SNAPSHOTS = 3;
  private static final int MAX_REFUSALS = 5;
  private static final int FIRST_ROUND = 1;

  private final GitHub github;
  private final Publications publications;
  private final Publisher publisher;
  private final CheckRuns checks;
  private final Questions questions;
  private final Terms terms;

  /// @param maxAttempts how often the inbox tries a work
  record Terms(ReviewOptions review, Duration settleWindow, int maxAttempts, InstantSource clock) {}

  Reviewing(
      GitHub github,
      Publications publications,
      Publisher publisher,
      Questions questions,
      Terms terms) {
    this.github = github;
    this.publications = publications;
    this.publisher = publisher;
    this.checks = new CheckRuns(github, publications);
    this.questions = questions;
    this.terms = terms;
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
    try {
      return see(task, pull);
    } catch (GitHubException.RateLimited e) {
      return Outcome.later(e.until(), String.valueOf(e.getMessage()));
    } catch (InboxException.Superseded | InboxException.Suspended | KvException e) {
      throw e;
    } catch (RuntimeException e) {
      RuntimeException failure = forInbox(task, e);
      if (failure instanceof PermanentFailure) {
        checks.notReviewed(pull, String.valueOf(failure.getMessage()));
      } else if (task.attempt() >= terms.maxAttempts()) {
        checks.notReviewed(pull, "it failed " + task.attempt() + " times");
      }
      throw failure;
    }
  }

  /// Says what the inbox is to do after a failure. What GitHub doesn't show us is a reason to give
  /// up with, not proof that there was nothing to do.
  private RuntimeException forInbox(Task task, RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case GitHubException.Forbidden e -> new PermanentFailure(message, e);
      case GitHubException.NotFound e -> new PermanentFailure(message, e);
      // Mostly said for good, but also while GitHub itself has not caught up with a push.
      case GitHubException.Invalid e when task.attempt() >= MAX_REFUSALS ->
          new PermanentFailure(message, e);
      case GitHubException.Unavailable e when e.retryAfter().isPresent() ->
          new RetryAt(terms.clock().instant().plus(e.retryAfter().get()), message, e);
      default -> failure;
    };
  }

  private Outcome see(Task task, PullRef pull) {
    for (int snapshots = 0; snapshots < MAX_SNAPSHOTS; snapshots++) {
      PullRequest now = github.pullRequest(pull.repository(), pull.number(), Deadline.after(CALL));
      if (now.state() == PullRequest.State.CLOSED || now.draft()) {
        String reason = now.draft() ? "the pull request is a draft" : "the pull request is closed";
        checks.notReviewed(pull, reason);
        return Outcome.done(reason);
      }
      try {
        return see(task, pull, now);
      } catch (Publisher.HeadMoved e) {
        LOG.log(Level.INFO, "event=head.moved work={0,number,#} pull={1}", task.id(), pull);
      }
    }
    Instant again = terms.clock().instant().plus(HEAD_KEEPS_MOVING);
    return Outcome.later(again, "the head keeps moving");
  }

  private Outcome see(Task task, PullRef pull, PullRequest now) {
    ReviewKey key =
        new ReviewKey(
            pull.repository().id(), pull.number(), now.headSha(), now.baseRef(), FIRST_ROUND);
    Optional<Publication> earlier = publications.find(key);
    if (earlier.isPresent() && earlier.get().told()) {
      return Outcome.done("review " + earlier.get().review() + " is there already");
    }
    if (earlier.isPresent()) {
      return finish(task, pull, key, earlier.get());
    }
    checks.begun(task, pull, key);
    Draft draft = draft(task, pull, now);
    Optional<Instant> settled =
        publications
            .settledAt(key, terms.settleWindow())
            .filter(at -> at.isAfter(terms.clock().instant()));
    if (settled.isPresent()) {
      return Outcome.later(
          settled.get(), "an earlier publication was interrupted, GitHub may still be at it");
    }
    return finish(task, pull, key, publish(task, pull, key, draft));
  }

  private Draft draft(Task task, PullRef pull, PullRequest now) {
    Snapshot snapshot = snapshot(pull, now);
    Plan plan = Plan.of(snapshot, terms.review());
    Review review =
        Reviewer.conclude(snapshot, plan, questions.ask(task, snapshot, plan), terms.review());
    return Draft.of(review);
  }

  /// Reads the files. GitHub's list is not pinned to a head, so the head is read again after its
  /// last page.
  private Snapshot snapshot(PullRef pull, PullRequest now) {
    List<PullFile> files =
        github.files(pull.repository(), pull.number(), Deadline.after(ALL_FILES));
    PullRequest after = github.pullRequest(pull.repository(), pull.number(), Deadline.after(CALL));
    if (!after.headSha().equals(now.headSha()) || !after.baseRef().equals(now.baseRef())) {
      throw new Publisher.HeadMoved(pull);
    }
    return new Snapshot(
        pull.repository().fullName(),
        pull.number(),
        now.headSha(),
        now.baseSha(),
        now.title(),
        now.body(),
        now.author().login(),
        diffs(files, now.changedFiles()));
  }

  /// @param changed how many files there are, of which GitHub lists at most 3,000
  private static List<FileDiff> diffs(List<PullFile> files, int changed) {
    Stream<FileDiff> listed = files.stream().map(Reviewing::diff);
    int more = changed - files.size();
    FileDiff rest =
        new FileDiff(
            "(%d more files)".formatted(more),
            null,
            FileDiff.Status.MODIFIED,
            List.of(),
            FileDiff.Completeness.PARTIAL,
            "GitHub lists 3,000 files at most");
    return Stream.concat(listed, more > 0 ? Stream.of(rest) : Stream.of()).toList();
  }

  private static FileDiff diff(PullFile file) {
    return Diffs.ofPatch(
        new FilePatch(
            file.filename(),
            file.previousFilename().orElse(null),
            file.status().name().toLowerCase(Locale.ROOT),
            file.additions(),
            file.deletions(),
            file.patch().orElse(null)));
  }

  private Publication publish(Task task, PullRef pull, ReviewKey key, Draft draft) {
    String review =
        task.step(
            "publish",
            key.hash(),
            TEXT,
            () -> Long.toString(publisher.publish(pull, key, draft)),
            id -> publications.published(key, publication(pull, key, id, draft)));
    LOG.log(
        Level.INFO,
        "event=review.published work={0,number,#} pull={1} head={2} review={3} inline={4}",
        task.id(),
        pull,
        key.head(),
        review,
        draft.comments().size());
    return publication(pull, key, review, draft);
  }

  private static Publication publication(PullRef pull, ReviewKey key, String id, Draft draft) {
    return new Publication(
        pull.toString(), key.head(), Long.parseLong(id), draft.title(), draft.partial(), false);
  }

  private Outcome finish(Task task, PullRef pull, ReviewKey key, Publication publication) {
    checks.reviewed(task, pull, key, publication);
    return Outcome.done("review " + publication.review() + ": " + publication.title());
  }
}
