package dev.latchkey.simulator;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The App itself: where it is installed, and the tokens of its installations (GitHub, "REST API
/// endpoints for GitHub Apps").
final class AppApi {
  private final SimulatedGitHubOptions options;
  private final GitHubState state;
  private final GitHubJson json;
  private final AppTokens tokens;

  AppApi(SimulatedGitHubOptions options, GitHubState state, GitHubJson json, AppTokens tokens) {
    this.options = options;
    this.state = state;
    this.json = json;
    this.tokens = tokens;
  }

  ApiReply installations(ApiCall call) {
    var all = List.copyOf(state.installations().entrySet());
    var page = Page.of(all, call, json.apiAddress() + "/app/installations");
    var items = JsonNodeFactory.instance.arrayNode();
    page.items().forEach(one -> items.add(installation(one.getValue(), one.getKey())));
    return new ApiReply(200, items, page.link());
  }

  ApiReply installation(long id) {
    for (var one : state.installations().entrySet()) {
      if (one.getValue() == id) {
        return ApiReply.ok(installation(id, one.getKey()));
      }
    }
    throw ApiError.notFound();
  }

  /// Where the App is installed that serves a repository.
  ApiReply installation(SimulatedRepository repository) {
    if (!state.isInstalled(repository.installation())) {
      throw ApiError.notFound();
    }
    return ApiReply.ok(installation(repository.installation(), repository.owner()));
  }

  private JsonNode installation(long id, String owner) {
    return json.installation(id, owner, options, state.suspended(id).orElse(null));
  }

  /// What the token of an installation may see.
  ApiReply repositories(AppTokens.Grant grant, ApiCall call) {
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

  ApiReply accessToken(long installation, ApiCall call) {
    var installed = state.installed(installation);
    if (installed.isEmpty()) {
      throw ApiError.notFound();
    }
    requireAwake(installation);
    var request = JsonBody.of(call.body().isBlank() ? "{}" : call.body());
    var selected = selected(installed, request);
    var ids = new HashSet<Long>();
    selected.forEach(repository -> ids.add(repository.id()));
    var issued = tokens.issue(installation, ids, permissions(request));
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

  /// What a token allows, of an installation that is in force.
  ///
  /// @throws ApiError 401 if it is no valid token, 403 if its installation is suspended
  AppTokens.Grant grant(String token) {
    var grant = tokens.grant(token);
    if (!state.isInstalled(grant.installation())) {
      throw ApiError.badCredentials();
    }
    requireAwake(grant.installation());
    return grant;
  }

  private void requireAwake(long installation) {
    if (state.suspended(installation).isPresent()) {
      throw ApiError.forbidden("This installation has been suspended");
    }
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
}
