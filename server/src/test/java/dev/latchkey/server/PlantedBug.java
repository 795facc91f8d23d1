package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.NewReview;
import dev.latchkey.github.PostedReview;
import dev.latchkey.github.PullRequest;
import dev.latchkey.github.ReviewSubmission;
import dev.latchkey.inbox.Handler;
import dev.latchkey.inbox.InboxListener;
import dev.latchkey.inbox.Outcome;
import java.time.Duration;
import java.util.List;

/// Mistakes which a bot of this kind is likely to make. The crash harness must find each.
enum PlantedBug {
  NONE,
  /// Remembers that a head is dealt with before it is.
  MARK_BEFORE_WORK,
  /// Posts the review without looking whether it is there already.
  POST_WITHOUT_LOOKING;

  App.Seams seams(InboxListener listener) {
    return new App.Seams(
        listener,
        parts ->
            switch (this) {
              case NONE -> parts.reviewing();
              case MARK_BEFORE_WORK -> markFirst(parts);
              case POST_WITHOUT_LOOKING -> postBlindly(parts);
            });
  }

  private static Handler markFirst(App.Parts parts) {
    Handler real = parts.reviewing();
    return task -> {
      PullRef pull = Json.read(task.subject(), PullRef.class);
      PullRequest now = parts.github().pullRequest(pull.repository(), pull.number(), deadline());
      ReviewKey mark =
          new ReviewKey(pull.repository().id(), pull.number(), now.headSha(), "mark", 1);
      if (parts.publications().find(mark).isPresent()) {
        return Outcome.done("marked");
      }
      parts
          .publications()
          .published(
              mark,
              new Publications.Publication(pull.toString(), now.headSha(), 0, "", false, true));
      return real.handle(task);
    };
  }

  private static Handler postBlindly(App.Parts parts) {
    GitHub github = parts.github();
    Publisher blind =
        (pull, key, draft) -> {
          dropPending(github, pull);
          PostedReview review =
              github.createPendingReview(
                  pull.repository(),
                  pull.number(),
                  new NewReview(key.head(), draft.summary(), draft.comments()),
                  deadline());
          github.submitReview(
              pull.repository(), pull.number(), ReviewSubmission.of(review.id()), deadline());
          return review.id();
        };
    return new App.Parts(github, parts.publications(), blind, parts.questions(), parts.terms())
        .reviewing();
  }

  private static void dropPending(GitHub github, PullRef pull) throws GitHubException {
    List<PostedReview> reviews = github.reviews(pull.repository(), pull.number(), deadline());
    for (PostedReview review : reviews) {
      if (review.state() == PostedReview.State.PENDING) {
        github.deletePendingReview(pull.repository(), pull.number(), review.id(), deadline());
      }
    }
  }

  private static Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(30));
  }
}
