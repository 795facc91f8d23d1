package dev.latchkey.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.github.FakeGitHub.Reply;
import dev.latchkey.github.LineRange.Side;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Each call's request and what is read from its answer.
class GitHubCallsTest extends OnFakeGitHub {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CHECKS = "/repos/octo/hello/check-runs";
  private static final String CHECKS_OF_SHA = "/repos/octo/hello/commits/" + SHA + "/check-runs";

  @Test
  void appIsAskedForWithTheJwt() {
    fake.on(
        "GET /app",
        Reply.of(
            200,
            """
            {"id": 4711, "slug": "latchkey", "name": "x", "permissions": {"checks": "write"},
             "events": ["pull_request"]}\
            """));

    App app = github.app(soon());

    assertThat(app)
        .isEqualTo(new App(4711, "latchkey", Map.of("checks", "write"), List.of("pull_request")));
    assertThat(app.botLogin()).isEqualTo("latchkey[bot]");
    assertThat(fake.door.minted).hasValue(0);
  }

  @Test
  void pullRequestIsReadWhole() {
    fake.on("GET " + PULL, Reply.of(200, Examples.pullRequest()));

    PullRequest pull = github.pullRequest(REPOSITORY, 7, soon());

    Account mona = new Account(5, "mona", "User");
    String base = "b".repeat(40);
    assertThat(pull)
        .isEqualTo(
            new PullRequest(
                7,
                PullRequest.State.OPEN,
                false,
                false,
                "Greet politely",
                "",
                mona,
                SHA,
                99,
                "main",
                base,
                3,
                List.of("bug"),
                Association.MEMBER,
                Instant.parse("2026-03-01T12:00:00Z")));
  }

  @Test
  void pullRequestOfAGoneForkAndUserIsRead() {
    String json =
        Examples.pullRequest()
            .replace("\"repo\": {\"id\": 99}", "\"repo\": null")
            .replace("{\"id\": 5, \"login\": \"mona\", \"type\": \"User\"}", "null")
            .replace("\"open\"", "\"closed\"")
            .replace("\"merged\": false", "\"merged\": true");
    fake.on("GET " + PULL, Reply.of(200, json));

    PullRequest pull = github.pullRequest(REPOSITORY, 7, soon());

    assertThat(pull.headRepositoryId()).isZero();
    assertThat(pull.author().login()).isEqualTo("ghost");
    assertThat(pull.state()).isEqualTo(PullRequest.State.CLOSED);
    assertThat(pull.merged()).isTrue();
  }

  @Test
  void filesTellWhatChangedAndHow() {
    String renamed =
        "{\"filename\": \"b\", \"previous_filename\": \"a\", \"status\": \"renamed\","
            + " \"additions\": 0, \"deletions\": 0}";
    String files = "[" + Examples.file("src/A.java") + "," + renamed + "]";
    fake.on("GET " + PULL + "/files", Reply.of(200, files));

    List<PullFile> read = github.files(REPOSITORY, 7, soon());

    Optional<String> patch = Optional.of("@@ -1,2 +1 @@\n-a\n-b\n+c");
    assertThat(read)
        .containsExactly(
            new PullFile("src/A.java", Optional.empty(), PullFile.Status.MODIFIED, 1, 2, patch),
            new PullFile("b", Optional.of("a"), PullFile.Status.RENAMED, 0, 0, Optional.empty()));
  }

  @Test
  void reviewsTellAuthorStateAndTime() {
    String reviews =
        "[%s,%s]".formatted(Examples.review(1, "COMMENTED"), Examples.review(2, "PENDING"));
    fake.on("GET " + REVIEWS, Reply.of(200, reviews));

    List<PostedReview> read = github.reviews(REPOSITORY, 7, soon());

    Account bot = new Account(6, "latchkey[bot]", "Bot");
    Optional<Instant> time = Optional.of(Instant.parse("2026-03-01T12:00:00Z"));
    assertThat(read)
        .containsExactly(
            new PostedReview(
                1, bot, PostedReview.State.COMMENTED, "Looks fine", SHA, time, "PRR_1"),
            new PostedReview(
                2, bot, PostedReview.State.PENDING, "Looks fine", SHA, Optional.empty(), "PRR_2"));
    assertThat(read.getFirst().author().isBot()).isTrue();
  }

  @Test
  void aPendingReviewIsCreatedWithoutAnEvent() {
    fake.on("POST " + REVIEWS, Reply.of(200, Examples.review(3, "PENDING")));
    NewComment one = new NewComment("src/Ä.java", LineRange.of(Side.RIGHT, 3), "One \"line\"");
    NewComment more = new NewComment("b", LineRange.of(Side.LEFT, 4, 6), "Lines");

    PostedReview review =
        github.createPendingReview(
            REPOSITORY, 7, new NewReview(SHA, "Body", List.of(one, more)), soon());

    assertThat(review.id()).isEqualTo(3);
    assertThat(review.state()).isEqualTo(PostedReview.State.PENDING);
    assertThat(sent("POST " + REVIEWS))
        .isEqualTo(
            JSON.readTree(
                """
                {"commit_id": "%s", "body": "Body", "comments": [
                  {"path": "src/Ä.java", "line": 3, "side": "RIGHT", "body": "One \\"line\\""},
                  {"path": "b", "line": 6, "side": "LEFT", "start_line": 4, "start_side": "LEFT",
                   "body": "Lines"}]}\
                """
                    .formatted(SHA)));
  }

  @Test
  void aReviewIsSubmittedByIdAsAComment() {
    String call = "POST " + REVIEWS + "/3/events";
    fake.on(call, Reply.of(200, Examples.review(3, "COMMENTED")));

    PostedReview review = github.submitReview(REPOSITORY, 7, ReviewSubmission.of(3), soon());

    assertThat(review.state()).isEqualTo(PostedReview.State.COMMENTED);
    assertThat(sent(call)).isEqualTo(JSON.readTree("{\"event\": \"COMMENT\"}"));
  }

  @Test
  void aSubmissionMayReplaceTheBody() {
    String call = "POST " + REVIEWS + "/3/events";
    fake.on(call, Reply.of(200, Examples.review(3, "COMMENTED")));

    github.submitReview(REPOSITORY, 7, ReviewSubmission.of(3).withBody("New"), soon());

    assertThat(sent(call)).isEqualTo(JSON.readTree("{\"event\": \"COMMENT\", \"body\": \"New\"}"));
  }

  @Test
  void aPendingReviewIsDeletedById() {
    String call = "DELETE " + REVIEWS + "/3";
    fake.on(call, Reply.of(200, Examples.review(3, "PENDING")));

    github.deletePendingReview(REPOSITORY, 7, 3, soon());

    assertThat(fake.seen(call)).hasSize(1);
  }

  @Test
  void anAnswerWithoutContentIsEnoughForADeletion() {
    fake.on("DELETE " + REVIEWS + "/3", Reply.of(204, ""));

    github.deletePendingReview(REPOSITORY, 7, 3, soon());

    assertThat(fake.seen).hasSize(2);
  }

  @Test
  void aCheckRunIsCreatedWithItsState() {
    fake.on("POST " + CHECKS, Reply.of(201, Examples.checkRun(8, 4711, "in_progress", "null")));
    CheckState state = CheckState.inProgress("Reading", "2 of 3 files");

    CheckRun run =
        github.createCheckRun(REPOSITORY, new NewCheckRun("latchkey", SHA, "key-8", state), soon());

    assertThat(run)
        .isEqualTo(
            new CheckRun(
                8,
                "latchkey",
                SHA,
                "key-8",
                CheckState.Status.IN_PROGRESS,
                Optional.empty(),
                4711));
    assertThat(sent("POST " + CHECKS))
        .isEqualTo(
            JSON.readTree(
                """
                {"name": "latchkey", "head_sha": "%s", "external_id": "key-8",
                 "status": "in_progress",
                 "output": {"title": "Reading", "summary": "2 of 3 files"}}\
                """
                    .formatted(SHA)));
  }

  @Test
  void aCheckRunIsCompletedWithItsConclusion() {
    String call = "PATCH " + CHECKS + "/8";
    fake.on(call, Reply.of(200, Examples.checkRun(8, 4711, "completed", "\"neutral\"")));
    CheckState state =
        CheckState.completed(CheckState.Conclusion.NEUTRAL, "Not reviewed", "A limit");

    CheckRun run = github.updateCheckRun(REPOSITORY, 8, state, soon());

    assertThat(run.conclusion()).contains(CheckState.Conclusion.NEUTRAL);
    assertThat(sent(call))
        .isEqualTo(
            JSON.readTree(
                """
                {"status": "completed", "conclusion": "neutral",
                 "output": {"title": "Not reviewed", "summary": "A limit"}}\
                """));
  }

  @Test
  void checkRunsAreThoseOfOurAppAndName() {
    String runs =
        "{\"total_count\": 3, \"check_runs\": [%s,%s,%s]}"
            .formatted(
                Examples.checkRun(1, 4711, "completed", "\"success\""),
                Examples.checkRun(2, 15, "queued", "null"),
                Examples.checkRun(3, 4711, "waiting", "null").replace("\"latchkey\"", "\"b\""));
    fake.on("GET " + CHECKS_OF_SHA, Reply.of(200, runs));

    List<CheckRun> ours = github.checkRuns(REPOSITORY, SHA, "latchkey", soon());

    assertThat(ours).extracting(CheckRun::externalId).containsExactly("key-1");
    assertThat(fake.seen("GET " + CHECKS_OF_SHA).getFirst().query())
        .isEqualTo("check_name=latchkey&filter=all&app_id=4711&per_page=100&page=1");
  }

  @Test
  void aClientIdIsTurnedIntoTheAppsNumberOnce() {
    fake.door.appId = "Iv23liabc";
    fake.on("GET /app", Reply.of(200, "{\"id\": 4711, \"slug\": \"latchkey\"}"));
    String run = Examples.checkRun(1, 4711, "queued", "null");
    fake.on("GET " + CHECKS_OF_SHA, Reply.of(200, "{\"check_runs\": [" + run + "]}"));
    AppCredentials credentials = AppCredentials.of("Iv23liabc", Keys.pkcs8(Keys.RSA));
    GitHubOptions options = GitHubOptions.of(fake.address(), credentials, fake.clock);

    try (GitHub client = GitHub.of(options)) {
      assertThat(client.checkRuns(REPOSITORY, SHA, "latchkey", soon())).hasSize(1);
      assertThat(client.checkRuns(REPOSITORY, SHA, "latchkey", soon())).hasSize(1);
    }

    assertThat(fake.seen("GET /app")).hasSize(1);
  }

  @Test
  void namesAreEscapedInPathsAndQueries() {
    RepositoryRef odd =
        new RepositoryRef(FakeDoor.INSTALLATION, FakeDoor.REPOSITORY, "o/../x", "h?ä b#%2f");
    String path = "/repos/o%2F..%2Fx/h%3F%C3%A4%20b%23%252f";
    fake.on("GET " + path + "/pulls/7", Reply.of(200, Examples.pullRequest()));
    fake.on("GET " + path + "/commits/a%2Fb/check-runs", Reply.of(200, "{\"check_runs\": []}"));

    github.pullRequest(odd, 7, soon());
    github.checkRuns(odd, "a/b", "a&b=c d", soon());

    assertThat(fake.seen).last().extracting(s -> s.query()).asString().contains("a%26b%3Dc%20d&");
    assertThatThrownBy(() -> github.checkRuns(odd, "..", "x", soon()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aClosedClientRefusesCalls() {
    github.close();
    github.close();

    assertThatThrownBy(() -> github.app(soon())).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> github.pullRequest(REPOSITORY, 7, soon()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(fake.seen).isEmpty();
  }

  private JsonNode sent(String call) {
    return JSON.readTree(fake.seen(call).getFirst().body());
  }
}
