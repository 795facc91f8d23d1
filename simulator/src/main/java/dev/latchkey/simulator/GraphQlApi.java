package dev.latchkey.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The two things which are asked for by GraphQL: a pull request's threads, and to fold something
/// up (GitHub, "GraphQL API"). A refusal has status 200 and says so under `errors`.
final class GraphQlApi {
  private static final int LARGEST_PAGE = 100;
  private static final Set<String> CLASSIFIERS =
      Set.of("ABUSE", "DUPLICATE", "OFF_TOPIC", "OUTDATED", "RESOLVED", "SPAM");

  private final GitHubState state;

  GraphQlApi(GitHubState state) {
    this.state = state;
  }

  /// @param grant of the token it is asked with
  ApiReply serve(AppTokens.Grant grant, ApiCall call) {
    var request = call.json();
    if (!request.has("query")) {
      throw ApiError.badRequest("A query attribute must be specified and must be a string.");
    }
    var answer = GitHubJson.object();
    try {
      var operation = GraphQlParser.parse(request.requiredText("query"), request.node("variables"));
      GraphQlSchema.require(operation);
      answer(grant, operation, answer);
    } catch (GraphQlError e) {
      answer.removeAll();
      answer.putArray("errors").add(e.json(""));
    }
    return ApiReply.ok(answer);
  }

  private void answer(AppTokens.Grant grant, GraphQlParser.Operation operation, ObjectNode into) {
    var found = into.putObject("data");
    var errors = JsonNodeFactory.instance.arrayNode();
    for (var field : operation.fields()) {
      try {
        found.set(
            field.alias(),
            operation.mutation() ? minimise(grant, field) : repository(grant, field));
      } catch (GraphQlError e) {
        if (e.isOfQuery()) {
          throw e;
        }
        found.putNull(field.alias());
        errors.add(e.json(field.alias()));
      }
    }
    if (!errors.isEmpty()) {
      into.set("errors", errors);
    }
  }

  private JsonNode minimise(AppTokens.Grant grant, GraphQlField field) {
    var input = field.arguments().get("input");
    var id = input == null ? "" : input.path("subjectId").asString("");
    var classifier = input == null ? "" : input.path("classifier").asString("");
    if (id.isEmpty() || !CLASSIFIERS.contains(classifier)) {
      throw GraphQlError.invalid(
          "argumentLiteralsIncompatible",
          "Argument 'input' on Field 'minimizeComment' has an invalid value. Expected type"
              + " 'MinimizeCommentInput!'.");
    }
    var where =
        state.repositories().stream()
            .flatMap(repository -> repository.pullRequests().values().stream())
            .filter(pull -> grant.repositories().contains(pull.repository().id()))
            .filter(pull -> has(pull, id))
            .findFirst()
            .orElseThrow(() ->
                GraphQlError.notFound(
                    "Could not resolve to a node with the global id of '" + id + "'"));
    if (!grant.allows("pull_requests", "write")) {
      throw GraphQlError.forbidden();
    }
    where.conversation().minimised().add(id);
    return selected(
        field,
        part ->
            part.name().equals("minimizedComment")
                ? selected(
                    part,
                    of(
                        GitHubJson.object()
                            .put("isMinimized", true)
                            .put("minimizedReason", classifier.toLowerCase(Locale.ROOT))))
                : JsonNodeFactory.instance.nullNode());
  }

  private static boolean has(PullRequestState pullRequest, String id) {
    var conversation = pullRequest.conversation();
    return pullRequest.reviews().stream()
            .anyMatch(review -> !review.pending() && id.equals("PRR_" + review.id()))
        || conversation.comments().stream().anyMatch(one -> id.equals("IC_" + one.id()))
        || conversation.threadComments().stream().anyMatch(one -> id.equals("PRRC_" + one.id()));
  }

  private JsonNode repository(AppTokens.Grant grant, GraphQlField field) {
    var owner = field.text("owner").orElseThrow();
    var name = field.text("name").orElseThrow();
    var found =
        state
            .repository(owner, name)
            .filter(one -> grant.repositories().contains(one.repository().id()))
            .orElseThrow(() ->
                GraphQlError.notFound(
                    "Could not resolve to a Repository with the name '%s/%s'."
                        .formatted(owner, name)));
    var own =
        GitHubJson.object()
            .put("id", "R_" + found.repository().id())
            .put("nameWithOwner", found.repository().fullName());
    return selected(
        field,
        part ->
            part.name().equals("pullRequest") ? pull(grant, found, part) : own.get(part.name()));
  }

  private JsonNode pull(
      AppTokens.Grant grant, GitHubState.RepositoryState repository, GraphQlField field) {
    if (!grant.allows("pull_requests", "read")) {
      throw GraphQlError.forbidden();
    }
    var number = field.number("number").orElse(0);
    var found =
        Optional.ofNullable(repository.pullRequests().get(number))
            .orElseThrow(() ->
                GraphQlError.notFound(
                    "Could not resolve to a PullRequest with the number of " + number + "."));
    var own =
        GitHubJson.object()
            .put("id", "PR_" + repository.repository().id() + "_" + number)
            .put("number", number)
            .put("headRefOid", found.headSha());
    return selected(
        field,
        part -> part.name().equals("reviewThreads") ? threads(found, part) : own.get(part.name()));
  }

  private static JsonNode threads(PullRequestState pullRequest, GraphQlField field) {
    var all =
        pullRequest.conversation().threadComments().stream()
            .filter(comment -> comment.inReplyTo() == 0)
            .toList();
    return page(all, field, (comment, part) -> thread(pullRequest, comment, part));
  }

  private static JsonNode thread(
      PullRequestState pullRequest, SimulatedThreadComment first, GraphQlField field) {
    var own =
        GitHubJson.object()
            .put("id", "PRRT_" + first.id())
            .put("isResolved", first.resolved())
            .put("isOutdated", first.line() == null)
            .put("path", first.path())
            .put("line", first.line());
    var comments =
        pullRequest.conversation().threadComments().stream()
            .filter(one -> one.id() == first.id() || one.inReplyTo() == first.id())
            .toList();
    return selected(
        field,
        part ->
            part.name().equals("comments")
                ? page(comments, part, (one, inner) -> comment(pullRequest, one, inner))
                : own.get(part.name()));
  }

  private static JsonNode comment(
      PullRequestState pullRequest, SimulatedThreadComment comment, GraphQlField field) {
    var minimised = pullRequest.conversation().minimised();
    var own =
        GitHubJson.object()
            .put("id", "PRRC_" + comment.id())
            .put("databaseId", comment.id())
            .put("body", comment.body())
            .put("createdAt", GitHubJson.time(comment.createdAt()))
            .put("isMinimized", minimised.contains("PRRC_" + comment.id()));
    // GraphQL leaves the `[bot]` off.
    var author = GitHubJson.object().put("login", comment.author().replace("[bot]", ""));
    var review =
        GitHubJson.object()
            .put("id", "PRR_" + comment.review())
            .put("databaseId", comment.review())
            .put("body", pullRequest.review(comment.review()).map(SimulatedReview::body).orElse(""))
            .put("isMinimized", minimised.contains("PRR_" + comment.review()));
    return selected(
        field,
        part ->
            switch (part.name()) {
              case "author" -> selected(part, of(author));
              case "pullRequestReview" -> selected(part, of(review));
              default -> own.get(part.name());
            });
  }

  /// What a type has to answer the fields of each item with.
  private interface Form<T> {
    JsonNode of(T item, GraphQlField field);
  }

  private static <T> JsonNode page(List<T> all, GraphQlField field, Form<T> form) {
    var first =
        field
            .number("first")
            .orElseThrow(() ->
                GraphQlError.invalid(
                    "MISSING_PAGINATION_BOUNDARIES",
                    "You must provide a `first` or `last` value to properly paginate the `"
                        + field.name()
                        + "` connection."));
    if (first < 1 || first > LARGEST_PAGE) {
      throw GraphQlError.invalid(
          "EXCESSIVE_PAGINATION",
          "Requesting %d records on the `%s` connection exceeds the `first` limit of 100 records."
              .formatted(first, field.name()));
    }
    var from = Math.min(field.text("after").map(GraphQlApi::position).orElse(0), all.size());
    var to = Math.min(all.size(), from + first);
    var info =
        GitHubJson.object()
            .put("hasNextPage", to < all.size())
            .put("endCursor", to == from ? null : cursor(to));
    return selected(
        field,
        part ->
            switch (part.name()) {
              case "pageInfo" -> selected(part, of(info));
              case "nodes" -> {
                var nodes = JsonNodeFactory.instance.arrayNode();
                all.subList(from, to).forEach(item -> nodes.add(form.of(item, part)));
                yield nodes;
              }
              default -> JsonNodeFactory.instance.numberNode(all.size());
            });
  }

  private static String cursor(int position) {
    var text = "cursor:" + position;
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static int position(String cursor) {
    for (var text : decoded(cursor)) {
      if (text.matches("cursor:\\d{1,9}")) {
        return Integer.parseInt(text.substring("cursor:".length()));
      }
    }
    throw GraphQlError.invalid(
        "INVALID_CURSOR_ARGUMENTS", "`" + cursor + "` does not appear to be a valid cursor.");
  }

  private static List<String> decoded(String cursor) {
    try {
      return List.of(new String(Base64.getDecoder().decode(cursor), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private static Function<GraphQlField, JsonNode> of(ObjectNode object) {
    return part -> object.get(part.name());
  }

  private static JsonNode selected(GraphQlField field, Function<GraphQlField, JsonNode> values) {
    var json = GitHubJson.object();
    field.fields().forEach(part -> json.set(part.alias(), values.apply(part)));
    return json;
  }
}
