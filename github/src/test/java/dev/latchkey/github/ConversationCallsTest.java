package dev.latchkey.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.github.FakeGitHub.Fate;
import dev.latchkey.github.FakeGitHub.Reply;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Comments, threads, files, rights, installations and deliveries: each call and its refusals.
class ConversationCallsTest extends OnFakeGitHub {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String REPO = "/repos/octo/hello";
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Account MONA = new Account(5, "mona", "User");
  private static final String WRITTEN =
      """
      "author_association": "OWNER", "body": "Hi", "created_at": "2026-03-01T12:00:00Z",
      "user": {"id": 5, "login": "mona", "type": "User"}}\
      """;
  private static final String COMMENT =
      "{\"id\": 3, \"node_id\": \"IC_3\", \"issue_url\": \"https://x/issues/7\"," + WRITTEN;
  private static final String IN_THREAD =
      "{\"id\": 4, \"pull_request_url\": \"https://x/pulls/7\", \"path\": \"a\","
          + "\"pull_request_review_id\": 9, \"in_reply_to_id\": 2,"
          + WRITTEN;
  private static final IssueComment SAID =
      new IssueComment(3, "IC_3", 7, MONA, Association.OWNER, "Hi", NOON);
  private static final ReviewComment REPLIED =
      new ReviewComment(4, 7, 9, 2, MONA, Association.OWNER, "Hi", "a", NOON);

  @Test
  void commentsAreReadWrittenAndRemoved() {
    fake.on("GET " + REPO + "/issues/7/comments", Reply.of(200, "[" + COMMENT + "]"));
    fake.on("GET " + REPO + "/issues/comments", Reply.of(200, "[" + COMMENT + "]"));
    fake.on("POST " + REPO + "/issues/7/comments", Reply.of(201, COMMENT));
    fake.on("PATCH " + REPO + "/issues/comments/3", Reply.of(200, COMMENT));
    fake.on("DELETE " + REPO + "/issues/comments/3", Reply.of(204, ""));

    assertThat(github.comments(REPOSITORY, 7, soon())).containsExactly(SAID);
    assertThat(github.commentsSince(REPOSITORY, NOON, soon())).containsExactly(SAID);
    assertThat(github.createComment(REPOSITORY, 7, "Hi", soon())).isEqualTo(SAID);
    assertThat(github.updateComment(REPOSITORY, 3, "Hi", soon())).isEqualTo(SAID);
    github.deleteComment(REPOSITORY, 3, soon());

    assertThat(fake.seen("GET " + REPO + "/issues/comments").getFirst().query())
        .isEqualTo("since=2026-03-01T12%3A00%3A00Z&sort=updated&direction=asc&per_page=100&page=1");
    assertThat(fake.seen("POST " + REPO + "/issues/7/comments").getFirst().body())
        .isEqualTo("{\"body\":\"Hi\"}");
    assertThat(fake.seen("DELETE " + REPO + "/issues/comments/3")).hasSize(1);
  }

  @Test
  void commentsOnTheDiffAreReadAndAnswered() {
    fake.on("GET " + REPO + "/pulls/comments", Reply.of(200, "[" + IN_THREAD + "]"));
    fake.on("GET " + REPO + "/pulls/comments/4", Reply.of(200, IN_THREAD));
    fake.on("GET " + REPO + "/pulls/comments/5", Reply.of(404, "{}"));
    fake.on("POST " + PULL + "/comments/2/replies", Reply.of(201, IN_THREAD));

    assertThat(github.reviewCommentsSince(REPOSITORY, NOON, soon())).containsExactly(REPLIED);
    assertThat(github.reviewComment(REPOSITORY, 4, soon())).contains(REPLIED);
    assertThat(github.reviewComment(REPOSITORY, 5, soon())).isEmpty();
    assertThat(github.reply(REPOSITORY, 7, 2, "Hi", soon())).isEqualTo(REPLIED);
  }

  @Test
  void aBodyGitHubWouldRefuseIsNotSent() {
    assertThatThrownBy(() -> github.createComment(REPOSITORY, 7, " ", soon()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> github.createComment(REPOSITORY, 7, "x".repeat(65_537), soon()))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(fake.seen).isEmpty();
  }

  @Test
  void aReactionGoesWhereTheCommentStands() {
    fake.on("POST " + REPO + "/issues/comments/3/reactions", Reply.of(201, "{}"));
    fake.on("POST " + REPO + "/pulls/comments/3/reactions", Reply.of(200, "{}"));

    github.react(REPOSITORY, CommentPlace.CONVERSATION, 3, Reaction.EYES, soon());
    github.react(REPOSITORY, CommentPlace.THREAD, 3, Reaction.PLUS_ONE, soon());

    assertThat(fake.seen("POST " + REPO + "/issues/comments/3/reactions").getFirst().body())
        .isEqualTo("{\"content\":\"eyes\"}");
    assertThat(fake.seen("POST " + REPO + "/pulls/comments/3/reactions").getFirst().body())
        .isEqualTo("{\"content\":\"+1\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "maintain,write,MAINTAIN",
    "triage,read,TRIAGE",
    "our-own-role,write,WRITE",
    "none,none,NONE"
  })
  void aRoleOfTheirOwnCountsAsItsBase(String role, String base, Permission permission) {
    String answer = "{\"role_name\": \"%s\", \"permission\": \"%s\"}".formatted(role, base);
    fake.on("GET " + REPO + "/collaborators/mona/permission", Reply.of(200, answer));
    fake.on("GET " + REPO + "/collaborators/nobody/permission", Reply.of(404, "{}"));

    assertThat(github.permission(REPOSITORY, "mona", soon())).isEqualTo(permission);
    assertThat(github.permission(REPOSITORY, "nobody", soon())).isEqualTo(Permission.NONE);
  }

  @Test
  void aFileIsReadAsItIsAndNeverCut() {
    String call = "GET " + REPO + "/contents/docs/a%20b.md";
    Reply file = Reply.of(200, "0123456789");
    fake.on(call, file.with("Content-Type", "application/vnd.github.raw+json; charset=utf-8"));
    fake.on(
        "GET " + REPO + "/contents/docs",
        Reply.of(200, "[]").with("Content-Type", "application/json; charset=utf-8"));
    fake.on("GET " + REPO + "/contents/gone", Reply.of(404, "{}"));
    fake.on("GET " + REPO + "/git/blobs/" + SHA, Reply.of(200, "blob"));

    assertThat(github.fileContent(REPOSITORY, "docs/a b.md", "x/y", 10, soon()))
        .hasValueSatisfying(bytes -> assertThat(bytes).asString(UTF_8).isEqualTo("0123456789"));
    assertThat(fake.seen(call).getFirst().query()).isEqualTo("ref=x%2Fy");
    assertThat(github.fileContent(REPOSITORY, "docs", SHA, 10, soon())).isEmpty();
    assertThat(github.fileContent(REPOSITORY, "gone", SHA, 1, soon())).isEmpty();
    assertThat(github.blob(REPOSITORY, SHA, 4, soon())).asString(UTF_8).isEqualTo("blob");
    assertThatThrownBy(() -> github.fileContent(REPOSITORY, "docs/a b.md", SHA, 9, soon()))
        .isInstanceOf(GitHubException.Invalid.class);
    assertThatThrownBy(() -> github.fileContent(REPOSITORY, "../x", SHA, 9, soon()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void threadsOfAllPagesAreRead() {
    String page =
        """
        {"data": {"repository": {"pullRequest": {"reviewThreads": {
          "pageInfo": {"hasNextPage": NEXT, "endCursor": "c1"},
          "nodes": [{"id": "T", "isResolved": true, "isOutdated": false, "comments": {"nodes": [
            {"body": "B", "pullRequestReview": {"id": "R"},
             "author": {"__typename": "Bot", "login": "latchkey"}}]}},
            {"id": "U", "comments": {"nodes": []}}]}}}}}\
        """;
    fake.on(
        "POST /graphql",
        seen ->
            Reply.of(200, page.replace("NEXT", seen.body().contains("\"c1\"") ? "false" : "true")));

    List<ReviewThread> threads = github.reviewThreads(REPOSITORY, 7, soon());

    ReviewThread thread = new ReviewThread("T", true, false, "R", "B");
    assertThat(threads).containsExactly(thread, thread);
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_FOUND,NotFound",
    "FORBIDDEN,Forbidden",
    "RATE_LIMITED,RateLimited",
    "UNPROCESSABLE,Invalid"
  })
  void errorsOfGraphqlAreFailuresInSpiteOfTheirStatus(String type, String failure) {
    String errors = "{\"errors\": [{\"type\": \"TYPE\", \"message\": \"No\"}], \"data\": {}}";
    fake.on("POST /graphql", Reply.of(200, errors.replace("TYPE", type)));

    assertThatThrownBy(() -> github.minimize(REPOSITORY, "R", soon()))
        .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(failure))
        .hasMessageContaining(type + ": No");
    assertThatThrownBy(() -> github.reviewThreads(REPOSITORY, 7, soon()))
        .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(failure));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WHOLE")
  void anyWriteWithoutItsAnswerIsOfUnknownOutcome(Fate fate) {
    Reply lost = Reply.of(200, COMMENT).with(fate);

    unknown(lost);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 504})
  void anyWriteAnsweredByAGatewayIsOfUnknownOutcome(int status) {
    unknown(Reply.of(status, "<html>"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"data\": {\"minimizeComment\": null}}", "{"})
  void aWriteWhoseAnswerIsGarbageIsOfUnknownOutcome(String garbage) {
    fake.on("POST /graphql", Reply.of(200, garbage));
    fake.on("POST " + REPO + "/issues/7/comments", Reply.of(200, garbage));

    assertThatThrownBy(() -> github.minimize(REPOSITORY, "R", soon()))
        .isInstanceOf(GitHubException.OutcomeUnknown.class);
    assertThatThrownBy(() -> github.createComment(REPOSITORY, 7, "Hi", soon()))
        .isInstanceOf(GitHubException.OutcomeUnknown.class);
  }

  @ParameterizedTest
  @CsvSource({"422,Invalid", "403,Forbidden", "404,NotFound"})
  void aWriteRefusedIsKnownNotToBeDone(int status, String failure) {
    for (Map.Entry<String, ThrowingCallable> write : writes().entrySet()) {
      fake.on(write.getKey(), Reply.of(status, "{\"message\": \"No\"}"));

      assertThatThrownBy(write.getValue())
          .as(write.getKey())
          .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(failure));
    }
  }

  @Test
  void aPageThatDidNotChangeIsNotSentAgain() {
    String list = "[" + Examples.pullRequest().replace("\"changed_files\": 3,", "") + "]";
    Reply page = Reply.of(200, list).with("ETag", "\"t1\"");
    fake.on(
        "GET " + REPO + "/pulls",
        seen -> "\"t1\"".equals(seen.headers().get("if-none-match")) ? Reply.of(304, "") : page);

    List<PullRequest> first = github.openPullRequests(REPOSITORY, soon());
    List<PullRequest> second = github.openPullRequests(REPOSITORY, soon());

    assertThat(first).hasSize(1).isEqualTo(second);
    assertThat(first.getFirst().changedFiles()).isZero();
    assertThat(fake.seen("GET " + REPO + "/pulls").getFirst().query())
        .isEqualTo("state=open&sort=created&direction=asc&per_page=100&page=1");
  }

  @Test
  void behindAFullPageThatDidNotChangeTheNextIsLookedFor() {
    String full = "[" + String.join(",", Collections.nCopies(100, Examples.pullRequest())) + "]";
    Reply page = Reply.of(200, full).with("ETag", "\"t1\"").with("Link", "<x>; rel=\"first\"");
    fake.on(
        "GET " + REPO + "/pulls",
        seen -> {
          if (seen.query().endsWith("page=2")) {
            return Reply.of(200, "[" + Examples.pullRequest() + "]");
          }
          return seen.headers().containsKey("if-none-match") ? Reply.of(304, "") : page;
        });

    List<PullRequest> first = github.openPullRequests(REPOSITORY, soon());
    List<PullRequest> second = github.openPullRequests(REPOSITORY, soon());

    assertThat(first).hasSize(100);
    assertThat(second).hasSize(101);
  }

  @Test
  void anUnaskedNotModifiedIsUnavailable() {
    fake.on("GET " + REPO + "/pulls", Reply.of(304, ""));

    assertThatThrownBy(() -> github.openPullRequests(REPOSITORY, soon()))
        .isInstanceOf(GitHubException.Unavailable.class);
  }

  @Test
  void thePullRequestsOfACommitAreTheOpenOnesOfTheRepository() {
    String open = Examples.pullRequest();
    String closed = open.replace("\"open\"", "\"closed\"").replace("7,", "8,");
    String elsewhere = open.replace("{\"id\": 99}", "{\"id\": 98}").replace("7,", "9,");
    fake.on(
        "GET " + REPO + "/commits/" + SHA + "/pulls",
        Reply.of(200, "[%s,%s,%s]".formatted(open, closed, elsewhere)));

    assertThat(github.pullRequestsOf(REPOSITORY, SHA, soon())).containsExactly(7);
  }

  @Test
  void aFileOverGitHubsOwnLimitIsInvalidNotForbidden() {
    String large = "{\"message\": \"Too large\", \"errors\": [{\"code\": \"too_large\"}]}";
    fake.on("GET " + REPO + "/git/blobs/" + SHA, Reply.of(403, large));

    assertThatThrownBy(() -> github.blob(REPOSITORY, SHA, 9, soon()))
        .isInstanceOf(GitHubException.Invalid.class);
  }

  @Test
  void graphqlThatWentWrongInsideLeavesADoubtOnlyForAWrite() {
    String wrong = "{\"errors\": [{\"message\": \"Something went wrong while executing it\"}]}";
    fake.on("POST /graphql", Reply.of(200, wrong));

    assertThatThrownBy(() -> github.minimize(REPOSITORY, "R", soon()))
        .isInstanceOf(GitHubException.OutcomeUnknown.class);
    assertThatThrownBy(() -> github.reviewThreads(REPOSITORY, 7, soon()))
        .isInstanceOf(GitHubException.Unavailable.class);
  }

  @Test
  void theAppSeesItsInstallationsAndTheirRepositories() {
    String repository = "{\"id\": 99, \"name\": \"hello\", \"owner\": {\"login\": \"octo\"}}";
    String account = "\"account\": {\"id\": 1, \"login\": \"octo\", \"type\": \"User\"}}";
    fake.on(
        "GET /app/installations",
        Reply.of(200, "[{\"id\": 42, \"suspended_at\": null, " + account + "]"));
    fake.on(
        "GET /installation/repositories",
        Reply.of(200, "{\"repositories\": [" + repository + "]}"));
    fake.on("GET " + REPO + "/installation", Reply.of(200, "{\"id\": 42}"));
    fake.on("GET " + REPO, Reply.of(200, repository));

    assertThat(github.installations(soon()))
        .containsExactly(new Installation(42, new Account(1, "octo", "User"), false));
    assertThat(github.repositories(42, soon())).containsExactly(REPOSITORY);
    assertThat(github.repository("octo", "hello", soon())).isEqualTo(REPOSITORY);
    assertThat(fake.door.minted).hasValue(1);
  }

  @Test
  void deliveriesArePagedByTheCursorOfTheLink() {
    String delivery =
        """
        {"id": 8, "guid": "g", "delivered_at": "2026-03-01T12:00:00Z", "redelivery": true,
         "status_code": 502, "event": "ping", "action": null, "request": {"payload": {"a": 1}}}\
        """;
    String link = "<https://x/app/hook/deliveries?per_page=100&cursor=v1_7%2B>; rel=\"next\"";
    fake.on(
        "GET /app/hook/deliveries",
        seen ->
            seen.query().contains("cursor=v1_7%2B")
                ? Reply.of(200, "[]")
                : Reply.of(200, "[" + delivery + "]").with("Link", link));
    fake.on("GET /app/hook/deliveries/8", Reply.of(200, delivery));
    fake.on("GET /app/hook/deliveries/9", Reply.of(404, "{}"));

    HookDeliveries first = github.hookDeliveries(null, soon());
    HookDeliveries last = github.hookDeliveries("v1_7+", soon());

    HookDelivery told = new HookDelivery(8, "g", NOON, "ping", "", 502, true);
    assertThat(first.deliveries()).containsExactly(told);
    assertThat(first.next()).contains("v1_7+");
    assertThat(last.next()).isEmpty();
    assertThat(github.hookDelivery(8, soon()).orElseThrow().body())
        .asString(UTF_8)
        .isEqualTo("{\"a\":1}");
    assertThat(github.hookDelivery(9, soon())).isEmpty();
  }

  @Test
  void annotationsAreSentFiftyAtATime() {
    String check = Examples.checkRun(8, 4711, "in_progress", "null");
    fake.on("POST " + REPO + "/check-runs", Reply.of(201, check));
    fake.on("PATCH " + REPO + "/check-runs/8", Reply.of(200, check));
    Annotation one = new Annotation("a", 1, 2, Annotation.Level.WARNING, "", "m");
    CheckState state =
        CheckState.inProgress("t", "s").withAnnotations(Collections.nCopies(101, one));

    github.createCheckRun(REPOSITORY, new NewCheckRun("latchkey", SHA, "key", state), soon());

    assertThat(fake.seen)
        .filteredOn(seen -> seen.path().contains("/check-runs"))
        .extracting(seen -> JSON.readTree(seen.body()).at("/output/annotations").size())
        .containsExactly(50, 50, 1);
  }

  @Test
  void anEnterpriseServersGraphqlIsBesideItsApi() {
    URI api = URI.create(fake.address() + "/api/v3");
    AppCredentials credentials = AppCredentials.of(FakeDoor.APP_ID, Keys.pkcs8(Keys.RSA));
    fake.door.tokens.add("ghs_canary0");
    fake.on(
        "POST /api/v3/app/installations/42/access_tokens",
        seen -> Reply.of(201, fake.door.tokenAnswer("ghs_canary0")));
    fake.door.prefix = "/api/v3";
    fake.on("POST /api/graphql", Reply.of(200, "{\"data\": {\"minimizeComment\": {}}}"));

    try (GitHub server = GitHub.of(GitHubOptions.of(api, credentials, fake.clock))) {
      server.minimize(REPOSITORY, "R", soon());
    }

    assertThat(fake.seen("POST /api/graphql")).hasSize(1);
  }

  private Map<String, ThrowingCallable> writes() {
    return Map.of(
        "POST " + REPO + "/issues/7/comments",
        () -> github.createComment(REPOSITORY, 7, "Hi", verySoon()),
        "PATCH " + REPO + "/issues/comments/3",
        () -> github.updateComment(REPOSITORY, 3, "Hi", verySoon()),
        "DELETE " + REPO + "/issues/comments/3",
        () -> github.deleteComment(REPOSITORY, 3, verySoon()),
        "POST " + PULL + "/comments/2/replies",
        () -> github.reply(REPOSITORY, 7, 2, "Hi", verySoon()),
        "POST " + REPO + "/issues/comments/3/reactions",
        () -> github.react(REPOSITORY, CommentPlace.CONVERSATION, 3, Reaction.EYES, verySoon()),
        "POST /graphql",
        () -> github.minimize(REPOSITORY, "R", verySoon()));
  }

  private void unknown(Reply reply) {
    // The first token is no part of what is measured.
    fake.on("GET " + PULL, Reply.of(200, Examples.pullRequest()));
    github.pullRequest(REPOSITORY, 7, soon());
    for (Map.Entry<String, ThrowingCallable> write : writes().entrySet()) {
      fake.on(write.getKey(), reply);

      assertThatThrownBy(write.getValue())
          .as(write.getKey())
          .isInstanceOf(GitHubException.OutcomeUnknown.class);

      assertThat(fake.seen(write.getKey())).hasSize(1);
    }
  }
}
