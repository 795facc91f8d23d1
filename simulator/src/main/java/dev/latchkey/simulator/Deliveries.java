package dev.latchkey.simulator;

import java.util.List;
import java.util.UUID;

/// Makes deliveries of the present state, not yet sent.
public final class Deliveries {
  private final SimulatedGitHubOptions options;
  private final GitHubState state;
  private final GitHubJson json;
  private final WebhookPayloads payloads;

  Deliveries(SimulatedGitHubOptions options, GitHubState state, GitHubJson json) {
    this.options = options;
    this.state = state;
    this.json = json;
    this.payloads = new WebhookPayloads(json);
  }

  /// A delivery of any event with a body of the caller's.
  public SimulatedDelivery of(String event, String action, byte[] body) {
    return new SimulatedDelivery(UUID.randomUUID().toString(), event, action, body);
  }

  /// A `pull_request` delivery. That of `edited`, `labeled` and `unlabeled` names what the last
  /// change of title, base or labels changed.
  ///
  /// @param action as GitHub names it: `opened`, `synchronize`, `closed`, …
  public SimulatedDelivery pullRequest(SimulatedRepository repository, int number, String action) {
    synchronized (state) {
      var pullRequest = state.known(repository, number);
      return of("pull_request", action, payloads.pullRequest(pullRequest, action));
    }
  }

  /// An `issue_comment` delivery.
  ///
  /// @param action `created`, `edited` or `deleted`
  public SimulatedDelivery comment(SimulatedRepository repository, long comment, String action) {
    synchronized (state) {
      var pullRequest = state.known(repository).withComment(comment).orElseThrow();
      return of("issue_comment", action, payloads.comment(pullRequest, comment, action));
    }
  }

  /// A `pull_request_review_comment` delivery that one was created.
  public SimulatedDelivery threadComment(SimulatedRepository repository, long comment) {
    synchronized (state) {
      var found = state.known(repository).threadComment(comment).orElseThrow();
      var pullRequest = state.known(repository, found.number());
      return of(
          "pull_request_review_comment", "created", payloads.threadComment(pullRequest, found));
    }
  }

  /// A `check_run` delivery that somebody wants a run again; it names the pull requests of the
  /// commit, unless they come from a fork.
  public SimulatedDelivery rerun(SimulatedRepository repository, SimulatedCheckRun run) {
    return rerun(repository, run, isListed(repository, run.headSha()));
  }

  /// As the other one.
  ///
  /// @param listed whether the payload names the pull request
  public SimulatedDelivery rerun(
      SimulatedRepository repository, SimulatedCheckRun run, boolean listed) {
    synchronized (state) {
      var known = state.known(repository);
      var kept = known.checkRuns().stream().filter(one -> one.run().id() == run.id()).findFirst();
      var form = json.checkRun(kept.orElseThrow(), json.app(options));
      return of("check_run", "rerequested", payloads.rerun(known, form, listed));
    }
  }

  /// A `check_suite` delivery that somebody wants all runs of a commit again; it names the pull
  /// requests of the commit, unless they come from a fork.
  public SimulatedDelivery rerunAll(SimulatedRepository repository, String headSha) {
    synchronized (state) {
      var known = state.known(repository);
      var form = json.checkSuite(repository, headSha, json.app(options));
      var body = payloads.rerunSuite(known, form, isListed(repository, headSha));
      return of("check_suite", "rerequested", body);
    }
  }

  /// An `installation` delivery of the account a repository belongs to.
  ///
  /// @param action `created`, `deleted`, `suspend`, `unsuspend` or `new_permissions_accepted`
  public SimulatedDelivery installation(SimulatedRepository repository, String action) {
    synchronized (state) {
      var all =
          state.repositories().stream()
              .map(GitHubState.RepositoryState::repository)
              .filter(one -> one.installation() == repository.installation())
              .toList();
      var listed =
          action.equals("created") || action.equals("deleted")
              ? all
              : List.<SimulatedRepository>of();
      var form =
          json.installation(
              repository.installation(),
              repository.owner(),
              options,
              state.suspended(repository.installation()).orElse(null));
      return of("installation", action, payloads.installation(action, form, listed));
    }
  }

  /// An `installation_repositories` delivery about a repository.
  ///
  /// @param action `added` or `removed`
  public SimulatedDelivery installationRepositories(SimulatedRepository repository, String action) {
    synchronized (state) {
      var form = json.installation(repository.installation(), repository.owner(), options, null);
      var body = payloads.repositories(action, form, repository);
      return of("installation_repositories", action, body);
    }
  }

  /// A `ping` delivery, as after the webhook was set.
  public SimulatedDelivery ping() {
    return of("ping", "", payloads.ping(options));
  }

  private boolean isListed(SimulatedRepository repository, String headSha) {
    synchronized (state) {
      return state.known(repository).pullRequests().values().stream()
          .filter(pull -> pull.headSha().equals(headSha))
          .allMatch(pull -> Long.valueOf(repository.id()).equals(pull.traits().headRepository()));
    }
  }
}
