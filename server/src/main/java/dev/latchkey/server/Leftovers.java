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
  private final Writes writes;
  private final Summaries summaries;
  private final CheckRuns checks;
  private final Replies replies;
  private final BotLogin bot;

  Leftovers(
      Posting posting, Writes writes, Summaries summaries, CheckRuns checks, Replies replies) {
    this.github = posting.github();
    this.writes = writes;
    this.summaries = summaries;
    this.checks = checks;
    this.replies = replies;
    this.bot = posting.bot();
  }

  /// Looks, if a write may come late or have come late.
  ///
  /// @throws Writes.NotSettled if it is too early to look for a review
  void remove(PullRef pull) {
    List<String> reviews = writes.late(pull, PendingReviewPublisher.WRITES);
    if (!reviews.isEmpty()) {
      reviews.forEach(name -> writes.requireSettled(pull, name));
      removePending(pull);
    }
    summaries.repair(pull);
    checks.repair(pull);
    replies.repair(pull);
  }

  private void removePending(PullRef pull) {
    String login = bot.login();
    for (PostedReview review :
        github.reviews(pull.repository(), pull.number(), Deadline.after(CALL))) {
      if (review.state() == PostedReview.State.PENDING && review.author().login().equals(login)) {
        LOG.log(
            Level.INFO, "event=review.leftover pull={0} review={1,number,#}", pull, review.id());
        remove(pull, review);
      }
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
