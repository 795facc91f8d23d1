package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.NewComment;
import dev.latchkey.github.NewReview;
import dev.latchkey.github.PostedReview;
import dev.latchkey.github.PullRequest;
import dev.latchkey.github.ReviewSubmission;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Publishes a review once, although a crash may come anywhere, and although a write of a process
/// which died may arrive late.
///
/// GitHub allows one pending review per user and pull request. So the pending review is a mutex on
/// their side, and looking for a submitted twin **while holding it** leaves no gap: whoever creates
/// first is adopted by the next, and whoever creates last finds the twin.
///
/// A review counts as ours by its author and an authentic marker; see [Markers].
final class PendingReviewPublisher implements Publisher {

  private static final Logger LOG = System.getLogger(PendingReviewPublisher.class.getName());
  private static final Duration CALL = Duration.ofSeconds(60);

  /// How often somebody else may take the mutex from us before we come back later.
  private static final int MAX_ROUNDS = 5;

  private final GitHub github;
  private final Writes writes;
  private final Markers markers;
  private final BotLogin bot;

  PendingReviewPublisher(Posting posting, Writes writes) {
    this.github = posting.github();
    this.writes = writes;
    this.markers = posting.markers();
    this.bot = posting.bot();
  }

  @Override
  public PostedReview publish(PullRef pull, ReviewKey key, Draft draft) {
    writes.requireSettled(pull, write(key));
    // What an earlier try did needs no further write, which may fail too.
    Optional<PostedReview> done =
        writes.isLate(pull, write(key)) ? submitted(pull, key) : Optional.empty();
    if (done.isPresent()) {
      return done.get();
    }
    requireUnmoved(pull, key);
    for (int round = 0; round < MAX_ROUNDS; round++) {
      PostedReview pending = createOrAdopt(pull, key, draft);
      Optional<PostedReview> twin = submitted(pull, key);
      if (twin.isPresent()) {
        LOG.log(
            Level.INFO, "event=review.found pull={0} review={1,number,#}", pull, twin.get().id());
        delete(pull, key, pending);
        return twin.get();
      }
      if (submit(pull, key, pending)) {
        return pending;
      }
    }
    throw new IllegalStateException("the pending review of " + pull + " was taken away each time");
  }

  @Override
  public boolean isLate(PullRef pull, ReviewKey key) {
    return writes.isLate(pull, write(key));
  }

  private void requireUnmoved(PullRef pull, ReviewKey key) {
    PullRequest now = github.pullRequest(pull.repository(), pull.number(), deadline());
    boolean same = now.headSha().equals(key.head()) && now.baseRef().equals(key.baseRef());
    if (!same || now.state() != PullRequest.State.OPEN) {
      throw new HeadMoved(pull);
    }
  }

  /// Returns a pending review with this key: a new one, or the one an earlier try left behind. A
  /// pending review with another key is left over from an older head, and is removed: only we can
  /// own it, since GitHub shows pending reviews to their author alone.
  private PostedReview createOrAdopt(PullRef pull, ReviewKey key, Draft draft) {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      try {
        return create(pull, key, draft.comments(), body(key, draft, List.of()));
      } catch (GitHubException.Invalid refusal) {
        Optional<PostedReview> pending = find(pull, PendingReviewPublisher::isPending);
        if (pending.isEmpty() && draft.comments().isEmpty()) {
          throw refusal;
        } else if (pending.isEmpty()) {
          return createWithoutRefused(pull, key, draft);
        } else if (is(pending.get(), key)) {
          return pending.get();
        }
        delete(pull, key, pending.get());
      }
    }
    throw new IllegalStateException("there is another pending review on " + pull + " each time");
  }

  /// GitHub creates a review with all of its comments or not at all, and doesn't say which comment
  /// it refuses. So halves are tried, until every refused comment stands alone; these go into the
  /// body.
  private PostedReview createWithoutRefused(PullRef pull, ReviewKey key, Draft draft) {
    requireUnmoved(pull, key);
    Set<NewComment> accepted = new LinkedHashSet<>();
    halve(pull, key, draft.comments(), accepted);
    List<NewComment> refused =
        draft.comments().stream().filter(comment -> !accepted.contains(comment)).toList();
    LOG.log(Level.WARNING, "event=review.lines-refused pull={0} refused={1}", pull, refused.size());
    return create(pull, key, List.copyOf(accepted), body(key, draft, refused));
  }

  /// @param refused comments which GitHub doesn't take together
  private void halve(
      PullRef pull, ReviewKey key, List<NewComment> refused, Set<NewComment> accepted) {
    if (refused.size() > 1) {
      int middle = refused.size() / 2;
      tryLines(pull, key, refused.subList(0, middle), accepted);
      tryLines(pull, key, refused.subList(middle, refused.size()), accepted);
    }
  }

  private void tryLines(
      PullRef pull, ReviewKey key, List<NewComment> comments, Set<NewComment> accepted) {
    try {
      delete(pull, key, create(pull, key, comments, "Trying lines."));
      accepted.addAll(comments);
    } catch (GitHubException.Invalid e) {
      halve(pull, key, comments, accepted);
    }
  }

  private PostedReview create(PullRef pull, ReviewKey key, List<NewComment> comments, String body) {
    NewReview review = new NewReview(key.head(), body, comments);
    return writes.send(
        pull,
        write(key),
        () ->
            github.createPendingReview(pull.repository(), pull.number(), review, writeDeadline()));
  }

  /// @return false if it is no longer pending, so that it has to be looked for again
  private boolean submit(PullRef pull, ReviewKey key, PostedReview pending) {
    ReviewSubmission submission = ReviewSubmission.of(pending.id());
    try {
      var _ =
          writes.send(
              pull,
              write(key),
              () ->
                  github.submitReview(
                      pull.repository(), pull.number(), submission, writeDeadline()));
      return true;
    } catch (GitHubException.Invalid | GitHubException.NotFound e) {
      LOG.log(Level.WARNING, "event=review.pending-gone pull=" + pull, e);
      return false;
    }
  }

  private void delete(PullRef pull, ReviewKey key, PostedReview pending) {
    try {
      var _ =
          writes.send(
              pull,
              write(key),
              () -> {
                github.deletePendingReview(
                    pull.repository(), pull.number(), pending.id(), writeDeadline());
                return pending;
              });
    } catch (GitHubException.Invalid | GitHubException.NotFound e) {
      // Somebody else has submitted or deleted it, which the next look shows.
      LOG.log(Level.WARNING, "event=review.pending-gone pull=" + pull, e);
    }
  }

  /// What the names of writes about reviews begin with.
  static final String WRITES = "review/";

  private static String write(ReviewKey key) {
    return WRITES + key.hash();
  }

  private Optional<PostedReview> submitted(PullRef pull, ReviewKey key) {
    return find(pull, review -> !isPending(review) && is(review, key));
  }

  private Optional<PostedReview> find(PullRef pull, Predicate<PostedReview> wanted) {
    String login = bot.login();
    return github.reviews(pull.repository(), pull.number(), deadline()).stream()
        .filter(review -> review.author().login().equals(login))
        .filter(wanted)
        .findFirst();
  }

  private boolean is(PostedReview review, ReviewKey key) {
    return markers.read(review.body()).filter(key.hash()::equals).isPresent();
  }

  private static boolean isPending(PostedReview review) {
    return review.state() == PostedReview.State.PENDING;
  }

  private String body(ReviewKey key, Draft draft, List<NewComment> refused) {
    return draft.body(refused, markers.write(key));
  }

  private static Deadline deadline() {
    return Deadline.after(CALL);
  }

  private static Deadline writeDeadline() {
    return Deadline.after(Writes.LONGEST);
  }
}
