package dev.latchkey.github;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What REST doesn't have: the threads of a pull request, and minimising.
///
/// GraphQL answers with status 200 also when it refuses, and says so under `errors`.
final class GraphQl {
  private static final String THREADS =
      """
      query($owner: String!, $name: String!, $number: Int!, $after: String) {
        repository(owner: $owner, name: $name) {
          pullRequest(number: $number) {
            reviewThreads(first: 100, after: $after) {
              pageInfo { hasNextPage endCursor }
              nodes {
                id isResolved isOutdated
                comments(first: 1) {
                  nodes { databaseId body author { login } pullRequestReview { id } }
                }
              }
            }
          }
        }
      }
      """;
  private static final String MINIMIZE =
      """
      mutation($id: ID!) {
        minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) {
          minimizedComment { isMinimized }
        }
      }
      """;
  private static final int MAX_WORDS = 300;

  private GraphQl() {}

  /// A page of threads.
  ///
  /// @param next null if it is the last
  record Threads(List<ReviewThread> threads, @Nullable String next) {}

  static Request threads(RepositoryRef repository, int number, @Nullable String after) {
    ObjectNode body = Json.object().put("query", THREADS);
    body.putObject("variables")
        .put("owner", repository.owner())
        .put("name", repository.name())
        .put("number", number)
        .put("after", after);
    return Request.query(body);
  }

  static Threads threads(Fields answer) {
    Fields threads =
        answer.object("data").object("repository").object("pullRequest").object("reviewThreads");
    Fields page = threads.object("pageInfo");
    return new Threads(
        threads.list("nodes").stream().map(Readings::thread).toList(),
        page.flag("hasNextPage") ? page.text("endCursor") : null);
  }

  static Request minimize(String nodeId) {
    ObjectNode body = Json.object().put("query", MINIMIZE);
    body.putObject("variables").put("id", nodeId);
    return Request.mutation(body);
  }

  /// Whether it is folded up now.
  static boolean minimized(Fields answer) {
    return answer
        .object("data")
        .object("minimizeComment")
        .object("minimizedComment")
        .flag("isMinimized");
  }

  /// @throws GitHubException if the answer holds errors
  static void requireNoErrors(Request request, Fields answer, Instant now) {
    if (!answer.node().path("errors").isArray() || answer.node().path("errors").isEmpty()) {
      return;
    }
    Fields error = answer.list("errors").getFirst();
    String said = error.textOr("message", "no reason given").replaceAll("\\p{Cntrl}+", " ");
    String words = said.length() <= MAX_WORDS ? said : said.substring(0, MAX_WORDS) + "…";
    String message = request + ": " + words;
    throw switch (error.textOr("type", "").toUpperCase(Locale.ROOT)) {
      case "NOT_FOUND" -> new GitHubException.NotFound(message);
      case "FORBIDDEN", "INSUFFICIENT_SCOPES" -> new GitHubException.Forbidden(message);
      case "RATE_LIMITED" -> new GitHubException.RateLimited(message, now.plus(Refusal.A_MINUTE));
      default -> new GitHubException.Invalid(message, 200, List.of(words));
    };
  }
}
