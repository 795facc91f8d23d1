package dev.latchkey.simulator;

import java.util.regex.Pattern;

/// Finds out who calls and what for, and has it done. Used under the state's monitor.
final class GitHubApi {
  private static final Pattern AUTHORIZATION = Pattern.compile("(?i)(?:bearer|token) +(\\S+)");

  private final SimulatedGitHubOptions options;
  private final GitHubState state;
  private final GitHubJson json;
  private final AppTokens tokens;
  private final Limits limits;
  private final AppApi app;
  private final HooksApi hooks;
  private final ReviewsApi reviews;
  private final ChecksApi checks;
  private final CommentsApi comments;
  private final ReactionsApi reactions;
  private final PullRequestsApi pulls;
  private final RepositoryApi own;
  private final GraphQlApi graphQl;

  GitHubApi(SimulatedGitHubOptions options, GitHubState state, GitHubJson json, HooksApi hooks) {
    this.options = options;
    this.state = state;
    this.json = json;
    this.hooks = hooks;
    this.tokens = new AppTokens(options);
    this.limits = new Limits(options);
    this.app = new AppApi(options, state, json, tokens);
    this.reviews = new ReviewsApi(state, json, options.botLogin());
    this.checks = new ChecksApi(state, json, options);
    this.comments = new CommentsApi(state, json, options.botLogin());
    this.reactions = new ReactionsApi(state, json, options.botLogin());
    this.pulls = new PullRequestsApi(json);
    this.own = new RepositoryApi(json);
    this.graphQl = new GraphQlApi(state);
  }

  CommentsApi comments() {
    return comments;
  }

  Troubles troubles() {
    return new Troubles(state, tokens, limits);
  }

  /// Does what is asked.
  ///
  /// @throws ApiError if GitHub would refuse it; then nothing was changed
  ApiReply serve(Loopback.Incoming request) {
    var call = ApiCall.of(request);
    var token = token(request);
    return switch (call.segments().getFirst()) {
      case "app" -> app(call, token);
      case "installation" -> {
        requireShape(call, "GET /installation/repositories");
        yield app.repositories(limited(token, call), call);
      }
      case "graphql" -> {
        requireShape(call, "POST /graphql");
        yield graphQl.serve(limited(token, call), call);
      }
      case "repos" -> {
        requirePath(call, 3);
        var found = state.repository(call.segments().get(1), call.segments().get(2));
        yield repository(found.orElseThrow(ApiError::notFound), call.below(3), token);
      }
      case "repositories" -> {
        requirePath(call, 2);
        var found = state.repository(call.id(1));
        yield repository(found.orElseThrow(ApiError::notFound), call.below(2), token);
      }
      default -> throw ApiError.notFound();
    };
  }

  private ApiReply app(ApiCall call, String token) {
    tokens.requireApp(token);
    return switch (call.shape()) {
      case "GET /app" -> ApiReply.ok(json.app(options));
      case "POST /app/installations/#/access_tokens" -> app.accessToken(call.id(2), call);
      case "GET /app/installations" -> app.installations(call);
      case "GET /app/installations/#" -> app.installation(call.id(2));
      case "GET /app/hook/deliveries" -> hooks.list(call);
      case "GET /app/hook/deliveries/#" -> hooks.get(call.id(3));
      case "POST /app/hook/deliveries/#/attempts" -> hooks.again(call.id(3));
      default -> throw ApiError.notFound();
    };
  }

  private AppTokens.Grant limited(String token, ApiCall call) {
    var grant = app.grant(token);
    limits.require(grant.installation(), call);
    return grant;
  }

  private ApiReply repository(GitHubState.RepositoryState repository, ApiCall call, String token) {
    // An App's own token opens nothing below a repository, but says where it is installed.
    if (token.indexOf('.') >= 0) {
      tokens.requireApp(token);
      if (call.shape().equals("GET /installation")) {
        return app.installation(repository.repository());
      }
      throw ApiError.notAccessible();
    }
    var grant = app.grant(token);
    var permission = permission(call);
    var access = call.method().equals("GET") ? "read" : "write";
    if (!grant.repositories().contains(repository.repository().id())
        || !grant.allows(permission, access)) {
      throw ApiError.notAccessible();
    }
    limits.require(grant.installation(), call);
    var reply =
        switch (permission) {
          case "checks" -> checks(repository, call);
          case "contents" -> contents(repository, call);
          case "metadata" ->
              call.segments().isEmpty()
                  ? own.repository(repository)
                  : own.permission(repository, call.segments().get(1));
          default -> pullRequests(repository, call);
        };
    limits.done(grant.installation(), call);
    return reply;
  }

  private static String permission(ApiCall call) {
    var segments = call.segments();
    var read = call.method().equals("GET");
    if (read && segments.isEmpty()) {
      return "metadata";
    } else if (read
        && segments.size() == 3
        && segments.getFirst().equals("collaborators")
        && segments.getLast().equals("permission")) {
      return "metadata";
    } else if (read
        && segments.size() > 1
        && (segments.getFirst().equals("contents") || segments.getFirst().equals("git"))) {
      return "contents";
    } else if (segments.contains("check-runs")) {
      return "checks";
    }
    return "pull_requests";
  }

  private ApiReply contents(GitHubState.RepositoryState repository, ApiCall call) {
    var segments = call.segments();
    if (segments.getFirst().equals("contents")) {
      return own.contents(repository, segments.subList(1, segments.size()), call);
    }
    requireShape(call, "GET /git/blobs/#");
    return own.blob(repository, segments.getLast(), call);
  }

  private ApiReply pullRequests(GitHubState.RepositoryState repository, ApiCall call) {
    return switch (call.shape()) {
      case "GET /pulls" -> pulls.list(repository, call);
      case "GET /commits/#/pulls" -> pulls.of(repository, call.segments().get(1), call);
      case "GET /issues/comments" -> comments.since(repository, call);
      case "GET /issues/comments/#" -> comments.get(repository, call.id(2));
      case "PATCH /issues/comments/#" -> comments.update(repository, call.id(2), call);
      case "DELETE /issues/comments/#" -> comments.delete(repository, call.id(2));
      case "GET /pulls/comments" -> comments.atLines(repository, call);
      case "GET /pulls/comments/#" -> comments.atLine(repository, call.id(2));
      case "GET /issues/comments/#/reactions", "GET /pulls/comments/#/reactions" ->
          reactions.list(repository, call);
      case "POST /issues/comments/#/reactions", "POST /pulls/comments/#/reactions" ->
          reactions.create(repository, call);
      default -> pullRequest(repository, call);
    };
  }

  private ApiReply pullRequest(GitHubState.RepositoryState repository, ApiCall call) {
    requirePath(call, 2);
    return pullRequest(pullRequestOf(repository, call), call);
  }

  private ApiReply pullRequest(PullRequestState pullRequest, ApiCall call) {
    return switch (call.shape()) {
      case "GET /pulls/#" -> ApiReply.ok(json.pullRequest(pullRequest));
      case "GET /pulls/#/files" -> pulls.files(pullRequest, call);
      case "GET /pulls/#/reviews" -> reviews.list(pullRequest, call);
      case "POST /pulls/#/reviews" -> reviews.create(pullRequest, call);
      case "GET /pulls/#/reviews/#" -> reviews.get(pullRequest, call.id(3));
      case "DELETE /pulls/#/reviews/#" -> reviews.delete(pullRequest, call.id(3));
      case "POST /pulls/#/reviews/#/events" -> reviews.submit(pullRequest, call.id(3), call);
      case "GET /pulls/#/reviews/#/comments" -> {
        var review = reviews.seen(pullRequest, call.id(3));
        yield comments.ofReview(pullRequest, review, call);
      }
      case "GET /pulls/#/comments" -> comments.atLines(pullRequest, call);
      case "POST /pulls/#/comments/#/replies" -> comments.reply(pullRequest, call.id(3), call);
      case "GET /issues/#/comments" -> comments.below(pullRequest, call);
      case "POST /issues/#/comments" -> comments.create(pullRequest, call);
      default -> throw ApiError.notFound();
    };
  }

  private ApiReply checks(GitHubState.RepositoryState repository, ApiCall call) {
    return switch (call.shape()) {
      case "POST /check-runs" -> checks.create(repository, call);
      case "GET /check-runs/#" -> checks.get(repository, call.id(1));
      case "PATCH /check-runs/#" -> checks.update(repository, call.id(1), call);
      case "GET /check-runs/#/annotations" -> checks.annotations(repository, call.id(1), call);
      case "GET /commits/#/check-runs" -> checks.list(repository, call.segments().get(1), call);
      default -> throw ApiError.notFound();
    };
  }

  private static PullRequestState pullRequestOf(
      GitHubState.RepositoryState repository, ApiCall call) {
    for (var pullRequest : repository.pullRequests().values()) {
      if (pullRequest.number() == call.id(1)) {
        return pullRequest;
      }
    }
    throw ApiError.notFound();
  }

  private static String token(Loopback.Incoming request) {
    var header = request.header("authorization");
    if (header.isEmpty()) {
      throw ApiError.unauthorized("Requires authentication");
    }
    var matcher = AUTHORIZATION.matcher(header.get());
    if (!matcher.matches()) {
      throw ApiError.badCredentials();
    }
    return matcher.group(1);
  }

  private static void requirePath(ApiCall call, int segments) {
    if (call.segments().size() < segments) {
      throw ApiError.notFound();
    }
  }

  private static void requireShape(ApiCall call, String shape) {
    if (!call.shape().equals(shape)) {
      throw ApiError.notFound();
    }
  }
}
