package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.PullRequest;
import dev.latchkey.github.RepositoryRef;
import dev.latchkey.inbox.WorkState;
import dev.latchkey.inbox.WorkView;
import dev.latchkey.server.web.Asked;
import dev.latchkey.server.web.Asking;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.UUID;

/// Does what the operator asks of pull requests.
final class Operator implements Asking {

  private static final Logger LOG = System.getLogger(Operator.class.getName());
  private static final Duration CALL = Duration.ofSeconds(30);

  private final GitHub github;
  private final Settings.App app;
  private final Wishes wishes;
  private final Publications publications;
  private final Asks asks;

  Operator(GitHub github, Settings.App app, Wishes wishes, Publications publications, Asks asks) {
    this.github = github;
    this.app = app;
    this.wishes = wishes;
    this.publications = publications;
    this.asks = asks;
  }

  @Override
  public Asked ask(String owner, String repo, int number, boolean newRound) {
    if (!app.serves(owner)) {
      return new Asked.Refused("The owner is none whose repositories are reviewed.");
    }
    try {
      RepositoryRef repository = github.repository(owner, repo, deadline());
      PullRef pull = new PullRef(repository, number);
      PullRequest now = github.pullRequest(repository, number, deadline());
      if (now.state() == PullRequest.State.CLOSED) {
        return new Asked.Refused("The pull request is closed.");
      }
      ReviewKey key = ReviewKey.of(pull, now, wishes);
      boolean reviewed = publications.find(pull, key.hash()).isPresent();
      if (reviewed && !newRound) {
        return new Asked.Refused("Its head is reviewed already; ask for a new round.");
      }
      wishes.ask(pull, now.headSha(), now.baseRef());
      if (reviewed) {
        wishes.nextRound(pull, now.headSha(), now.baseRef());
      }
      asks.see("operator/" + UUID.randomUUID(), pull, true);
      return new Asked.Accepted("It is seen to as soon as limits allow.");
    } catch (GitHubException.NotFound e) {
      return new Asked.Unknown("There is no such pull request, or the App may not see it.");
    } catch (GitHubException e) {
      return new Asked.Refused("GitHub can't be asked about it now; the log says why.");
    }
  }

  @Override
  public void replaying(WorkView work) {
    if (!work.kind().equals(ReviewWorks.KIND) || work.state() != WorkState.DONE) {
      return;
    }
    PullRef pull = Json.read(work.subject(), PullRef.class);
    try {
      PullRequest now = github.pullRequest(pull.repository(), pull.number(), deadline());
      ReviewKey key = ReviewKey.of(pull, now, wishes);
      if (publications.find(pull, key.hash()).isPresent()) {
        wishes.nextRound(pull, now.headSha(), now.baseRef());
      }
    } catch (GitHubException e) {
      LOG.log(Level.WARNING, "event=replay.same-round pull=" + pull, e);
    }
  }

  private static Deadline deadline() {
    return Deadline.after(CALL);
  }
}
