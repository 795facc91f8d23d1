package dev.latchkey.simulator;

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
    if (action.equals("synchronize")) {
      payload.put("before", pullRequest.previousHead());
      payload.put("after", pullRequest.headSha());
    }
    return finished(payload, pullRequest.repository(), pullRequest.change().author());
  }

  byte[] comment(PullRequestState pullRequest, long id, String action) {
    var comment =
        pullRequest.conversation().comments().stream()
            .filter(one -> one.id() == id)
            .findFirst()
            .orElseThrow();
    var payload = GitHubJson.object().put("action", action);
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
    if (listed) {
      var pulls = run.putArray("pull_requests");
      var head = run.get("head_sha").stringValue();
      repository.pullRequests().values().stream()
          .filter(pull -> pull.headSha().equals(head))
          .forEach(pull -> pulls.addObject().put("number", pull.number()));
    }
    var payload = GitHubJson.object().put("action", "rerequested");
    payload.set("check_run", run);
    return finished(payload, repository.repository(), "octocat");
  }

  private byte[] finished(ObjectNode payload, SimulatedRepository repository, String sender) {
    payload.set("repository", json.repository(repository));
    payload.set("sender", json.user(sender, "User"));
    payload.putObject("installation").put("id", repository.installation());
    return JSON.writeValueAsBytes(payload);
  }
}
