package dev.latchkey.simulator;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The bodies of deliveries, as "Webhook events and payloads" has them.
final class WebhookPayloads {
  private static final JsonMapper JSON = new JsonMapper();

  private final GitHubJson json;

  WebhookPayloads(GitHubJson json) {
    this.json = json;
  }

  byte[] pullRequest(PullRequestState pullRequest, String action) {
    var payload = GitHubJson.object().put("action", action);
    payload.put("number", pullRequest.number());
    payload.set("pull_request", json.pullRequest(pullRequest));
    switch (action) {
      case "synchronize" -> {
        payload.put("before", pullRequest.previousHead());
        payload.put("after", pullRequest.headSha());
      }
      case "edited" -> payload.set("changes", changes(pullRequest));
      case "labeled" ->
          added(pullRequest.earlierTraits(), pullRequest.traits())
              .ifPresent(name -> payload.set("label", GitHubJson.label(name)));
      case "unlabeled" ->
          added(pullRequest.traits(), pullRequest.earlierTraits())
              .ifPresent(name -> payload.set("label", GitHubJson.label(name)));
      default -> {}
    }
    return finished(payload, pullRequest.repository(), pullRequest.change().author());
  }

  /// What the last change of title or base changed.
  private static ObjectNode changes(PullRequestState pullRequest) {
    var earlier = pullRequest.earlierTraits();
    var changes = GitHubJson.object();
    if (!earlier.title().equals(pullRequest.traits().title())) {
      changes.putObject("title").put("from", earlier.title());
    }
    if (!earlier.baseRef().equals(pullRequest.traits().baseRef())) {
      var base = changes.putObject("base");
      base.putObject("ref").put("from", earlier.baseRef());
      base.putObject("sha").put("from", pullRequest.change().baseSha());
    }
    return changes;
  }

  private static Optional<String> added(SimulatedTraits before, SimulatedTraits after) {
    return after.labels().stream().filter(name -> !before.labels().contains(name)).findFirst();
  }

  byte[] comment(PullRequestState pullRequest, long id, String action) {
    var comment = pullRequest.conversation().comment(id).orElseThrow();
    var payload = GitHubJson.object().put("action", action);
    if (action.equals("edited")) {
      var changes = payload.putObject("changes");
      pullRequest
          .conversation()
          .earlierBody(id)
          .ifPresent(body -> changes.putObject("body").put("from", body));
    }
    payload.set("issue", json.issue(pullRequest));
    payload.set("comment", json.issueComment(pullRequest.repository(), comment));
    return finished(payload, pullRequest.repository(), comment.author());
  }

  byte[] threadComment(PullRequestState pullRequest, SimulatedThreadComment comment) {
    var payload = GitHubJson.object().put("action", "created");
    payload.set("comment", json.threadComment(pullRequest.repository(), comment));
    payload.set("pull_request", json.pullRequest(pullRequest));
    return finished(payload, pullRequest.repository(), comment.author());
  }

  byte[] rerun(GitHubState.RepositoryState repository, ObjectNode run, boolean listed) {
    list(repository, run, listed);
    var payload = GitHubJson.object().put("action", "rerequested");
    payload.set("check_run", run);
    return finished(payload, repository.repository(), "octocat");
  }

  byte[] rerunSuite(GitHubState.RepositoryState repository, ObjectNode suite, boolean listed) {
    list(repository, suite, listed);
    var payload = GitHubJson.object().put("action", "rerequested");
    payload.set("check_suite", suite);
    return finished(payload, repository.repository(), "octocat");
  }

  private void list(GitHubState.RepositoryState repository, ObjectNode check, boolean listed) {
    if (listed) {
      var pulls = check.putArray("pull_requests");
      var head = check.get("head_sha").stringValue();
      repository.pullRequests().values().stream()
          .filter(pull -> pull.headSha().equals(head))
          .forEach(pull -> pulls.add(json.pullRequestOfCheck(pull)));
    }
  }

  byte[] installation(String action, ObjectNode installation, List<SimulatedRepository> all) {
    var payload = GitHubJson.object().put("action", action);
    payload.set("installation", installation);
    var list = payload.putArray("repositories");
    all.forEach(repository -> list.add(brief(repository)));
    return finished(payload);
  }

  /// @param action `added` or `removed`
  byte[] repositories(String action, ObjectNode installation, SimulatedRepository repository) {
    var payload = GitHubJson.object().put("action", action);
    payload.set("installation", installation);
    payload.put("repository_selection", "selected");
    var added = payload.putArray("repositories_added");
    var removed = payload.putArray("repositories_removed");
    (action.equals("added") ? added : removed).add(brief(repository));
    return finished(payload);
  }

  byte[] ping(SimulatedGitHubOptions options) {
    var payload =
        GitHubJson.object()
            .put("zen", "Keep it logically awesome.")
            .put("hook_id", Long.parseLong("500" + options.appId()));
    payload
        .putObject("hook")
        .put("type", "App")
        .put("id", Long.parseLong("500" + options.appId()))
        .put("active", true)
        .put("app_id", Long.parseLong(options.appId()));
    return JSON.writeValueAsBytes(payload);
  }

  private static ObjectNode brief(SimulatedRepository repository) {
    return GitHubJson.object()
        .put("id", repository.id())
        .put("node_id", "R_" + repository.id())
        .put("name", repository.name())
        .put("full_name", repository.fullName())
        .put("private", false);
  }

  private byte[] finished(ObjectNode payload) {
    payload.set("sender", json.user("octocat", "User"));
    return JSON.writeValueAsBytes(payload);
  }

  private byte[] finished(ObjectNode payload, SimulatedRepository repository, String sender) {
    payload.set("repository", json.repository(repository));
    payload.set("sender", json.user(sender, sender.endsWith("[bot]") ? "Bot" : "User"));
    payload.putObject("installation").put("id", repository.installation());
    return JSON.writeValueAsBytes(payload);
  }
}
