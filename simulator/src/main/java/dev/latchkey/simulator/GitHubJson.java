package dev.latchkey.simulator;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// GitHub's objects as JSON, the same in API answers and deliveries, with the fields that are
/// documented for them as far as the simulation knows their values.
final class GitHubJson {
  private static final String SITE = "https://github.com/";

  private volatile URI api = URI.create("https://api.github.com");

  /// Says where the API is, for the addresses in the objects.
  void servedAt(URI address) {
    api = address;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  ObjectNode user(String login, String type) {
    // The same login always has the same id.
    var id = 1 + (login.hashCode() & 0x3fffffff);
    return object()
        .put("login", login)
        .put("id", id)
        .put("node_id", "U_" + id)
        .put("url", api + "/users/" + login)
        .put("html_url", SITE + login)
        .put("type", type)
        .put("site_admin", false);
  }

  ObjectNode app(SimulatedGitHubOptions options) {
    var json =
        object()
            .put("id", Long.parseLong(options.appId()))
            .put("slug", options.slug())
            .put("node_id", "A_" + options.appId())
            .put("name", options.slug())
            .put("description", "")
            .put("external_url", "https://example.com")
            .put("html_url", SITE + "apps/" + options.slug())
            .put("created_at", "2026-01-01T00:00:00Z")
            .put("updated_at", "2026-01-01T00:00:00Z");
    json.set("owner", user("app-owner", "User"));
    json.set("permissions", permissions(options.permissions()));
    json.putArray("events").add("pull_request");
    return json;
  }

  static ObjectNode permissions(Map<String, String> permissions) {
    var json = object();
    permissions.forEach(json::put);
    return json;
  }

  ObjectNode repository(SimulatedRepository repository) {
    var json =
        object()
            .put("id", repository.id())
            .put("node_id", "R_" + repository.id())
            .put("name", repository.name())
            .put("full_name", repository.fullName())
            .put("private", false)
            .put("html_url", SITE + repository.fullName())
            .put("url", address(repository))
            .put("fork", false)
            .put("default_branch", "main")
            .put("visibility", "public");
    json.set("owner", user(repository.owner(), "Organization"));
    return json;
  }

  /// Where a repository is in the API, by its name.
  String address(SimulatedRepository repository) {
    return api + "/repos/" + repository.fullName();
  }

  /// Where a list below a repository goes on; GitHub's `Link` headers name repositories by id.
  String pageAddress(SimulatedRepository repository, String rest) {
    return api + "/repositories/" + repository.id() + "/" + rest;
  }

  ObjectNode pullRequest(PullRequestState pullRequest) {
    var repository = pullRequest.repository();
    var change = pullRequest.change();
    var number = pullRequest.number();
    var html = SITE + repository.fullName() + "/pull/" + number;
    var json =
        object()
            .put("id", repository.id() * 1_000 + number)
            .put("node_id", "PR_" + repository.id() + "_" + number)
            .put("url", address(repository) + "/pulls/" + number)
            .put("html_url", html)
            .put("diff_url", html + ".diff")
            .put("number", number)
            .put("state", pullRequest.state())
            .put("locked", false)
            .put("title", change.title());
    json.set("user", user(change.author(), "User"));
    // An empty description is null at GitHub.
    json.put("body", change.body().isEmpty() ? null : change.body());
    json.put("created_at", time(pullRequest.createdAt()));
    json.put("updated_at", time(pullRequest.updatedAt()));
    json.put("closed_at", closedAt(pullRequest));
    json.putNull("merged_at");
    json.put("draft", pullRequest.draft());
    json.set("head", branch(repository, "change-" + number, pullRequest.headSha()));
    json.set("base", branch(repository, "main", change.baseSha()));
    json.put("author_association", "CONTRIBUTOR");
    json.put("merged", false);
    json.put("comments", 0);
    json.put("commits", 1);
    json.put("additions", pullRequest.files().stream().mapToInt(SimulatedFile::additions).sum());
    json.put("deletions", pullRequest.files().stream().mapToInt(SimulatedFile::deletions).sum());
    json.put("changed_files", pullRequest.files().size());
    json.putArray("labels");
    return json;
  }

  ObjectNode file(PullRequestState pullRequest, SimulatedFile file) {
    var site = SITE + pullRequest.repository().fullName();
    var place = pullRequest.headSha() + "/" + file.filename();
    var json =
        object()
            .put("sha", file.blob())
            .put("filename", file.filename())
            .put("status", file.status())
            .put("additions", file.additions())
            .put("deletions", file.deletions())
            .put("changes", file.additions() + file.deletions())
            .put("blob_url", site + "/blob/" + place)
            .put("raw_url", site + "/raw/" + place)
            .put(
                "contents_url", address(pullRequest.repository()) + "/contents/" + file.filename());
    if (file.previousFilename() != null) {
      json.put("previous_filename", file.previousFilename());
    }
    if (file.patch() != null) {
      json.put("patch", file.patch());
    }
    return json;
  }

  ObjectNode review(PullRequestState pullRequest, SimulatedReview review) {
    var repository = pullRequest.repository();
    var html = SITE + repository.fullName() + "/pull/" + pullRequest.number();
    var json = object().put("id", review.id()).put("node_id", "PRR_" + review.id());
    json.set("user", user(review.author(), review.authorType()));
    json.put("body", review.body())
        .put("state", review.state())
        .put("html_url", html + "#pullrequestreview-" + review.id())
        .put("pull_request_url", address(repository) + "/pulls/" + pullRequest.number())
        .put("author_association", "NONE")
        .put("commit_id", review.commitId());
    if (review.submittedAt() != null) {
      json.put("submitted_at", time(review.submittedAt()));
    }
    return json;
  }

  ObjectNode checkRun(GitHubState.CheckRunState state, ObjectNode app) {
    var run = state.run();
    var json =
        object()
            .put("id", run.id())
            .put("node_id", "CR_" + run.id())
            .put("head_sha", run.headSha())
            .put("external_id", run.externalId())
            .put("name", run.name())
            .put("status", run.status())
            .put("conclusion", run.conclusion())
            .put("started_at", time(state.startedAt()))
            .put("completed_at", state.completedAt() == null ? null : time(state.completedAt()));
    json.putObject("output")
        .put("title", run.title().isEmpty() ? null : run.title())
        .put("summary", run.summary().isEmpty() ? null : run.summary())
        .put("annotations_count", 0);
    json.set("app", app);
    json.putArray("pull_requests");
    return json;
  }

  private static @Nullable String closedAt(PullRequestState pullRequest) {
    return pullRequest.state().equals("closed") ? time(pullRequest.updatedAt()) : null;
  }

  private ObjectNode branch(SimulatedRepository repository, String name, String sha) {
    var json =
        object().put("label", repository.owner() + ":" + name).put("ref", name).put("sha", sha);
    json.set("user", user(repository.owner(), "Organization"));
    json.set("repo", repository(repository));
    return json;
  }
}
