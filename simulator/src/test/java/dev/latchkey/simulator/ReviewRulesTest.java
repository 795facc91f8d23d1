package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// GitHub, "REST API endpoints for pull request reviews".
final class ReviewRulesTest {
  private static final String REVIEWS = "/pulls/1/reviews";
  private static final String PENDING = "{\"body\":\"first\"}";
  private static final String SUBMITTED = "{\"body\":\"done\",\"event\":\"COMMENT\"}";

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
  void aReviewWithoutAnEventIsPending() throws IOException {
    var answer = app.post(REVIEWS, PENDING);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("state").asString()).isEqualTo("PENDING");
    assertThat(answer.json().has("submitted_at")).isFalse();
    assertThat(answer.json().path("user").path("login").asString()).isEqualTo("latchkey[bot]");
    assertThat(answer.json().path("user").path("type").asString()).isEqualTo("Bot");
    assertThat(app.github().visibleReviews(app.repository(), 1)).isEmpty();
    assertThat(app.github().pendingReviews(app.repository(), 1)).hasSize(1);
  }

  @Test
  void aReviewWithAnEventIsSubmittedAtOnce() throws IOException {
    var answer = app.post(REVIEWS, SUBMITTED);

    assertThat(answer.json().path("state").asString()).isEqualTo("COMMENTED");
    assertThat(answer.json().path("submitted_at").asString()).isEqualTo("2026-11-01T12:00:00Z");
    assertThat(answer.json().path("commit_id").asString()).isEqualTo(TestApp.HEAD);
    assertThat(app.github().visibleReviews(app.repository(), 1)).hasSize(1);
  }

  @Test
  void anApprovalIsRecordedAsOne() throws IOException {
    app.post(REVIEWS, "{\"event\":\"APPROVE\"}");

    assertThat(app.github().visibleReviews(app.repository(), 1).getFirst().state())
        .isEqualTo("APPROVED");
  }

  @Test
  void aSecondPendingReviewIsRefused() throws IOException {
    app.post(REVIEWS, PENDING);

    var answer = app.post(REVIEWS, PENDING);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.message()).isEqualTo("Unprocessable Entity");
    assertThat(answer.json().path("errors").path(0).asString())
        .isEqualTo("User can only have one pending review per pull request");
    assertThat(app.github().pendingReviews(app.repository(), 1)).hasSize(1);
  }

  @Test
  void aSubmittedReviewIsRefusedWhileOneIsPending() throws IOException {
    app.post(REVIEWS, PENDING);

    var answer = app.post(REVIEWS, SUBMITTED);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("errors").path(0).asString())
        .isEqualTo("User can only have one pending review per pull request");
    assertThat(app.github().visibleReviews(app.repository(), 1)).isEmpty();
  }

  @Test
  void aStrangersPendingReviewIsNeitherSeenNorInTheWay() throws IOException {
    app.github().plantReview(app.repository(), 1, review("mira", "PENDING"));

    var listed = app.get(REVIEWS);
    var created = app.post(REVIEWS, PENDING);

    assertThat(listed.json().size()).isZero();
    assertThat(created.status()).isEqualTo(200);
  }

  @Test
  void anotherPullRequestsPendingReviewIsNotInTheWay() throws IOException {
    app.open();
    app.post(REVIEWS, PENDING);

    var answer = app.post("/pulls/2/reviews", PENDING);

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void theAuthorSeesItsPendingReviewInTheList() throws IOException {
    var id = app.post(REVIEWS, PENDING).json().path("id").asLong();

    var listed = app.get(REVIEWS).json();

    assertThat(listed.size()).isEqualTo(1);
    assertThat(listed.path(0).path("id").asLong()).isEqualTo(id);
    assertThat(listed.path(0).path("body").asString()).isEqualTo("first");
  }

  @Test
  void reviewsComeInPagesOldestFirst() throws IOException {
    for (var i = 0; i < 3; i++) {
      app.github().plantReview(app.repository(), 1, review("mira-" + i, "COMMENTED"));
    }

    var first = app.get(REVIEWS + "?per_page=2");
    var second = app.get(REVIEWS + "?per_page=2&page=2");

    assertThat(first.json().size()).isEqualTo(2);
    assertThat(first.headers().get("link")).contains("rel=\"next\"");
    assertThat(second.json().path(0).path("user").path("login").asString()).isEqualTo("mira-2");
    assertThat(second.json().path(0).path("user").path("type").asString()).isEqualTo("User");
  }

  @Test
  void submittingMakesAPendingReviewVisible() throws IOException {
    var id = app.post(REVIEWS, PENDING).json().path("id").asLong();

    var answer = app.post(REVIEWS + "/" + id + "/events", "{\"event\":\"COMMENT\"}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("state").asString()).isEqualTo("COMMENTED");
    assertThat(answer.json().path("body").asString()).isEqualTo("first");
    assertThat(app.github().visibleReviews(app.repository(), 1)).hasSize(1);
    assertThat(app.github().pendingReviews(app.repository(), 1)).isEmpty();
  }

  @Test
  void submittingNeedsAnEvent() throws IOException {
    var id = app.post(REVIEWS, PENDING).json().path("id").asLong();

    var without = app.post(REVIEWS + "/" + id + "/events", "{}");
    var unknown = app.post(REVIEWS + "/" + id + "/events", "{\"event\":\"PENDING\"}");

    assertThat(without.status()).isEqualTo(422);
    assertThat(unknown.status()).isEqualTo(422);
    assertThat(app.github().pendingReviews(app.repository(), 1)).hasSize(1);
  }

  @Test
  void aReviewIsSubmittedOnce() throws IOException {
    var id = app.post(REVIEWS, SUBMITTED).json().path("id").asLong();

    var answer = app.post(REVIEWS + "/" + id + "/events", "{\"event\":\"COMMENT\"}");

    assertThat(answer.status()).isEqualTo(422);
  }

  @Test
  void aPendingReviewCanBeDeleted() throws IOException {
    var id = app.post(REVIEWS, PENDING).json().path("id").asLong();

    var answer = app.delete(REVIEWS + "/" + id);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(app.github().pendingReviews(app.repository(), 1)).isEmpty();
    assertThat(app.post(REVIEWS, PENDING).status()).isEqualTo(200);
  }

  @Test
  void aSubmittedReviewCanNotBeDeleted() throws IOException {
    var id = app.post(REVIEWS, SUBMITTED).json().path("id").asLong();

    var answer = app.delete(REVIEWS + "/" + id);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.message()).isEqualTo("Can not delete a non-pending pull request review");
    assertThat(app.github().visibleReviews(app.repository(), 1)).hasSize(1);
  }

  @Test
  void aStrangersReviewCanNotBeTouched() throws IOException {
    var pending = app.github().plantReview(app.repository(), 1, review("mira", "PENDING"));
    var visible = app.github().plantReview(app.repository(), 1, review("mira", "COMMENTED"));

    assertThat(app.delete(REVIEWS + "/" + pending).status()).isEqualTo(404);
    assertThat(app.delete(REVIEWS + "/" + visible).status()).isEqualTo(403);
    assertThat(app.delete(REVIEWS + "/1").status()).isEqualTo(404);
  }

  @Test
  void aLeftoverOfTheAppIsItsOwn() throws IOException {
    app.github().plantReview(app.repository(), 1, review("latchkey[bot]", "PENDING"));

    assertThat(app.get(REVIEWS).json().size()).isEqualTo(1);
    assertThat(app.post(REVIEWS, PENDING).status()).isEqualTo(422);
  }

  @Test
  void theCommitMustBelongToThePullRequest() throws IOException {
    var answer = app.post(REVIEWS, "{\"commit_id\":\"" + "e".repeat(40) + "\"}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("errors").path(0).asString())
        .isEqualTo("The commitOID is not part of the pull request");
  }

  @Test
  void anEarlierHeadStillBelongsAfterAPush() throws IOException {
    app.github().push(app.repository(), 1, "d".repeat(40), List.of());

    var answer = app.post(REVIEWS, "{\"commit_id\":\"" + TestApp.HEAD + "\",\"body\":\"x\"}");

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void aForcePushRepointsOldReviewsAndForgetsOldHeads() throws IOException {
    app.post(REVIEWS, SUBMITTED);
    app.github().forcePush(app.repository(), 1, "d".repeat(40), List.of());

    var review = app.get(REVIEWS).json().path(0);
    var onOldHead = app.post(REVIEWS, "{\"commit_id\":\"" + TestApp.HEAD + "\"}");

    assertThat(review.path("commit_id").asString()).isEqualTo("d".repeat(40));
    assertThat(onOldHead.status()).isEqualTo(422);
  }

  @Test
  void aBodyHasAtMost65536Characters() throws IOException {
    var longest = app.post(REVIEWS, "{\"body\":\"" + "x".repeat(65_536) + "\"}");
    var id = longest.json().path("id").asLong();
    app.delete(REVIEWS + "/" + id);

    var longer = app.post(REVIEWS, "{\"body\":\"" + "x".repeat(65_537) + "\"}");

    assertThat(longest.status()).isEqualTo(200);
    assertThat(longer.status()).isEqualTo(422);
    assertThat(longer.text()).contains("65536");
  }

  @Test
  void aSubmittedReviewSaysSomething() throws IOException {
    var answer = app.post(REVIEWS, "{\"event\":\"COMMENT\"}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(app.github().visibleReviews(app.repository(), 1)).isEmpty();
  }

  @Test
  void aBodyThatIsNoJsonIsABadRequest() throws IOException {
    assertThat(app.post(REVIEWS, "{").message()).isEqualTo("Problems parsing JSON");
    assertThat(app.post(REVIEWS, "[]").message()).isEqualTo("Body should be a JSON object");
    assertThat(app.post(REVIEWS, "{\"body\":1}").status()).isEqualTo(422);
  }

  private static SimulatedReview review(String author, String state) {
    var type = author.endsWith("[bot]") ? "Bot" : "User";
    return new SimulatedReview(0, author, type, state, "text", TestApp.HEAD, null, List.of());
  }
}
