package dev.latchkey.simulator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The part of GitHub's GraphQL schema that the simulation knows: each type's fields with what they
/// are, each field's arguments.
final class GraphQlSchema {
  private static final String SCALAR = "";

  private static final Map<String, Map<String, String>> TYPES =
      Map.ofEntries(
          Map.entry("Query", Map.of("repository", "Repository")),
          Map.entry("Mutation", Map.of("minimizeComment", "MinimizeCommentPayload")),
          Map.entry(
              "Repository",
              Map.of("id", SCALAR, "nameWithOwner", SCALAR, "pullRequest", "PullRequest")),
          Map.entry(
              "PullRequest",
              Map.of(
                  "id",
                  SCALAR,
                  "number",
                  SCALAR,
                  "headRefOid",
                  SCALAR,
                  "reviewThreads",
                  "PullRequestReviewThreadConnection")),
          Map.entry("PullRequestReviewThreadConnection", paged("PullRequestReviewThread")),
          Map.entry("PageInfo", scalars("hasNextPage", "endCursor")),
          Map.entry(
              "PullRequestReviewThread",
              Map.of(
                  "id",
                  SCALAR,
                  "isResolved",
                  SCALAR,
                  "isOutdated",
                  SCALAR,
                  "path",
                  SCALAR,
                  "line",
                  SCALAR,
                  "comments",
                  "PullRequestReviewCommentConnection")),
          Map.entry("PullRequestReviewCommentConnection", paged("PullRequestReviewComment")),
          Map.entry(
              "PullRequestReviewComment",
              Map.of(
                  "id",
                  SCALAR,
                  "databaseId",
                  SCALAR,
                  "body",
                  SCALAR,
                  "createdAt",
                  SCALAR,
                  "isMinimized",
                  SCALAR,
                  "author",
                  "Actor",
                  "pullRequestReview",
                  "PullRequestReview")),
          Map.entry("Actor", scalars("login")),
          Map.entry("PullRequestReview", scalars("id", "databaseId", "body", "isMinimized")),
          Map.entry(
              "MinimizeCommentPayload",
              Map.of("clientMutationId", SCALAR, "minimizedComment", "Minimizable")),
          Map.entry("Minimizable", scalars("isMinimized", "minimizedReason")));

  private static final Map<String, Set<String>> ARGUMENTS =
      Map.of(
          "Query.repository", Set.of("owner", "name"),
          "Repository.pullRequest", Set.of("number"),
          "PullRequest.reviewThreads", Set.of("first", "after"),
          "PullRequestReviewThread.comments", Set.of("first"),
          "Mutation.minimizeComment", Set.of("input"));

  /// Those without which a field can't be asked for.
  private static final Map<String, List<String>> REQUIRED =
      Map.of(
          "Query.repository", List.of("owner", "name"),
          "Repository.pullRequest", List.of("number"),
          "Mutation.minimizeComment", List.of("input"));

  private GraphQlSchema() {}

  /// @throws GraphQlError if a field or an argument is unknown, or one is missing
  static void require(GraphQlParser.Operation operation) {
    require(operation.mutation() ? "Mutation" : "Query", operation.fields());
  }

  private static void require(String type, List<GraphQlField> fields) {
    for (var field : fields) {
      var place = type + "." + field.name();
      var result = TYPES.getOrDefault(type, Map.of()).get(field.name());
      if (result == null) {
        throw GraphQlError.invalid(
            "undefinedField", "Field '" + field.name() + "' doesn't exist on type '" + type + "'");
      }
      requireArguments(place, field);
      if (result.isEmpty() != field.fields().isEmpty()) {
        throw GraphQlError.invalid(
            "selectionMismatch",
            result.isEmpty()
                ? "Selections can't be made on scalars (field '" + field.name() + "')"
                : "Field must have selections (field '"
                    + field.name()
                    + "' returns "
                    + result
                    + ")");
      }
      require(result, field.fields());
    }
  }

  private static void requireArguments(String place, GraphQlField field) {
    for (var argument : field.arguments().keySet()) {
      if (!ARGUMENTS.getOrDefault(place, Set.of()).contains(argument)) {
        throw GraphQlError.invalid(
            "argumentNotAccepted",
            "Field '" + field.name() + "' doesn't accept argument '" + argument + "'");
      }
    }
    for (var argument : REQUIRED.getOrDefault(place, List.of())) {
      if (!field.arguments().containsKey(argument)) {
        throw GraphQlError.invalid(
            "missingRequiredArguments",
            "Field '" + field.name() + "' is missing required arguments: " + argument);
      }
    }
  }

  private static Map<String, String> paged(String node) {
    return Map.of("nodes", node, "pageInfo", "PageInfo", "totalCount", SCALAR);
  }

  private static Map<String, String> scalars(String first, String... more) {
    var all = new HashMap<String, String>();
    all.put(first, SCALAR);
    for (var name : more) {
      all.put(name, SCALAR);
    }
    return Map.copyOf(all);
  }
}
