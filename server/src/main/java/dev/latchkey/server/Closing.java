package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.PullRequest;
import dev.latchkey.inbox.Handler;
import dev.latchkey.inbox.NewWork;
import dev.latchkey.inbox.Outcome;
import dev.latchkey.inbox.Task;
import java.time.Duration;

/// Ends what was begun for a pull request that was closed, or given up. The news of it may be late:
/// one that is open is seen to instead.
final class Closing implements Handler {

  static final String KIND = "closing";

  private static final Duration CALL = Duration.ofSeconds(60);

  private final Parts parts;
  private final Leftovers leftovers;
  private final Asks asks;

  /// What is known of the pull request.
  record Parts(
      GitHub github,
      Publications publications,
      Wishes wishes,
      Refusals refusals,
      CheckRuns checks) {}

  Closing(Parts parts, Leftovers leftovers, Asks asks) {
    this.parts = parts;
    this.leftovers = leftovers;
    this.asks = asks;
  }

  static NewWork work(PullRef pull) {
    return NewWork.of(KIND, pull.lane()).withSubject(Json.write(pull));
  }

  @Override
  public Outcome handle(Task task) {
    PullRef pull = Json.read(task.subject(), PullRef.class);
    PullRequest now =
        parts.github().pullRequest(pull.repository(), pull.number(), Deadline.after(CALL));
    if (now.state() == PullRequest.State.OPEN && isGivenUp(pull, now)) {
      leftovers.remove(pull);
      return Outcome.done("the review of its head was given up");
    } else if (now.state() == PullRequest.State.OPEN) {
      asks.see("closing/" + task.id(), pull, false);
      return Outcome.done("the pull request is open");
    }
    leftovers.remove(pull);
    String reason = now.merged() ? "the pull request was merged" : "the pull request is closed";
    parts.checks().endOthers(pull, null, reason, key -> parts.publications().find(pull, key));
    return Outcome.done(reason);
  }

  private boolean isGivenUp(PullRef pull, PullRequest now) {
    ReviewKey key = ReviewKey.of(pull, now, parts.wishes());
    return parts.refusals().of(pull, key).filter(Refusals.Refusal::lasting).isPresent();
  }
}
