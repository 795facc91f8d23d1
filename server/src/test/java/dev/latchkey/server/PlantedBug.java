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
import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
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
        (parts, terms) ->
            switch (this) {
              case NONE -> new Reviewing(parts, terms);
              case MARK_BEFORE_WORK -> markFirst(parts, terms);
              case POST_WITHOUT_LOOKING -> new Reviewing(blind(parts), terms);
            });
  }

  private static Handler markFirst(Reviewing.Parts parts, Reviewing.Terms terms) {
    Handler real = new Reviewing(parts, terms);
    Store<String> marks =
        parts.posting().database().store(StoreSpec.of("planted_marks", Codec.text()));
    return task -> {
      PullRef pull = Json.read(task.subject(), PullRef.class);
      PullRequest now =
          parts.posting().github().pullRequest(pull.repository(), pull.number(), deadline());
      if (!marks.putIfAbsent(pull.lane() + "/" + now.headSha(), "")) {
        return Outcome.done("marked");
      }
      return real.handle(task);
    };
  }

  private static Reviewing.Parts blind(Reviewing.Parts parts) {
    GitHub github = parts.posting().github();
    Publisher blind =
        (pull, key, draft) -> {
          dropPending(github, pull);
          PostedReview review =
              github.createPendingReview(
                  pull.repository(),
                  pull.number(),
                  new NewReview(key.head(), draft.summary(), draft.comments()),
                  deadline());
          return github.submitReview(
              pull.repository(), pull.number(), ReviewSubmission.of(review.id()), deadline());
        };
    return new Reviewing.Parts(
        parts.posting(),
        parts.publications(),
        parts.wishes(),
        parts.gate(),
        parts.snapshots(),
        parts.questions(),
        blind,
        parts.checks(),
        parts.refusals(),
        parts.aftermath());
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
