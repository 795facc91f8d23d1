package dev.latchkey.simulator;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The two things which are asked for by GraphQL: a pull request's threads, and to fold something
/// up. A refusal has status 200 and says so under `errors`, as GitHub's does.
final class GraphQlApi {
  private static final int PAGE = 100;

  private final GitHubState state;

  GraphQlApi(GitHubState state) {
    this.state = state;
  }

  /// @param grant of the token it is asked with
  ApiReply serve(AppTokens.Grant grant, ApiCall call) {
    var request = call.json();
    var query = request.requiredText("query");
    var variables = request.object("variables").orElseGet(() -> JsonBody.of("{}"));
    if (query.contains("minimizeComment")) {
      return ApiReply.ok(minimise(grant, variables));
    } else if (query.contains("reviewThreads")) {
      return ApiReply.ok(threads(grant, variables));
    }
    return ApiReply.ok(error("", "Field doesn't exist on type 'Query'"));
  }

  private JsonNode minimise(AppTokens.Grant grant, JsonBody variables) {
    var id = variables.requiredText("id");
    if (!grant.allows("pull_requests", "write")) {
      return error("FORBIDDEN", "Resource not accessible by integration");
    }
    for (var repository : state.repositories()) {
      for (var pullRequest : repository.pullRequests().values()) {
        if (has(pullRequest, id) && grant.repositories().contains(repository.repository().id())) {
          pullRequest.conversation().minimised().add(id);
          var answer = GitHubJson.object();
          answer
              .putObject("data")
              .putObject("minimizeComment")
              .putObject("minimizedComment")
              .put("isMinimized", true);
          return answer;
        }
      }
    }
    return error("NOT_FOUND", "Could not resolve to a node with the global id of '" + id + "'");
  }

  private static boolean has(PullRequestState pullRequest, String id) {
    return pullRequest.reviews().stream()
            .anyMatch(review -> !review.pending() && id.equals("PRR_" + review.id()))
        || pullRequest.conversation().comments().stream()
            .anyMatch(comment -> id.equals("IC_" + comment.id()));
  }

  private JsonNode threads(AppTokens.Grant grant, JsonBody variables) {
    var owner = variables.requiredText("owner");
    var name = variables.requiredText("name");
    var number = variables.number("number").orElseThrow(() -> JsonBody.missing("number"));
    var repository = state.repository(owner, name);
    var pullRequest =
        repository
            .filter(one -> grant.repositories().contains(one.repository().id()))
            .flatMap(one -> Optional.ofNullable(one.pullRequests().get(number)));
    if (pullRequest.isEmpty()) {
      return error("NOT_FOUND", "Could not resolve to a PullRequest with the number of " + number);
    }
    var all =
        pullRequest.get().conversation().threadComments().stream()
            .filter(comment -> comment.inReplyTo() == 0)
            .toList();
    var from = variables.text("after").map(Integer::parseInt).orElse(0);
    var to = Math.min(all.size(), from + PAGE);
    var answer = GitHubJson.object();
    var threads =
        answer
            .putObject("data")
            .putObject("repository")
            .putObject("pullRequest")
            .putObject("reviewThreads");
    threads
        .putObject("pageInfo")
        .put("hasNextPage", to < all.size())
        .put("endCursor", Integer.toString(to));
    var nodes = threads.putArray("nodes");
    all.subList(Math.min(from, to), to).forEach(comment -> thread(nodes.addObject(), comment));
    return answer;
  }

  private static void thread(ObjectNode thread, SimulatedThreadComment comment) {
    thread
        .put("id", "PRRT_" + comment.id())
        .put("isResolved", comment.resolved())
        .put("isOutdated", comment.line() == null);
    var first = thread.putObject("comments").putArray("nodes").addObject();
    first.put("databaseId", comment.id()).put("body", comment.body());
    // GraphQL leaves the `[bot]` off.
    first.putObject("author").put("login", comment.author().replace("[bot]", ""));
    first.putObject("pullRequestReview").put("id", "PRR_" + comment.review());
  }

  private static JsonNode error(String type, String message) {
    var answer = GitHubJson.object();
    answer.putNull("data");
    var error = answer.putArray("errors").addObject().put("message", message);
    if (!type.isEmpty()) {
      error.put("type", type);
    }
    return answer;
  }
}
