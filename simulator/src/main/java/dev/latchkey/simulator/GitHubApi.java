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

  /// `GET /pulls/{n}/files` lists at most this many (GitHub, "List pull requests files").
  private static final int MAX_FILES = 3_000;

  private final SimulatedGitHubOptions options;
  private final GitHubState state;
  private final GitHubJson json;
  private final AppTokens tokens;
  private final ReviewsApi reviews;
  private final ChecksApi checks;

  GitHubApi(SimulatedGitHubOptions options, GitHubState state, GitHubJson json) {
    this.options = options;
    this.state = state;
    this.json = json;
    this.tokens = new AppTokens(options);
    this.reviews = new ReviewsApi(state, json, options.botLogin());
    this.checks = new ChecksApi(state, json, options);
  }

  /// Does what is asked.
  ///
  /// @throws ApiError if GitHub would refuse it; then nothing was changed
  ApiReply serve(Loopback.Incoming request) {
    var call = ApiCall.of(request);
    var token = token(request);
    return switch (call.segments().getFirst()) {
      case "app" -> app(call, token);
      case "repos" -> {
        requirePath(call, 4);
        var found = state.repository(call.segments().get(1), call.segments().get(2));
        yield repository(found.orElseThrow(ApiError::notFound), call.below(3), token);
      }
      case "repositories" -> {
        requirePath(call, 3);
        var found = state.repository(call.id(1));
        yield repository(found.orElseThrow(ApiError::notFound), call.below(2), token);
      }
      default -> throw ApiError.notFound();
    };
  }

  private ApiReply app(ApiCall call, String token) {
    var shape = call.shape();
    if (!shape.equals("GET /app") && !shape.equals("POST /app/installations/#/access_tokens")) {
      throw ApiError.notFound();
    }
    tokens.requireApp(token);
    return call.method().equals("GET")
        ? ApiReply.ok(json.app(options))
        : accessToken(call.id(2), call);
  }

  private ApiReply repository(GitHubState.RepositoryState repository, ApiCall call, String token) {
    // An App's own token opens nothing below a repository.
    if (token.indexOf('.') >= 0) {
      tokens.requireApp(token);
      throw ApiError.notAccessible();
    }
    var grant = tokens.grant(token);
    var permission = permission(call.shape());
    var access = call.method().equals("GET") ? "read" : "write";
    if (!grant.repositories().contains(repository.repository().id())
        || !grant.allows(permission, access)) {
      throw ApiError.notAccessible();
    }
    return permission.equals("checks")
        ? checks(repository, call)
        : pullRequest(pullRequest(repository, call), call);
  }

  private static String permission(String shape) {
    return switch (shape) {
      case "GET /pulls/#",
          "GET /pulls/#/files",
          "GET /pulls/#/reviews",
          "POST /pulls/#/reviews",
          "POST /pulls/#/reviews/#/events",
          "DELETE /pulls/#/reviews/#" ->
          "pull_requests";
      case "POST /check-runs", "PATCH /check-runs/#", "GET /commits/#/check-runs" -> "checks";
      default -> throw ApiError.notFound();
    };
  }

  private ApiReply pullRequest(PullRequestState pullRequest, ApiCall call) {
    return switch (call.shape()) {
      case "GET /pulls/#" -> ApiReply.ok(json.pullRequest(pullRequest));
      case "GET /pulls/#/files" -> files(pullRequest, call);
      case "GET /pulls/#/reviews" -> reviews.list(pullRequest, call);
      case "POST /pulls/#/reviews" -> reviews.create(pullRequest, call);
      case "POST /pulls/#/reviews/#/events" -> reviews.submit(pullRequest, call.id(3), call);
      case "DELETE /pulls/#/reviews/#" -> reviews.delete(pullRequest, call.id(3));
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

  private static PullRequestState pullRequest(
      GitHubState.RepositoryState repository, ApiCall call) {
    for (var pullRequest : repository.pullRequests().values()) {
      if (pullRequest.number() == call.id(1)) {
        return pullRequest;
      }
    }
    throw ApiError.notFound();
  }

  private ApiReply files(PullRequestState pullRequest, ApiCall call) {
    var files = pullRequest.files();
    var listed = files.subList(0, Math.min(files.size(), MAX_FILES));
    var address =
        json.pageAddress(pullRequest.repository(), "pulls/" + pullRequest.number() + "/files");
    var page = Page.of(listed, call, address);
    var items = JsonNodeFactory.instance.arrayNode();
    page.items().forEach(file -> items.add(json.file(pullRequest, file)));
    return new ApiReply(200, items, page.link());
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
