package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// GitHub, "REST API endpoints for issue comments", "… for pull request review comments".
final class ConversationRulesTest {
  private static final String COMMENTS = "/issues/1/comments";
  private static final String REVIEW =
      """
      {"body":"b","event":"COMMENT","comments":[
        {"path":"src/Main.java","line":2,"body":"first"},
        {"path":"src/Main.java","line":11,"body":"second"}]}\
      """;

  private final TestApp app = new TestApp();

  @BeforeEach
  void openPullRequest() {
    app.open();
  }

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void aCommentIsByTheAppsBot() throws IOException {
    var answer = app.post(COMMENTS, "{\"body\":\"hello\"}");

    var json = answer.json();
    assertThat(answer.status()).isEqualTo(201);
    assertThat(json.path("user").path("login").asString()).isEqualTo("latchkey[bot]");
    assertThat(json.path("user").path("type").asString()).isEqualTo("Bot");
    assertThat(json.path("issue_url").asString()).endsWith("/repos/octo/parcels/issues/1");
    assertThat(json.path("created_at").asString()).isEqualTo("2026-11-01T12:00:00Z");
    assertThat(app.github().people().comments(app.repository(), 1))
        .extracting(SimulatedIssueComment::body)
        .containsExactly("hello");
  }

  @Test
  void aCommentSaysSomethingOfAtMost65536Characters() throws IOException {
    var none = app.post(COMMENTS, "{}");
    var blank = app.post(COMMENTS, "{\"body\":\" \"}");
    var longest = app.post(COMMENTS, "{\"body\":\"" + "x".repeat(65_536) + "\"}");
    var longer = app.post(COMMENTS, "{\"body\":\"" + "x".repeat(65_537) + "\"}");

    assertThat(none.status()).isEqualTo(422);
    assertThat(blank.status()).isEqualTo(422);
    assertThat(longest.status()).isEqualTo(201);
    assertThat(longer.status()).isEqualTo(422);
    assertThat(longer.text()).contains("65536");
  }

  @Test
  void theAppChangesAndDeletesItsOwnCommentsOnly() throws IOException {
    var own = app.post(COMMENTS, "{\"body\":\"mine\"}").json().path("id").asLong();
    var other = app.github().people().comment(app.repository(), 1, "mira", "hers");

    var changed = app.patch("/issues/comments/" + own, "{\"body\":\"still mine\"}");
    var refused = app.patch("/issues/comments/" + other, "{\"body\":\"mine\"}");
    var deleted = app.delete("/issues/comments/" + own);
    var notDeleted = app.delete("/issues/comments/" + other);

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().path("body").asString()).isEqualTo("still mine");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.text()).isEmpty();
    assertThat(notDeleted.status()).isEqualTo(403);
    assertThat(app.get("/issues/comments/" + own).status()).isEqualTo(404);
    assertThat(app.delete("/issues/comments/" + own).status()).isEqualTo(404);
  }

  @Test
  void commentsSinceATimeAreThoseChangedThenOrLater() throws IOException {
    var people = app.github().people();
    var old = people.comment(app.repository(), 1, "mira", "old");
    people.comment(app.repository(), 1, "mira", "old too");
    app.open();
    app.clock().advance(Duration.ofMinutes(1));
    var fresh = people.comment(app.repository(), 2, "mira", "fresh");
    app.clock().advance(Duration.ofMinutes(1));
    people.edit(app.repository(), old, "edited");

    var since = "/issues/comments?since=2026-11-01T12:01:00Z&sort=updated";
    var ascending = app.get(since + "&direction=asc").json();
    var descending = app.get(since + "&direction=desc").json();
    var byCreation = app.get("/issues/comments?since=2026-11-01T12:01:00Z").json();

    assertThat(ids(ascending)).containsExactly(fresh, old);
    assertThat(ids(descending)).containsExactly(old, fresh);
    assertThat(ids(byCreation)).containsExactly(old, fresh);
  }

  @Test
  void aTimeOrAnOrderThatIsNoneIsRefused() throws IOException {
    assertThat(app.get("/issues/comments?since=yesterday").status()).isEqualTo(422);
    assertThat(app.get("/issues/comments?sort=age").status()).isEqualTo(422);
    assertThat(app.get("/issues/comments?direction=up").status()).isEqualTo(422);
  }

  @Test
  void commentsComeInPages() throws IOException {
    for (var i = 0; i < 3; i++) {
      app.github().people().comment(app.repository(), 1, "mira", "number " + i);
    }

    var first = app.get(COMMENTS + "?per_page=2");
    var second = app.get(COMMENTS + "?per_page=2&page=2");

    assertThat(first.json().size()).isEqualTo(2);
    assertThat(first.headers().get("link")).contains("rel=\"next\"");
    assertThat(second.json().path(0).path("body").asString()).isEqualTo("number 2");
  }

  @Test
  void theAuthorsAssociationIsTold() throws IOException {
    var words = new People.Words("mira", "User", "FIRST_TIME_CONTRIBUTOR", "hello");
    var id = app.github().people().comment(app.repository(), 1, words);

    var json = app.get("/issues/comments/" + id).json();

    assertThat(json.path("author_association").asString()).isEqualTo("FIRST_TIME_CONTRIBUTOR");
  }

  @Test
  void commentsOfAPendingReviewAreSeenInTheReviewOnly() throws IOException {
    var pending = REVIEW.replace("\"event\":\"COMMENT\",", "");
    var review = app.post("/pulls/1/reviews", pending).json().path("id").asLong();

    var below = app.get("/pulls/1/comments").json();
    var ofReview = app.get("/pulls/1/reviews/" + review + "/comments").json();

    assertThat(below.size()).isZero();
    assertThat(ofReview.size()).isEqualTo(2);
    assertThat(ofReview.path(1).path("body").asString()).isEqualTo("second");
    assertThat(ofReview.path(1).path("pull_request_review_id").asLong()).isEqualTo(review);
  }

  @Test
  void aReplyNamesTheFirstCommentOfItsThread() throws IOException {
    var first = firstOfReview();

    var reply = app.post("/pulls/1/comments/" + first + "/replies", "{\"body\":\"so it is\"}");
    var toReply =
        app.post(
            "/pulls/1/comments/" + reply.json().path("id").asLong() + "/replies",
            "{\"body\":\"no\"}");

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json().path("in_reply_to_id").asLong()).isEqualTo(first);
    assertThat(reply.json().path("path").asString()).isEqualTo("src/Main.java");
    assertThat(toReply.status()).isEqualTo(404);
    assertThat(app.post("/pulls/1/comments/1/replies", "{\"body\":\"x\"}").status()).isEqualTo(404);
  }

  @Test
  void commentsAtLinesAreListedPerPullRequestAndPerRepository() throws IOException {
    firstOfReview();
    app.clock().advance(Duration.ofMinutes(1));
    var first = app.get("/pulls/1/comments").json().path(0).path("id").asLong();
    var words = new People.Words("mira", "User", "MEMBER", "/dismiss");
    var answer = app.github().people().answer(app.repository(), first, words);

    var since = app.get("/pulls/comments?since=2026-11-01T12:01:00Z&sort=updated").json();
    var one = app.get("/pulls/comments/" + answer).json();

    assertThat(ids(app.get("/pulls/1/comments").json())).hasSize(3);
    assertThat(ids(since)).containsExactly(answer);
    assertThat(one.path("pull_request_url").asString()).endsWith("/pulls/1");
    assertThat(app.get("/pulls/comments/1").status()).isEqualTo(404);
  }

  @Test
  void aLineThatIsGoneMakesACommentOutdated() throws IOException {
    var first = firstOfReview();
    var other = "@@ -1 +1,2 @@\n one\n+another";
    app.github()
        .push(
            app.repository(),
            1,
            "d".repeat(40),
            List.of(SimulatedFile.modified("src/Main.java", other)));

    assertThat(app.get("/pulls/comments/" + first).json().path("line").isNull()).isTrue();
  }

  @Test
  void aReactionOfAKindIsKeptOnce() throws IOException {
    var id = app.github().people().comment(app.repository(), 1, "mira", "/review");
    var path = "/issues/comments/" + id + "/reactions";

    var first = app.post(path, "{\"content\":\"eyes\"}");
    var again = app.post(path, "{\"content\":\"eyes\"}");
    var other = app.post(path, "{\"content\":\"+1\"}");

    assertThat(first.status()).isEqualTo(201);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("id").asLong()).isEqualTo(first.json().path("id").asLong());
    assertThat(other.json().path("id").asLong()).isNotEqualTo(first.json().path("id").asLong());
    assertThat(ids(app.get(path).json())).hasSize(2);
    assertThat(app.github().people().reactions(app.repository()))
        .containsExactly(
            new SimulatedReaction("issues", id, "latchkey[bot]", "eyes"),
            new SimulatedReaction("issues", id, "latchkey[bot]", "+1"));
  }

  @Test
  void aReactionIsAKnownOneToAKnownComment() throws IOException {
    var first = firstOfReview();
    var path = "/pulls/comments/" + first + "/reactions";

    assertThat(app.post(path, "{\"content\":\"rocket\"}").status()).isEqualTo(201);
    assertThat(app.post(path, "{\"content\":\"thumbs\"}").status()).isEqualTo(422);
    assertThat(app.post(path, "{}").status()).isEqualTo(422);
    assertThat(
            app.post("/issues/comments/" + first + "/reactions", "{\"content\":\"eyes\"}").status())
        .isEqualTo(404);
  }

  @Test
  void readingPermissionWritesNothing() throws IOException {
    try (var reader = new TestApp(Map.of("metadata", "read", "pull_requests", "read"))) {
      reader.open();

      assertThat(reader.get(COMMENTS).status()).isEqualTo(200);
      assertThat(reader.post(COMMENTS, "{\"body\":\"x\"}").status()).isEqualTo(403);
      assertThat(reader.post(COMMENTS, "{\"body\":\"x\"}").message())
          .isEqualTo("Resource not accessible by integration");
    }
  }

  private long firstOfReview() throws IOException {
    app.post("/pulls/1/reviews", REVIEW);
    return app.get("/pulls/1/comments").json().path(0).path("id").asLong();
  }

  private static List<Long> ids(JsonNode list) {
    var ids = new ArrayList<Long>();
    list.forEach(item -> ids.add(item.path("id").asLong()));
    return ids;
  }
}
