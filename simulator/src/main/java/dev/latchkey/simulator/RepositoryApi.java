package dev.latchkey.simulator;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A repository itself, its files and its people (GitHub, "REST API endpoints for repository
/// contents", "… for Git blobs", "… for collaborators").
final class RepositoryApi {
  /// Larger files have no content in the JSON form (GitHub, "Get repository content").
  private static final int LARGEST_IN_JSON = 1024 * 1024;

  private static final String RAW = "application/vnd.github.raw";

  private final GitHubJson json;

  RepositoryApi(GitHubJson json) {
    this.json = json;
  }

  ApiReply repository(GitHubState.RepositoryState repository) {
    return ApiReply.ok(json.repository(repository.repository()));
  }

  /// @param path of the file, without `contents`
  ApiReply contents(GitHubState.RepositoryState repository, List<String> path, ApiCall call) {
    var name = String.join("/", path);
    var branch = branch(repository, call.query().getOrDefault("ref", ""));
    var bytes = repository.contents().get(branch + ":" + name);
    if (bytes == null) {
      return folder(repository, branch, name);
    }
    if (call.accepts(RAW)) {
      return ApiReply.raw(bytes);
    }
    var small = bytes.length <= LARGEST_IN_JSON;
    return ApiReply.ok(
        entry(repository, "file", name)
            .put("size", bytes.length)
            .put("sha", Blobs.id(bytes))
            .put("encoding", small ? "base64" : "none")
            .put("content", small ? Base64.getMimeEncoder().encodeToString(bytes) : ""));
  }

  /// A folder is a list, in whatever form it is asked for.
  private ApiReply folder(GitHubState.RepositoryState repository, String branch, String name) {
    var start = branch + ":" + (name.isEmpty() ? "" : name + "/");
    var files = new TreeSet<String>();
    var folders = new TreeSet<String>();
    for (var key : repository.contents().keySet()) {
      if (key.startsWith(start)) {
        var rest = key.substring(start.length());
        var slash = rest.indexOf('/');
        (slash < 0 ? files : folders).add(slash < 0 ? rest : rest.substring(0, slash));
      }
    }
    if (files.isEmpty() && folders.isEmpty()) {
      throw ApiError.notFound();
    }
    var items = JsonNodeFactory.instance.arrayNode();
    var above = name.isEmpty() ? "" : name + "/";
    files.forEach(file -> items.add(entry(repository, "file", above + file)));
    folders.forEach(folder -> items.add(entry(repository, "dir", above + folder)));
    return ApiReply.ok(items);
  }

  private ObjectNode entry(GitHubState.RepositoryState repository, String type, String path) {
    return GitHubJson.object()
        .put("type", type)
        .put("name", path.substring(path.lastIndexOf('/') + 1))
        .put("path", path)
        .put("url", json.address(repository.repository()) + "/contents/" + path);
  }

  /// The branch a reference means: its name, or the base of a pull request.
  private static String branch(GitHubState.RepositoryState repository, String ref) {
    if (ref.isEmpty() || ref.equals("HEAD")) {
      return "main";
    }
    var name = ref.startsWith("refs/heads/") ? ref.substring("refs/heads/".length()) : ref;
    if (known(repository, name)) {
      return name;
    }
    return repository.pullRequests().values().stream()
        .filter(pull -> pull.baseSha().equals(name))
        .map(pull -> pull.traits().baseRef())
        .findFirst()
        .or(() -> Set.of("main").stream().filter(name::equals).findFirst())
        .orElseThrow(() -> ApiError.notFound("No commit found for the ref " + ref));
  }

  private static boolean known(GitHubState.RepositoryState repository, String branch) {
    return repository.contents().keySet().stream().anyMatch(key -> key.startsWith(branch + ":"));
  }

  ApiReply blob(GitHubState.RepositoryState repository, String sha, ApiCall call) {
    var bytes = repository.blobs().get(sha);
    if (bytes == null) {
      throw ApiError.notFound();
    }
    if (call.accepts(RAW)) {
      return ApiReply.raw(bytes);
    }
    return ApiReply.ok(
        GitHubJson.object()
            .put("sha", sha)
            .put("size", bytes.length)
            .put("encoding", "base64")
            .put("content", Base64.getMimeEncoder().encodeToString(bytes))
            .put("url", json.address(repository.repository()) + "/git/blobs/" + sha));
  }

  ApiReply permission(GitHubState.RepositoryState repository, String login) {
    var lower = login.toLowerCase(Locale.ROOT);
    if (repository.gone().contains(lower)) {
      throw ApiError.notFound(login + " is not a user");
    }
    // Anybody may read what is public.
    var name = repository.roles().getOrDefault(lower, "read");
    var permission =
        switch (name) {
          case "maintain" -> "write";
          case "triage" -> "read";
          default -> name;
        };
    var answer = GitHubJson.object().put("permission", permission).put("role_name", name);
    answer.set("user", json.user(login, "User"));
    return ApiReply.ok(answer);
  }
}
