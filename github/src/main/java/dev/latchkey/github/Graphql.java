package dev.latchkey.github;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What only GraphQL has: whether a thread is resolved, and hiding a comment.
final class Graphql {
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
                    body pullRequestReview { id }
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
                first
                    .optionalObject("pullRequestReview")
                    .map(review -> review.text("id"))
                    .orElse(""),
                first.textOr("body", "")));
  }
}
