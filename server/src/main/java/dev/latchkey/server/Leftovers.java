package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.PostedReview;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/// Removes what writes whose senders are gone have left at GitHub, or leave there late: pending
/// reviews that nobody needs, second summaries and answers, wrong check runs. Called in a pull
/// request's lane, while nothing is being published there.
final class Leftovers {

  private static final Logger LOG = System.getLogger(Leftovers.class.getName());
  private static final Duration CALL = Duration.ofSeconds(60);

  private final GitHub github;
  private final Markers markers;
  private final BotLogin bot;
  private final Parts parts;

  /// What may have something left of it.
  record Parts(
      Writes writes,
      Publications publications,
      Summaries summaries,
      CheckRuns checks,
      Replies replies) {}

  Leftovers(Posting posting, Parts parts) {
    this.github = posting.github();
    this.markers = posting.markers();
    this.bot = posting.bot();
    this.parts = parts;
  }

  /// Looks, if a write may come late or have come late.
  ///
  /// @throws Writes.NotSettled if it is too early to look for a review
  void remove(PullRef pull) {
    removeReviews(pull);
    parts.summaries().repair(pull);
    parts.checks().repair(pull);
    parts.replies().repair(pull);
  }

  /// Removes pending reviews, and learns of those that are visible without our knowing.
  ///
  /// @throws Writes.NotSettled if it is too early to look
  void removeReviews(PullRef pull) {
    List<String> late = parts.writes().late(pull, PendingReviewPublisher.WRITES);
    if (late.isEmpty()) {
      return;
    }
    late.forEach(name -> parts.writes().requireSettled(pull, name));
    String login = bot.login();
    for (PostedReview review :
        github.reviews(pull.repository(), pull.number(), Deadline.after(CALL))) {
      if (review.author().login().equals(login)) {
        clear(pull, review);
      }
    }
  }

  private void clear(PullRef pull, PostedReview review) {
    if (review.state() == PostedReview.State.PENDING) {
      LOG.log(Level.INFO, "event=review.leftover pull={0} review={1,number,#}", pull, review.id());
      remove(pull, review);
    } else {
      markers
          .read(review.body())
          .ifPresent(key -> parts.publications().found(pull, key, review.id(), review.nodeId()));
    }
  }

  private void remove(PullRef pull, PostedReview review) {
    try {
      github.deletePendingReview(
          pull.repository(), pull.number(), review.id(), Deadline.after(Writes.LONGEST));
    } catch (GitHubException.Invalid | GitHubException.NotFound e) {
      LOG.log(Level.INFO, "event=review.pending-gone pull=" + pull, e);
    }
  }
}
