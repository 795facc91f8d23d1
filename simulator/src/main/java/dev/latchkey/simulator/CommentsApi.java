package dev.latchkey.simulator;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Comments below pull requests and at their lines, and reactions to them (GitHub, "REST API
/// endpoints for issue comments", "… for pull request review comments", "… for reactions").
final class CommentsApi {
  private static final int MAX_BODY = 65_536;
  private static final List<String> REACTIONS =
      List.of("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes");

  private final GitHubState state;
  private final GitHubJson json;
  private final String bot;

  CommentsApi(GitHubState state, GitHubJson json, String bot) {
    this.state = state;
    this.json = json;
    this.bot = bot;
  }

  ApiReply below(PullRequestState pullRequest, ApiCall call) {
    var rest = "issues/" + pullRequest.number() + "/comments";
    return page(
        pullRequest.repository(),
        new Listed<>(pullRequest.conversation().comments(), rest),
        call,
        comment -> json.issueComment(pullRequest.repository(), comment));
  }

  /// Of all pull requests, those changed since a time.
  ApiReply since(GitHubState.RepositoryState repository, ApiCall call) {
    var since = time(call);
    var all =
        repository.pullRequests().values().stream()
            .flatMap(pull -> pull.conversation().comments().stream())
            .filter(comment -> !comment.updatedAt().isBefore(since))
            .sorted(Comparator.comparing(SimulatedIssueComment::updatedAt))
            .toList();
    return page(
        repository.repository(),
        new Listed<>(all, "issues/comments"),
        call,
        comment -> json.issueComment(repository.repository(), comment));
  }

  ApiReply create(PullRequestState pullRequest, ApiCall call) {
    var body = body(call);
    var comment = add(pullRequest, new Words(bot, "Bot", "NONE", body));
    return ApiReply.created(json.issueComment(pullRequest.repository(), comment));
  }

  /// Who says what.
  record Words(String author, String authorType, String association, String body) {}

  SimulatedIssueComment add(PullRequestState pullRequest, Words words) {
    var now = state.now();
    var comment =
        new SimulatedIssueComment(
            state.nextId(),
            pullRequest.number(),
            words.author(),
            words.authorType(),
            words.association(),
            words.body(),
            now,
            now);
    pullRequest.conversation().comments().add(comment);
    return comment;
  }

  ApiReply get(GitHubState.RepositoryState repository, long id) {
    var comment = comment(repository, id);
    return ApiReply.ok(json.issueComment(repository.repository(), comment));
  }

  ApiReply update(GitHubState.RepositoryState repository, long id, ApiCall call) {
    var old = own(repository, id);
    var changed = old.saying(body(call), state.now());
    repository
        .withComment(id)
        .orElseThrow()
        .conversation()
        .comments()
        .replaceAll(one -> one.id() == id ? changed : one);
    return ApiReply.ok(json.issueComment(repository.repository(), changed));
  }

  ApiReply delete(GitHubState.RepositoryState repository, long id) {
    own(repository, id);
    repository
        .withComment(id)
        .orElseThrow()
        .conversation()
        .comments()
        .removeIf(one -> one.id() == id);
    return new ApiReply(204, JsonNodeFactory.instance.missingNode(), "");
  }

  ApiReply atLines(GitHubState.RepositoryState repository, ApiCall call) {
    var since = time(call);
    var all =
        repository.pullRequests().values().stream()
            .flatMap(pull -> pull.conversation().threadComments().stream())
            .filter(comment -> !comment.createdAt().isBefore(since))
            .sorted(Comparator.comparing(SimulatedThreadComment::createdAt))
            .toList();
    return page(
        repository.repository(),
        new Listed<>(all, "pulls/comments"),
        call,
        comment -> json.threadComment(repository.repository(), comment));
  }

  ApiReply atLines(PullRequestState pullRequest, ApiCall call) {
    var rest = "pulls/" + pullRequest.number() + "/comments";
    return page(
        pullRequest.repository(),
        new Listed<>(pullRequest.conversation().threadComments(), rest),
        call,
        comment -> json.threadComment(pullRequest.repository(), comment));
  }

  ApiReply atLine(GitHubState.RepositoryState repository, long id) {
    var comment = repository.threadComment(id).orElseThrow(ApiError::notFound);
    return ApiReply.ok(json.threadComment(repository.repository(), comment));
  }

  ApiReply reply(PullRequestState pullRequest, long to, ApiCall call) {
    var body = body(call);
    var first =
        pullRequest.conversation().threadComments().stream()
            .filter(comment -> comment.id() == to && comment.inReplyTo() == 0)
            .findFirst()
            .orElseThrow(ApiError::notFound);
    var reply = answer(pullRequest, first, new Words(bot, "Bot", "NONE", body));
    return ApiReply.created(json.threadComment(pullRequest.repository(), reply));
  }

  SimulatedThreadComment answer(
      PullRequestState pullRequest, SimulatedThreadComment first, Words words) {
    var reply =
        new SimulatedThreadComment(
            state.nextId(),
            pullRequest.number(),
            first.review(),
            first.id(),
            words.author(),
            words.authorType(),
            words.association(),
            first.path(),
            first.line(),
            words.body(),
            state.now(),
            false);
    pullRequest.conversation().reply(reply);
    return reply;
  }

  /// @param place `issues` or `pulls`
  ApiReply react(GitHubState.RepositoryState repository, String place, long id, ApiCall call) {
    var content =
        call.json().choice("content", REACTIONS).orElseThrow(() -> JsonBody.missing("content"));
    if (place.equals("issues")) {
      comment(repository, id);
    } else {
      var _ = repository.threadComment(id).orElseThrow(ApiError::notFound);
    }
    var reaction = new SimulatedReaction(place, id, bot, content);
    var known = repository.reactions().contains(reaction);
    if (!known) {
      repository.reactions().add(reaction);
    }
    var answer = GitHubJson.object().put("id", 1).put("content", content);
    answer.set("user", json.user(bot, "Bot"));
    return known ? ApiReply.ok(answer) : ApiReply.created(answer);
  }

  private static SimulatedIssueComment comment(GitHubState.RepositoryState repository, long id) {
    return repository.withComment(id).stream()
        .flatMap(pull -> pull.conversation().comments().stream())
        .filter(comment -> comment.id() == id)
        .findFirst()
        .orElseThrow(ApiError::notFound);
  }

  /// An App may change what it wrote, and nothing else with these permissions.
  private SimulatedIssueComment own(GitHubState.RepositoryState repository, long id) {
    var comment = comment(repository, id);
    if (!comment.author().equals(bot)) {
      throw ApiError.notAccessible();
    }
    return comment;
  }

  private static String body(ApiCall call) {
    var body = call.json().requiredText("body");
    if (body.isBlank()) {
      throw ApiError.unprocessable("Body can't be blank");
    }
    if (body.codePointCount(0, body.length()) > MAX_BODY) {
      throw ApiError.unprocessable("Body is too long (maximum is " + MAX_BODY + " characters)");
    }
    return body;
  }

  private static Instant time(ApiCall call) {
    var since = call.query().get("since");
    try {
      return since == null ? Instant.EPOCH : Instant.parse(since);
    } catch (DateTimeParseException e) {
      throw ApiError.schema("\"since\" is no time.");
    }
  }

  /// @param rest of the list's address, below its repository
  private record Listed<T>(List<T> all, String rest) {}

  private <T> ApiReply page(
      SimulatedRepository repository, Listed<T> listed, ApiCall call, Function<T, JsonNode> form) {
    var address = json.pageAddress(repository, listed.rest());
    var page = Page.of(new ArrayList<>(listed.all()), call, address);
    var items = JsonNodeFactory.instance.arrayNode();
    page.items().forEach(item -> items.add(form.apply(item)));
    return new ApiReply(200, items, page.link());
  }
}
