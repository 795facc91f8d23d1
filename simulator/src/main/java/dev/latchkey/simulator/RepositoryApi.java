package dev.latchkey.simulator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.JsonNodeFactory;

/// A repository itself: its files, its people, and lists of its pull requests.
final class RepositoryApi {
  /// `GET /pulls/{n}/files` lists at most this many (GitHub, "List pull requests files").
  private static final int MAX_FILES = 3_000;

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
    var ref = call.query().getOrDefault("ref", "main");
    var text = repository.contents().get(ref + ":" + name);
    if (text == null) {
      throw ApiError.notFound();
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    if (call.accepts("application/vnd.github.raw")) {
      return ApiReply.raw(text);
    }
    return ApiReply.ok(
        GitHubJson.object()
            .put("type", "file")
            .put("encoding", "base64")
            .put("size", bytes.length)
            .put("name", path.getLast())
            .put("path", name)
            .put("content", Base64.getMimeEncoder().encodeToString(bytes)));
  }

  ApiReply permission(GitHubState.RepositoryState repository, String login) {
    var role = repository.roles().get(login.toLowerCase(Locale.ROOT));
    // Anybody may read what is public.
    var name = role == null ? "read" : role;
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

  ApiReply pullRequests(GitHubState.RepositoryState repository, ApiCall call) {
    var state = call.query().getOrDefault("state", "open");
    var wanted =
        new ArrayList<>(
            repository.pullRequests().values().stream()
                .filter(pull -> state.equals("all") || pull.state().equals(state))
                .toList());
    if (!call.query().getOrDefault("direction", "desc").equals("asc")) {
      Collections.reverse(wanted);
    }
    return page(repository, wanted, "pulls", call);
  }

  ApiReply pullRequestsOf(GitHubState.RepositoryState repository, String sha, ApiCall call) {
    var wanted =
        repository.pullRequests().values().stream()
            .filter(pull -> pull.files(sha).isPresent())
            .toList();
    return page(repository, wanted, "commits/" + sha + "/pulls", call);
  }

  private ApiReply page(
      GitHubState.RepositoryState repository,
      List<PullRequestState> all,
      String rest,
      ApiCall call) {
    var page = Page.of(all, call, json.pageAddress(repository.repository(), rest));
    var items = JsonNodeFactory.instance.arrayNode();
    page.items().forEach(pull -> items.add(json.listedPullRequest(pull)));
    return new ApiReply(200, items, page.link());
  }

  ApiReply files(PullRequestState pullRequest, ApiCall call) {
    var files = pullRequest.files();
    var listed = files.subList(0, Math.min(files.size(), MAX_FILES));
    var address =
        json.pageAddress(pullRequest.repository(), "pulls/" + pullRequest.number() + "/files");
    var page = Page.of(listed, call, address);
    var items = JsonNodeFactory.instance.arrayNode();
    page.items().forEach(file -> items.add(json.file(pullRequest, file)));
    return new ApiReply(200, items, page.link());
  }
}
