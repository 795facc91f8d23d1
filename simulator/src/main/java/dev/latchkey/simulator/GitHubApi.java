package dev.latchkey.simulator;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.node.JsonNodeFactory;

/// Finds out who calls and what for, and has it done. Used under the state's monitor.
final class GitHubApi {
  private static final Pattern AUTHORIZATION = Pattern.compile("(?i)(?:bearer|token) +(\\S+)");

  private final SimulatedGitHubOptions options;
  private final GitHubState state;
  private final GitHubJson json;
  private final AppTokens tokens;
  private final ReviewsApi reviews;
  private final ChecksApi checks;
  private final CommentsApi comments;
  private final RepositoryApi own;
  private final GraphQlApi graphQl;
  private final HooksApi hooks;

  GitHubApi(
      SimulatedGitHubOptions options,
      GitHubState state,
      GitHubJson json,
      List<DeliveryAttempt> attempts) {
    this.options = options;
    this.state = state;
    this.json = json;
    this.tokens = new AppTokens(options);
    this.reviews = new ReviewsApi(state, json, options.botLogin());
    this.checks = new ChecksApi(state, json, options);
    this.comments = new CommentsApi(state, json, options.botLogin());
    this.own = new RepositoryApi(json);
    this.graphQl = new GraphQlApi(state);
    this.hooks = new HooksApi(state, json, attempts);
  }

  CommentsApi comments() {
    return comments;
  }

  /// Does what is asked.
  ///
  /// @throws ApiError if GitHub would refuse it; then nothing was changed
  ApiReply serve(Loopback.Incoming request) {
    var call = ApiCall.of(request);
    var token = token(request);
    return switch (call.segments().getFirst()) {
      case "app" -> app(call, token);
      case "installation" -> installation(call, token);
      case "graphql" -> {
        if (!call.shape().equals("POST /graphql")) {
          throw ApiError.notFound();
        }
        yield graphQl.serve(tokens.grant(token), call);
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
      case "POST /app/installations/#/access_tokens" -> accessToken(call.id(2), call);
      case "GET /app/installations" -> installations(call);
      case "GET /app/hook/deliveries" -> hooks.list(call);
      case "GET /app/hook/deliveries/#" -> hooks.get(call.id(3));
      default -> throw ApiError.notFound();
    };
  }

  private ApiReply installations(ApiCall call) {
    var all = List.copyOf(state.installations().entrySet());
    var page = Page.of(all, call, json.apiAddress() + "/app/installations");
    var items = JsonNodeFactory.instance.arrayNode();
    page.items()
        .forEach(one -> items.add(json.installation(one.getValue(), one.getKey(), options)));
    return new ApiReply(200, items, page.link());
  }

  /// What the token of an installation may see.
  private ApiReply installation(ApiCall call, String token) {
    if (!call.shape().equals("GET /installation/repositories")) {
      throw ApiError.notFound();
    }
    var grant = tokens.grant(token);
    var all =
        state.repositories().stream()
            .map(GitHubState.RepositoryState::repository)
            .filter(repository -> grant.repositories().contains(repository.id()))
            .toList();
    var page = Page.of(all, call, json.apiAddress() + "/installation/repositories");
    var answer = GitHubJson.object().put("total_count", all.size());
    var items = answer.putArray("repositories");
    page.items().forEach(repository -> items.add(json.repository(repository)));
    return new ApiReply(200, answer, page.link());
  }

  private ApiReply repository(GitHubState.RepositoryState repository, ApiCall call, String token) {
    // An App's own token opens nothing below a repository, but says where it is installed.
    if (token.indexOf('.') >= 0) {
      tokens.requireApp(token);
      if (call.shape().equals("GET /installation")) {
        var found = repository.repository();
        return ApiReply.ok(json.installation(found.installation(), found.owner(), options));
      }
      throw ApiError.notAccessible();
    }
    var grant = tokens.grant(token);
    var permission = permission(call);
    var access = call.method().equals("GET") ? "read" : "write";
    if (!grant.repositories().contains(repository.repository().id())
        || !grant.allows(permission, access)) {
      throw ApiError.notAccessible();
    }
    return switch (permission) {
      case "checks" -> checks(repository, call);
      case "contents" ->
          own.contents(repository, call.segments().subList(1, call.segments().size()), call);
      case "metadata" ->
          call.segments().isEmpty()
              ? own.repository(repository)
              : own.permission(repository, call.segments().get(1));
      default -> pullRequests(repository, call);
    };
  }

  private static String permission(ApiCall call) {
    var segments = call.segments();
    if (call.method().equals("GET") && segments.isEmpty()) {
      return "metadata";
    } else if (call.method().equals("GET")
        && segments.size() == 3
        && segments.getFirst().equals("collaborators")
        && segments.getLast().equals("permission")) {
      return "metadata";
    } else if (call.method().equals("GET")
        && segments.size() > 1
        && segments.getFirst().equals("contents")) {
      return "contents";
    }
    return switch (call.shape()) {
      case "POST /check-runs", "PATCH /check-runs/#", "GET /commits/#/check-runs" -> "checks";
      default -> "pull_requests";
    };
  }

  private ApiReply pullRequests(GitHubState.RepositoryState repository, ApiCall call) {
    return switch (call.shape()) {
      case "GET /pulls" -> own.pullRequests(repository, call);
      case "GET /commits/#/pulls" -> own.pullRequestsOf(repository, call.segments().get(1), call);
      case "GET /issues/comments" -> comments.since(repository, call);
      case "GET /issues/comments/#" -> comments.get(repository, call.id(2));
      case "PATCH /issues/comments/#" -> comments.update(repository, call.id(2), call);
      case "DELETE /issues/comments/#" -> comments.delete(repository, call.id(2));
      case "POST /issues/comments/#/reactions" ->
          comments.react(repository, "issues", call.id(2), call);
      case "GET /pulls/comments" -> comments.atLines(repository, call);
      case "GET /pulls/comments/#" -> comments.atLine(repository, call.id(2));
      case "POST /pulls/comments/#/reactions" ->
          comments.react(repository, "pulls", call.id(2), call);
      default -> pullRequest(repository, call);
    };
  }

  private ApiReply pullRequest(GitHubState.RepositoryState repository, ApiCall call) {
    if (call.segments().size() < 2) {
      throw ApiError.notFound();
    }
    return pullRequest(pullRequestOf(repository, call), call);
  }

  private ApiReply pullRequest(PullRequestState pullRequest, ApiCall call) {
    return switch (call.shape()) {
      case "GET /pulls/#" -> ApiReply.ok(json.pullRequest(pullRequest));
      case "GET /pulls/#/files" -> own.files(pullRequest, call);
      case "GET /pulls/#/reviews" -> reviews.list(pullRequest, call);
      case "POST /pulls/#/reviews" -> reviews.create(pullRequest, call);
      case "POST /pulls/#/reviews/#/events" -> reviews.submit(pullRequest, call.id(3), call);
      case "DELETE /pulls/#/reviews/#" -> reviews.delete(pullRequest, call.id(3));
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
      case "PATCH /check-runs/#" -> checks.update(repository, call.id(1), call);
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

  private ApiReply accessToken(long installation, ApiCall call) {
    var installed = state.installed(installation);
    if (installed.isEmpty()) {
      throw ApiError.notFound();
    }
    var request = JsonBody.of(call.body().isBlank() ? "{}" : call.body());
    var selected = selected(installed, request);
    var ids = new HashSet<Long>();
    selected.forEach(repository -> ids.add(repository.id()));
    var issued = tokens.issue(ids, permissions(request));
    var answer =
        GitHubJson.object()
            .put("token", issued.token())
            .put("expires_at", GitHubJson.time(issued.grant().expiresAt()));
    answer.set("permissions", GitHubJson.permissions(issued.grant().permissions()));
    var all = !request.has("repositories") && !request.has("repository_ids");
    answer.put("repository_selection", all ? "all" : "selected");
    if (!all) {
      var list = answer.putArray("repositories");
      selected.forEach(repository -> list.add(json.repository(repository)));
    }
    return ApiReply.created(answer);
  }

  private static Set<SimulatedRepository> selected(
      List<SimulatedRepository> installed, JsonBody request) {
    var names = request.array("repositories");
    var ids = request.array("repository_ids");
    if (names.isEmpty() && ids.isEmpty()) {
      return Set.copyOf(installed);
    }
    var selected = new HashSet<SimulatedRepository>();
    for (var repository : installed) {
      if (names.stream().anyMatch(name -> name.asString("").equals(repository.name()))
          || ids.stream().anyMatch(id -> id.asLong(0) == repository.id())) {
        selected.add(repository);
      }
    }
    if (selected.size() < Math.max(names.size(), ids.size())) {
      throw ApiError.refused(
          "There is at least one repository that does not exist or is not accessible to the parent"
              + " installation.");
    }
    return selected;
  }

  private Map<String, String> permissions(JsonBody request) {
    var asked = request.object("permissions");
    if (asked.isEmpty()) {
      return options.permissions();
    }
    var granted = new HashMap<String, String>();
    for (var name : asked.get().names()) {
      var access = asked.get().choice(name, List.of("read", "write")).orElse("read");
      var own = options.permissions().getOrDefault(name, "");
      if (!own.equals("write") && !own.equals(access)) {
        throw ApiError.refused("The permissions requested are not granted to this installation.");
      }
      granted.put(name, access);
    }
    // Metadata comes with every token.
    granted.putIfAbsent("metadata", "read");
    return granted;
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
}
