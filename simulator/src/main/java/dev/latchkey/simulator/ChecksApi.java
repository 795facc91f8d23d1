package dev.latchkey.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// Check runs (GitHub, "REST API endpoints for check runs"). There is one App, so all of them are
/// its own.
final class ChecksApi {
  /// Summaries, in characters.
  private static final int MAX_SUMMARY = 65_535;

  private static final List<String> STATUSES = List.of("queued", "in_progress", "completed");
  private static final List<String> CONCLUSIONS =
      List.of(
          "action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out");

  /// What a request says of a run, each part empty if it says nothing of it.
  private record Change(
      Optional<String> status,
      Optional<String> conclusion,
      Optional<String> title,
      Optional<String> summary,
      Optional<String> text,
      List<SimulatedAnnotation> annotations) {}

  private final GitHubState state;
  private final GitHubJson json;
  private final SimulatedGitHubOptions options;

  ChecksApi(GitHubState state, GitHubJson json, SimulatedGitHubOptions options) {
    this.state = state;
    this.json = json;
    this.options = options;
  }

  ApiReply create(GitHubState.RepositoryState repository, ApiCall call) {
    var request = call.json();
    var name = request.requiredText("name");
    var head = request.requiredText("head_sha");
    var change = change(request);
    if (!repository.commits().contains(head)) {
      throw ApiError.refused("No commit found for SHA: " + head);
    }
    var blank =
        new SimulatedCheckRun(
            state.nextId(),
            name,
            head,
            request.text("external_id").orElse(""),
            "queued",
            null,
            "",
            "",
            "",
            List.of());
    var start = new GitHubState.CheckRunState(blank, state.now(), null, List.of());
    var run = changed(start, change).noted();
    repository.checkRuns().add(run);
    return ApiReply.created(json.checkRun(run, json.app(options)));
  }

  ApiReply update(GitHubState.RepositoryState repository, long id, ApiCall call) {
    var request = call.json();
    var change = change(request);
    var runs = repository.checkRuns();
    for (var i = 0; i < runs.size(); i++) {
      if (runs.get(i).run().id() == id) {
        var run = changed(renamed(runs.get(i), request), change).noted();
        runs.set(i, run);
        return ApiReply.ok(json.checkRun(run, json.app(options)));
      }
    }
    throw ApiError.notFound();
  }

  ApiReply get(GitHubState.RepositoryState repository, long id) {
    return ApiReply.ok(json.checkRun(known(repository, id), json.app(options)));
  }

  ApiReply annotations(GitHubState.RepositoryState repository, long id, ApiCall call) {
    var all = known(repository, id).run().annotations();
    var address = json.pageAddress(repository.repository(), "check-runs/" + id + "/annotations");
    var page = Page.of(all, call, address);
    var items = JsonNodeFactory.instance.arrayNode();
    page.items().forEach(annotation -> items.add(Annotations.form(annotation)));
    return new ApiReply(200, items, page.link());
  }

  private static GitHubState.CheckRunState known(GitHubState.RepositoryState repository, long id) {
    return repository.checkRuns().stream()
        .filter(run -> run.run().id() == id)
        .findFirst()
        .orElseThrow(ApiError::notFound);
  }

  /// The runs of a commit, newest first; only the newest of each name unless `filter=all`.
  ApiReply list(GitHubState.RepositoryState repository, String head, ApiCall call) {
    if (!repository.commits().contains(head)) {
      throw ApiError.refused("No commit found for SHA: " + head);
    }
    var query = call.query();
    var runs = new ArrayList<GitHubState.CheckRunState>();
    for (var run : repository.checkRuns().reversed()) {
      if (run.run().headSha().equals(head)
          && matches(query.get("check_name"), run.run().name())
          && matches(query.get("status"), run.run().status())
          && matches(query.get("app_id"), options.appId())) {
        runs.add(run);
      }
    }
    var listed = query.getOrDefault("filter", "latest").equals("all") ? runs : latest(runs);
    var address = json.pageAddress(repository.repository(), "commits/" + head + "/check-runs");
    var page = Page.of(listed, call, address);
    var answer = GitHubJson.object().put("total_count", listed.size());
    var items = answer.putArray("check_runs");
    page.items().forEach(run -> items.add(json.checkRun(run, json.app(options))));
    return new ApiReply(200, answer, page.link());
  }

  private static List<GitHubState.CheckRunState> latest(List<GitHubState.CheckRunState> runs) {
    var newest = new LinkedHashMap<String, GitHubState.CheckRunState>();
    runs.forEach(run -> newest.putIfAbsent(run.run().name(), run));
    return List.copyOf(newest.values());
  }

  private static boolean matches(@Nullable String wanted, String actual) {
    return wanted == null || wanted.equals(actual);
  }

  private static Change change(JsonBody request) {
    var status = request.choice("status", STATUSES);
    var conclusion = request.choice("conclusion", CONCLUSIONS);
    if (status.equals(Optional.of("completed")) && conclusion.isEmpty()) {
      throw JsonBody.missing("conclusion");
    }
    var output = request.object("output");
    var title = output.map(part -> part.requiredText("title"));
    var summary = output.map(part -> part.requiredText("summary"));
    var text = output.flatMap(part -> part.text("text"));
    summary.ifPresent(words -> requireShort("a summary", words));
    text.ifPresent(words -> requireShort("a text", words));
    // Providing a conclusion sets the status to completed.
    return new Change(
        conclusion.isPresent() ? Optional.of("completed") : status,
        conclusion,
        title,
        summary,
        text,
        Annotations.read(output));
  }

  private static void requireShort(String what, String text) {
    if (text.codePointCount(0, text.length()) > MAX_SUMMARY) {
      throw ApiError.schema("Only " + MAX_SUMMARY + " characters are allowed in " + what + ".");
    }
  }

  private GitHubState.CheckRunState changed(GitHubState.CheckRunState state, Change change) {
    var run = state.run();
    var status = change.status().orElse(run.status());
    var completed = status.equals("completed");
    var annotations = new ArrayList<>(run.annotations());
    annotations.addAll(change.annotations());
    var next =
        new SimulatedCheckRun(
            run.id(),
            run.name(),
            run.headSha(),
            run.externalId(),
            status,
            completed ? change.conclusion().orElse(run.conclusion()) : null,
            change.title().orElse(run.title()),
            change.summary().orElse(run.summary()),
            change.text().orElse(run.text()),
            annotations);
    return new GitHubState.CheckRunState(
        next, state.startedAt(), completed ? completedAt(state) : null, state.history());
  }

  private Instant completedAt(GitHubState.CheckRunState run) {
    return run.completedAt() == null ? state.now() : run.completedAt();
  }

  private static GitHubState.CheckRunState renamed(
      GitHubState.CheckRunState state, JsonBody request) {
    var run = state.run();
    var next =
        new SimulatedCheckRun(
            run.id(),
            request.text("name").orElse(run.name()),
            run.headSha(),
            request.text("external_id").orElse(run.externalId()),
            run.status(),
            run.conclusion(),
            run.title(),
            run.summary(),
            run.text(),
            run.annotations());
    return new GitHubState.CheckRunState(
        next, state.startedAt(), state.completedAt(), state.history());
  }
}
