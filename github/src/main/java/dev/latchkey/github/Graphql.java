package dev.latchkey.github;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What only GraphQL has: whether a thread is resolved, and hiding a comment.
final class Graphql {
  /// `databaseId` has 32 bits, which the numbers of comments have outgrown.
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
                  nodes {
                    fullDatabaseId body
                    author { __typename login }
                    pullRequestReview { id }
                  }
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

  private Graphql() {}

  /// @param next the cursor of the next page; empty on the last one
  record ThreadPage(List<ReviewThread> threads, Optional<String> next) {}

  static Request threads(RepositoryRef repository, int number, @Nullable String after) {
    ObjectNode body = Json.object().put("query", THREADS);
    body.putObject("variables")
        .put("owner", repository.owner())
        .put("name", repository.name())
        .put("number", number)
        .put("after", after);
    return Request.query(body);
  }

  static Request minimize(String nodeId) {
    ObjectNode body = Json.object().put("query", MINIMIZE);
    body.putObject("variables").put("id", nodeId);
    return Request.mutation(body);
  }

  /// That it was done.
  static boolean minimized(Fields answer) {
    answer.object("minimizeComment");
    return true;
  }

  static ThreadPage threadPage(Fields answer) {
    Fields threads = answer.object("repository").object("pullRequest").object("reviewThreads");
    Fields page = threads.object("pageInfo");
    return new ThreadPage(
        threads.list("nodes").stream().map(Graphql::thread).flatMap(Optional::stream).toList(),
        page.flag("hasNextPage") ? Optional.of(page.text("endCursor")) : Optional.empty());
  }

  /// Empty for one whose comments are all deleted.
  private static Optional<ReviewThread> thread(Fields thread) {
    return thread.object("comments").list("nodes").stream()
        .findFirst()
        .map(first ->
            new ReviewThread(
                thread.text("id"),
                thread.flag("isResolved"),
                thread.flag("isOutdated"),
                commentId(first.node()),
                first
                    .optionalObject("pullRequestReview")
                    .map(review -> review.text("id"))
                    .orElse(""),
                first.optionalObject("author").map(Graphql::login).orElse(Account.GHOST.login()),
                first.textOr("body", "")));
  }

  /// A BigInt comes as a text.
  private static long commentId(JsonNode comment) {
    JsonNode id = comment.path("fullDatabaseId");
    try {
      return id.isString() ? Long.parseLong(id.stringValue()) : number(comment);
    } catch (NumberFormatException e) {
      throw new Fields.Unreadable("fullDatabaseId is no whole number");
    }
  }

  private static long number(JsonNode comment) {
    String name = comment.path("fullDatabaseId").isNumber() ? "fullDatabaseId" : "databaseId";
    return new Fields(comment).number(name);
  }

  /// GraphQL leaves out what REST ends the login of an App's user with.
  private static String login(Fields author) {
    String login = author.text("login");
    boolean bot = author.textOr("__typename", "").equals("Bot");
    return bot && !login.endsWith("[bot]") ? login + "[bot]" : login;
  }
}
