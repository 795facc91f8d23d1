package dev.latchkey.simulator;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Comments below pull requests and at their lines (GitHub, "REST API endpoints for issue
/// comments", "… for pull request review comments").
final class CommentsApi {
  private static final int MAX_BODY = 65_536;

  private final GitHubState state;
  private final GitHubJson json;
  private final String bot;

  CommentsApi(GitHubState state, GitHubJson json, String bot) {
    this.state = state;
    this.json = json;
    this.bot = bot;
  }

  /// Below one pull request, the oldest first whatever is asked for.
  ApiReply below(PullRequestState pullRequest, ApiCall call) {
    var since = time(call);
    var rest = "issues/" + pullRequest.number() + "/comments";
    var all =
        pullRequest.conversation().comments().stream()
            .filter(comment -> !seconds(comment.updatedAt()).isBefore(since))
            .toList();
    return page(
        pullRequest.repository(),
        new Listed<>(all, rest),
        call,
        comment -> json.issueComment(pullRequest.repository(), comment));
  }

  /// Of all pull requests, those changed since a time.
  ApiReply since(GitHubState.RepositoryState repository, ApiCall call) {
    var since = time(call);
    var all =
        repository.pullRequests().values().stream()
            .flatMap(pull -> pull.conversation().comments().stream())
            .filter(comment -> !seconds(comment.updatedAt()).isBefore(since))
            .sorted(order(call, SimulatedIssueComment::id, comment -> seconds(comment.updatedAt())))
            .toList();
    return page(
        repository.repository(),
        new Listed<>(all, "issues/comments"),
        call,
        comment -> json.issueComment(repository.repository(), comment));
  }

  /// By creation unless by change is asked for, the oldest first unless the newest are; GitHub
  /// heeds the direction only where it is told an order.
  private static <T> Comparator<T> order(
      ApiCall call, ToLongFunction<T> id, Function<T, Instant> updatedAt) {
    var sort = call.choice("sort", List.of("created", "updated"));
    var direction = call.choice("direction", List.of("asc", "desc")).orElse("asc");
    Comparator<T> byId = Comparator.comparingLong(id);
    var order =
        sort.orElse("created").equals("updated")
            ? Comparator.comparing(updatedAt).thenComparing(byId)
            : byId;
    return sort.isPresent() && direction.equals("desc") ? order.reversed() : order;
  }

  /// Times have no fractions at GitHub.
  private static Instant seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
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
    var changed =
        repository.withComment(id).orElseThrow().conversation().edit(old, body(call), state.now());
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
    return ApiReply.nothing();
  }

  ApiReply atLines(GitHubState.RepositoryState repository, ApiCall call) {
    var all =
        repository.pullRequests().values().stream()
            .flatMap(pull -> pull.conversation().threadComments().stream())
            .toList();
    return atLines(repository.repository(), new Listed<>(all, "pulls/comments"), call);
  }

  ApiReply atLines(PullRequestState pullRequest, ApiCall call) {
    var rest = "pulls/" + pullRequest.number() + "/comments";
    var all = pullRequest.conversation().threadComments();
    return atLines(pullRequest.repository(), new Listed<>(all, rest), call);
  }

  private ApiReply atLines(
      SimulatedRepository repository, Listed<SimulatedThreadComment> listed, ApiCall call) {
    var since = time(call);
    var wanted =
        listed.all().stream()
            .filter(comment -> !seconds(comment.createdAt()).isBefore(since))
            .sorted(
                order(call, SimulatedThreadComment::id, comment -> seconds(comment.createdAt())))
            .toList();
    return page(
        repository,
        new Listed<>(wanted, listed.rest()),
        call,
        comment -> json.threadComment(repository, comment));
  }

  /// The comments of one review, those of the App's pending one too.
  ApiReply ofReview(PullRequestState pullRequest, SimulatedReview review, ApiCall call) {
    var rest = "pulls/" + pullRequest.number() + "/reviews/" + review.id() + "/comments";
    return page(
        pullRequest.repository(),
        new Listed<>(pullRequest.conversation().of(review), rest),
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

  private static SimulatedIssueComment comment(GitHubState.RepositoryState repository, long id) {
    return repository
        .withComment(id)
        .flatMap(pull -> pull.conversation().comment(id))
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
