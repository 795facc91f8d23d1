package dev.latchkey.simulator;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
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
    json.set("events", events());
    return json;
  }

  private static ArrayNode events() {
    return JsonNodeFactory.instance
        .arrayNode()
        .add("pull_request")
        .add("issue_comment")
        .add("pull_request_review_comment")
        .add("check_run")
        .add("check_suite");
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

  String apiAddress() {
    return api.toString();
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
    var traits = pullRequest.traits();
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
            .put("title", traits.title());
    json.set("user", user(change.author(), traits.authorType()));
    // An empty description is null at GitHub.
    json.put("body", change.body().isEmpty() ? null : change.body());
    json.put("created_at", time(pullRequest.createdAt()));
    json.put("updated_at", time(pullRequest.updatedAt()));
    json.put("closed_at", closedAt(pullRequest));
    json.put("merged_at", pullRequest.merged() ? closedAt(pullRequest) : null);
    json.put("draft", pullRequest.draft());
    json.set("head", head(pullRequest));
    json.set("base", branch(repository, traits.baseRef(), pullRequest.baseSha()));
    json.put("author_association", traits.association());
    json.put("merged", pullRequest.merged());
    json.put("comments", 0);
    json.put("commits", 1);
    json.put("additions", pullRequest.files().stream().mapToInt(SimulatedFile::additions).sum());
    json.put("deletions", pullRequest.files().stream().mapToInt(SimulatedFile::deletions).sum());
    json.put("changed_files", pullRequest.files().size());
    var labels = json.putArray("labels");
    traits.labels().forEach(name -> labels.add(label(name)));
    return json;
  }

  static ObjectNode label(String name) {
    return object()
        .put("id", 1 + (name.hashCode() & 0x3fffffff))
        .put("name", name)
        .put("color", "ededed")
        .put("default", false);
  }

  private ObjectNode head(PullRequestState pullRequest) {
    var repository = pullRequest.repository();
    var name = "change-" + pullRequest.number();
    var json = branch(repository, name, pullRequest.headSha());
    var from = pullRequest.traits().headRepository();
    if (from == null) {
      json.putNull("repo");
    } else if (from != repository.id()) {
      var fork = new SimulatedRepository(from, 1, pullRequest.change().author(), repository.name());
      json.set("repo", repository(fork).put("fork", true));
    }
    return json;
  }

  /// As lists have it.
  ObjectNode listedPullRequest(PullRequestState pullRequest) {
    var json = pullRequest(pullRequest);
    for (var name :
        List.of("merged", "comments", "commits", "additions", "deletions", "changed_files")) {
      json.remove(name);
    }
    return json;
  }

  ObjectNode issueComment(SimulatedRepository repository, SimulatedIssueComment comment) {
    var html = SITE + repository.fullName() + "/pull/" + comment.number();
    var json =
        object()
            .put("id", comment.id())
            .put("node_id", "IC_" + comment.id())
            .put("url", address(repository) + "/issues/comments/" + comment.id())
            .put("issue_url", address(repository) + "/issues/" + comment.number())
            .put("html_url", html + "#issuecomment-" + comment.id());
    json.set("user", user(comment.author(), comment.authorType()));
    return json.put("created_at", time(comment.createdAt()))
        .put("updated_at", time(comment.updatedAt()))
        .put("author_association", comment.association())
        .put("body", comment.body());
  }

  ObjectNode threadComment(SimulatedRepository repository, SimulatedThreadComment comment) {
    var html = SITE + repository.fullName() + "/pull/" + comment.number();
    var json =
        object()
            .put("id", comment.id())
            .put("node_id", "PRRC_" + comment.id())
            .put("pull_request_review_id", comment.review() == 0 ? null : (Long) comment.review())
            .put("pull_request_url", address(repository) + "/pulls/" + comment.number())
            .put("html_url", html + "#discussion_r" + comment.id())
            .put("path", comment.path())
            .put("line", comment.line());
    if (comment.inReplyTo() != 0) {
      json.put("in_reply_to_id", comment.inReplyTo());
    }
    json.set("user", user(comment.author(), comment.authorType()));
    return json.put("created_at", time(comment.createdAt()))
        .put("updated_at", time(comment.createdAt()))
        .put("author_association", comment.association())
        .put("body", comment.body());
  }

  ObjectNode issue(PullRequestState pullRequest) {
    var repository = pullRequest.repository();
    var number = pullRequest.number();
    var json =
        object()
            .put("id", repository.id() * 1_000 + number)
            .put("number", number)
            .put("title", pullRequest.traits().title())
            .put("state", pullRequest.state())
            .put("url", address(repository) + "/issues/" + number);
    json.set("user", user(pullRequest.change().author(), pullRequest.traits().authorType()));
    json.put("draft", pullRequest.draft())
        .put("author_association", pullRequest.traits().association())
        .put("body", pullRequest.change().body().isEmpty() ? null : pullRequest.change().body())
        .put("comments", pullRequest.conversation().comments().size());
    var labels = json.putArray("labels");
    pullRequest.traits().labels().forEach(name -> labels.add(label(name)));
    json.putObject("pull_request").put("url", address(repository) + "/pulls/" + number);
    return json;
  }

  ObjectNode installation(
      long id, String owner, SimulatedGitHubOptions options, @Nullable Instant suspended) {
    var json = object().put("id", id);
    json.set("account", user(owner, "Organization"));
    json.put("app_id", Long.parseLong(options.appId()))
        .put("app_slug", options.slug())
        .put("target_type", "Organization")
        .put("repository_selection", "all")
        .put("suspended_at", suspended == null ? null : time(suspended));
    json.set("permissions", permissions(options.permissions()));
    json.set("events", events());
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
        .put("text", run.text().isEmpty() ? null : run.text())
        .put("annotations_count", run.annotations().size());
    json.putObject("check_suite").put("id", suite(run.headSha()));
    json.set("app", app);
    json.putArray("pull_requests");
    return json;
  }

  /// The suite of all check runs of a commit.
  static long suite(String head) {
    return 1L + (head.hashCode() & 0x3fffffff);
  }

  ObjectNode checkSuite(SimulatedRepository repository, String head, ObjectNode app) {
    var json =
        object()
            .put("id", suite(head))
            .put("node_id", "CS_" + suite(head))
            .put("head_sha", head)
            .put("status", "completed")
            .put("conclusion", "neutral")
            .put("url", address(repository) + "/check-suites/" + suite(head));
    json.set("app", app);
    json.putArray("pull_requests");
    return json;
  }

  /// A pull request in short, as the events of checks list it.
  ObjectNode pullRequestOfCheck(PullRequestState pullRequest) {
    var repository = pullRequest.repository();
    var json =
        object()
            .put("id", repository.id() * 1_000 + pullRequest.number())
            .put("number", pullRequest.number())
            .put("url", address(repository) + "/pulls/" + pullRequest.number());
    json.putObject("head")
        .put("ref", "change-" + pullRequest.number())
        .put("sha", pullRequest.headSha());
    json.putObject("base")
        .put("ref", pullRequest.traits().baseRef())
        .put("sha", pullRequest.baseSha());
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
