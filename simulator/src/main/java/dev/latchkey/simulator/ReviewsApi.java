package dev.latchkey.simulator;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reviews of pull requests, by GitHub's rules (GitHub, "REST API endpoints for pull request
/// reviews"): created all or nothing, one pending review per user and pull request, a pending one
/// seen by its author only.
final class ReviewsApi {
  static final String ONE_PENDING = "User can only have one pending review per pull request";

  /// Bodies of reviews and comments, in characters.
  private static final int MAX_BODY = 65_536;

  /// What a reviewer says, and the state a review has then.
  private enum Event {
    COMMENT("COMMENTED"),
    APPROVE("APPROVED"),
    REQUEST_CHANGES("CHANGES_REQUESTED");

    private final String state;

    Event(String state) {
      this.state = state;
    }
  }

  private final GitHubState state;
  private final GitHubJson json;
  private final String bot;

  ReviewsApi(GitHubState state, GitHubJson json, String bot) {
    this.state = state;
    this.json = json;
    this.bot = bot;
  }

  ApiReply list(PullRequestState pullRequest, ApiCall call) {
    var seen =
        pullRequest.reviews().stream()
            .filter(review -> !review.pending() || review.author().equals(bot))
            .toList();
    var address =
        json.pageAddress(pullRequest.repository(), "pulls/" + pullRequest.number() + "/reviews");
    var page = Page.of(seen, call, address);
    var items = JsonNodeFactory.instance.arrayNode();
    page.items().forEach(review -> items.add(json.review(pullRequest, review)));
    return new ApiReply(200, items, page.link());
  }

  ApiReply get(PullRequestState pullRequest, long id) {
    return ApiReply.ok(json.review(pullRequest, seen(pullRequest, id)));
  }

  /// A review that is there for the App.
  ///
  /// @throws ApiError 404 if there is none, or it is a stranger's pending one
  SimulatedReview seen(PullRequestState pullRequest, long id) {
    return pullRequest
        .review(id)
        .filter(review -> !review.pending() || review.author().equals(bot))
        .orElseThrow(ApiError::notFound);
  }

  ApiReply create(PullRequestState pullRequest, ApiCall call) {
    var request = call.json();
    var event = event(request);
    var body = body(request).orElse("");
    var commit = request.text("commit_id").orElse(pullRequest.headSha());
    var comments = new ArrayList<SimulatedComment>();
    request.objects("comments").forEach(item -> comments.add(comment(item)));
    // While one is pending, submitted ones are refused too.
    if (pending(pullRequest).isPresent()) {
      throw ApiError.unprocessable(ONE_PENDING);
    }
    var files =
        pullRequest
            .files(commit)
            .orElseThrow(
                () -> ApiError.unprocessable("The commitOID is not part of the pull request"));
    requireCommentable(files, comments);
    event.ifPresent(name -> requireContent(name, body, comments));
    var review =
        new SimulatedReview(
            state.nextId(),
            bot,
            "Bot",
            event.map(name -> name.state).orElse("PENDING"),
            body,
            commit,
            event.isPresent() ? state.now() : null,
            comments);
    pullRequest.reviews().add(review);
    pullRequest.conversation().reviewed(review, files);
    return ApiReply.ok(json.review(pullRequest, review));
  }

  ApiReply submit(PullRequestState pullRequest, long id, ApiCall call) {
    var request = call.json();
    var review = own(pullRequest, id);
    var event = event(request).orElseThrow(() -> JsonBody.missing("event"));
    var body = body(request).orElse(review.body());
    if (!review.pending()) {
      throw ApiError.unprocessable("Can not submit a review that is not pending");
    }
    requireContent(event, body, review.comments());
    var submitted = review.submitted(event.state, body, state.now());
    pullRequest.replace(submitted);
    return ApiReply.ok(json.review(pullRequest, submitted));
  }

  ApiReply delete(PullRequestState pullRequest, long id) {
    var review = own(pullRequest, id);
    if (!review.pending()) {
      throw ApiError.refused("Can not delete a non-pending pull request review");
    }
    pullRequest.reviews().remove(review);
    return ApiReply.ok(json.review(pullRequest, review));
  }

  private Optional<SimulatedReview> pending(PullRequestState pullRequest) {
    return pullRequest.reviews().stream()
        .filter(review -> review.pending() && review.author().equals(bot))
        .findFirst();
  }

  /// A stranger's pending review is not there for the App; its submitted one is not the App's.
  private SimulatedReview own(PullRequestState pullRequest, long id) {
    var review = pullRequest.review(id).orElseThrow(ApiError::notFound);
    if (!review.author().equals(bot)) {
      throw review.pending() ? ApiError.notFound() : ApiError.notAccessible();
    }
    return review;
  }

  private static Optional<Event> event(JsonBody request) {
    return request
        .choice("event", List.of("APPROVE", "REQUEST_CHANGES", "COMMENT"))
        .map(Event::valueOf);
  }

  private static Optional<String> body(JsonBody request) {
    var body = request.text("body");
    body.ifPresent(text -> requireShort("Body", text));
    return body;
  }

  private static void requireShort(String what, String text) {
    if (text.codePointCount(0, text.length()) > MAX_BODY) {
      throw ApiError.unprocessable(what + " is too long (maximum is " + MAX_BODY + " characters)");
    }
  }

  private static void requireContent(Event event, String body, List<SimulatedComment> comments) {
    if (body.isBlank() && comments.isEmpty() && event != Event.APPROVE) {
      throw ApiError.unprocessable("Body can't be blank");
    }
  }

  private static SimulatedComment comment(JsonBody item) {
    if (item.has("position")) {
      throw ApiError.schema("The simulation takes \"line\" and \"side\", not \"position\".");
    }
    var path = item.requiredText("path");
    var body = item.requiredText("body");
    requireShort("Comment body", body);
    if (body.isBlank()) {
      throw ApiError.unprocessable("Comment body can't be blank");
    }
    var sides = List.of("LEFT", "RIGHT");
    var side = item.choice("side", sides).orElse("RIGHT");
    var line = item.number("line").orElseThrow(() -> JsonBody.missing("line"));
    var start = item.number("start_line");
    var startLine = start.isPresent() ? start.getAsInt() : null;
    var startSide = startLine == null ? null : item.choice("start_side", sides).orElse(side);
    return new SimulatedComment(path, line, side, startLine, startSide, body);
  }

  /// All or nothing; what is wrong is named once, where it is wrong never.
  private static void requireCommentable(
      List<SimulatedFile> files, List<SimulatedComment> comments) {
    var errors = new LinkedHashSet<String>();
    for (var comment : comments) {
      var problem = problem(files, comment);
      if (problem != null) {
        errors.add(problem);
      }
    }
    if (!errors.isEmpty()) {
      throw ApiError.unprocessable(errors.toArray(String[]::new));
    }
  }

  private static @Nullable String problem(List<SimulatedFile> files, SimulatedComment comment) {
    var file = files.stream().filter(one -> one.filename().equals(comment.path())).findFirst();
    if (file.isEmpty()) {
      return "Path could not be resolved";
    }
    var patch = file.get().patch();
    var lines = PatchLines.of(patch == null ? "" : patch);
    if (!lines.commentable(comment.side(), comment.line())) {
      return "Line could not be resolved";
    }
    if (comment.startLine() == null) {
      return null;
    }
    if (!comment.side().equals(comment.startSide())) {
      return "Pull request review thread start side must be the side of the line";
    }
    if (comment.startLine() >= comment.line()) {
      return "Pull request review thread start line must precede the end line.";
    }
    if (!lines.commentable(comment.side(), comment.startLine())) {
      return "Start line could not be resolved";
    }
    return lines.commentable(comment.side(), comment.startLine(), comment.line())
        ? null
        : "Pull request review thread start line must be part of the same hunk as the line.";
  }
}
