package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.PullRequest;
import dev.latchkey.github.RepositoryRef;
import dev.latchkey.github.WebhookEvent;
import dev.latchkey.inbox.Handler;
import dev.latchkey.inbox.NewWork;
import dev.latchkey.inbox.Outcome;
import dev.latchkey.inbox.Task;
import dev.latchkey.kv.Codec;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Begins a new round where somebody asked GitHub to run our check again.
final class Reruns implements Handler {

  static final String KIND = "rerun";

  private static final Logger LOG = System.getLogger(Reruns.class.getName());
  private static final Duration CALL = Duration.ofSeconds(60);
  private static final Codec<String> TEXT = Codec.text();

  private final GitHub github;
  private final Wishes wishes;
  private final Publications publications;
  private final CheckRuns checks;
  private final Asks asks;

  /// What was asked for.
  ///
  /// @param pulls as the event names them: none for a fork's
  private record Rerun(
      RepositoryRef repository, String head, String externalId, List<Integer> pulls) {}

  Reruns(GitHub github, Wishes wishes, Publications publications, CheckRuns checks, Asks asks) {
    this.github = github;
    this.wishes = wishes;
    this.publications = publications;
    this.checks = checks;
    this.asks = asks;
  }

  /// @param delivery its id: each delivery is a wish of its own
  static NewWork work(WebhookEvent.CheckEvent event, String delivery) {
    Rerun rerun =
        new Rerun(event.repository(), event.headSha(), event.externalId(), event.pullRequests());
    return NewWork.of(KIND, "reruns/" + event.repository().id(), "rerun " + delivery)
        .withSubject(Json.write(rerun));
  }

  @Override
  public Outcome handle(Task task) {
    Rerun rerun = Json.read(task.subject(), Rerun.class);
    List<Integer> found = new ArrayList<>();
    for (int number : numbers(rerun)) {
      PullRef pull = new PullRef(rerun.repository(), number);
      PullRequest now;
      try {
        now = github.pullRequest(pull.repository(), number, deadline());
      } catch (GitHubException.NotFound e) {
        // The event may name pull requests of other repositories.
        LOG.log(Level.INFO, "event=rerun.passed-over pull=" + pull, e);
        continue;
      }
      if (now.state() == PullRequest.State.OPEN && now.headSha().equals(rerun.head())) {
        ReviewKey key = ReviewKey.of(pull, now, wishes);
        // What has no review yet gets its first one.
        boolean reviewed = publications.find(pull, key.hash()).isPresent();
        var _ =
            task.step(
                "round",
                pull.lane(),
                TEXT,
                now::headSha,
                head -> {
                  wishes.ask(pull, head, now.baseRef());
                  if (reviewed) {
                    wishes.nextRound(pull, head, now.baseRef());
                  }
                });
        found.add(number);
      }
      asks.see("rerun/" + task.id() + "/" + number, pull, true);
    }
    return Outcome.done(found.isEmpty() ? "no open pull request has that head" : "for " + found);
  }

  /// By our own check run, else as the event says, else as GitHub finds them by the head.
  private List<Integer> numbers(Rerun rerun) {
    List<Integer> ours = checks.pull(rerun.externalId()).map(PullRef::number).stream().toList();
    if (!ours.isEmpty()) {
      return ours;
    }
    return rerun.pulls().isEmpty()
        ? github.pullRequestsOf(rerun.repository(), rerun.head(), deadline())
        : rerun.pulls();
  }

  private static Deadline deadline() {
    return Deadline.after(CALL);
  }
}
