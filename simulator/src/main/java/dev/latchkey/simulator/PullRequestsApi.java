package dev.latchkey.simulator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/// Lists of pull requests and of their files (GitHub, "REST API endpoints for pull requests").
final class PullRequestsApi {
  /// `GET /pulls/{n}/files` lists at most this many (GitHub, "List pull requests files").
  private static final int MAX_FILES = 3_000;

  private final GitHubJson json;

  PullRequestsApi(GitHubJson json) {
    this.json = json;
  }

  ApiReply list(GitHubState.RepositoryState repository, ApiCall call) {
    var state = call.choice("state", List.of("open", "closed", "all")).orElse("open");
    var sort = call.choice("sort", List.of("created", "updated")).orElse("created");
    var direction = call.choice("direction", List.of("asc", "desc"));
    var wanted =
        new ArrayList<>(
            repository.pullRequests().values().stream()
                .filter(pull -> state.equals("all") || pull.state().equals(state))
                .toList());
    if (sort.equals("updated")) {
      wanted.sort(Comparator.comparing(PullRequestState::updatedAt));
    }
    // Unless said, the newest come first where the order is that of creation.
    if (direction.orElse(sort.equals("created") ? "desc" : "asc").equals("desc")) {
      Collections.reverse(wanted);
    }
    return page(repository, wanted, "pulls", call);
  }

  /// Those a commit belongs to, merged or open.
  ApiReply of(GitHubState.RepositoryState repository, String sha, ApiCall call) {
    if (!repository.commits().contains(sha)) {
      throw ApiError.refused("No commit found for SHA: " + sha);
    }
    var wanted =
        repository.pullRequests().values().stream()
            .filter(pull -> pull.files(sha).isPresent())
            .filter(pull -> pull.merged() || pull.state().equals("open"))
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
