package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// GitHub, "Webhook events and payloads".
final class PayloadRulesTest {
  private final TestApp app = new TestApp();
  private final People people = app.github().people();
  private final Deliveries deliveries = app.github().deliveries();

  @BeforeEach
  void openPullRequest() {
    app.open();
  }

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void anEditSaysWhatTheTitleWas() {
    people.change(app.repository(), 1, traits -> traits.withTitle("WIP"));

    var json = payload(deliveries.pullRequest(app.repository(), 1, "edited"));

    assertThat(json.path("changes").path("title").path("from").asString()).isEqualTo("A change");
    assertThat(json.path("changes").has("base")).isFalse();
    assertThat(json.path("pull_request").path("title").asString()).isEqualTo("WIP");
  }

  @Test
  void anEditSaysWhatTheBaseWas() {
    people.retarget(app.repository(), 1, "next", "f".repeat(40), List.of());

    var json = payload(deliveries.pullRequest(app.repository(), 1, "edited"));

    var base = json.path("changes").path("base");
    assertThat(base.path("ref").path("from").asString()).isEqualTo("main");
    assertThat(base.path("sha").path("from").asString()).isEqualTo(TestApp.BASE);
    assertThat(json.path("changes").has("title")).isFalse();
    assertThat(json.path("pull_request").path("base").path("sha").asString())
        .isEqualTo("f".repeat(40));
  }

  @Test
  void aSecondRetargetSaysTheBaseBeforeIt() {
    people.retarget(app.repository(), 1, "next", "f".repeat(40), List.of());
    people.retarget(app.repository(), 1, "other", "e".repeat(40), List.of());

    var base =
        payload(deliveries.pullRequest(app.repository(), 1, "edited")).path("changes").path("base");

    assertThat(base.path("ref").path("from").asString()).isEqualTo("next");
    assertThat(base.path("sha").path("from").asString()).isEqualTo("f".repeat(40));
  }

  @Test
  void aLabelIsNamedWhenItComesAndWhenItGoes() {
    people.label(app.repository(), 1, "kept");
    people.label(app.repository(), 1, "skip");
    var labelled = payload(deliveries.pullRequest(app.repository(), 1, "labeled"));
    people.unlabel(app.repository(), 1, "skip");
    var unlabelled = payload(deliveries.pullRequest(app.repository(), 1, "unlabeled"));

    assertThat(labelled.path("label").path("name").asString()).isEqualTo("skip");
    assertThat(labelled.path("pull_request").path("labels").size()).isEqualTo(2);
    assertThat(unlabelled.path("label").path("name").asString()).isEqualTo("skip");
    assertThat(unlabelled.path("pull_request").path("labels").size()).isEqualTo(1);
  }

  @Test
  void otherActionsTellTheStateOfTheirTime() {
    people.convertToDraft(app.repository(), 1);
    var draft = payload(deliveries.pullRequest(app.repository(), 1, "converted_to_draft"));
    app.github().markReady(app.repository(), 1);
    var ready = payload(deliveries.pullRequest(app.repository(), 1, "ready_for_review"));
    people.merge(app.repository(), 1);
    var closed = payload(deliveries.pullRequest(app.repository(), 1, "closed"));

    assertThat(draft.path("pull_request").path("draft").asBoolean()).isTrue();
    assertThat(ready.path("pull_request").path("draft").asBoolean(true)).isFalse();
    assertThat(closed.path("pull_request").path("merged").asBoolean()).isTrue();
    assertThat(closed.path("pull_request").path("state").asString()).isEqualTo("closed");
    assertThat(closed.has("changes")).isFalse();
    assertThat(closed.has("label")).isFalse();
  }

  @Test
  void aCommentBelowAPullRequestIsAnIssuesComment() {
    var words = new People.Words("mira", "User", "MEMBER", "/review");
    var id = people.comment(app.repository(), 1, words);

    var delivery = deliveries.comment(app.repository(), id, "created");

    var json = payload(delivery);
    assertThat(delivery.event()).isEqualTo("issue_comment");
    assertThat(json.path("issue").path("number").asInt()).isEqualTo(1);
    assertThat(json.path("issue").path("pull_request").path("url").asString()).endsWith("/pulls/1");
    assertThat(json.path("comment").path("id").asLong()).isEqualTo(id);
    assertThat(json.path("comment").path("body").asString()).isEqualTo("/review");
    assertThat(json.path("comment").path("author_association").asString()).isEqualTo("MEMBER");
    assertThat(json.path("sender").path("login").asString()).isEqualTo("mira");
  }

  @Test
  void anEditedCommentSaysWhatItSaid() {
    var id = people.comment(app.repository(), 1, "mira", "/reviw");
    people.edit(app.repository(), id, "/review");

    var json = payload(deliveries.comment(app.repository(), id, "edited"));

    assertThat(json.path("changes").path("body").path("from").asString()).isEqualTo("/reviw");
    assertThat(json.path("comment").path("body").asString()).isEqualTo("/review");
  }

  @Test
  void aDeletedCommentIsToldAsItWas() throws IOException {
    var id = people.comment(app.repository(), 1, "mira", "/review");
    var delivery = deliveries.comment(app.repository(), id, "deleted");
    people.delete(app.repository(), id);

    assertThat(payload(delivery).path("comment").path("body").asString()).isEqualTo("/review");
    assertThat(app.get("/issues/comments/" + id).status()).isEqualTo(404);
  }

  @Test
  void anAnswerInAThreadNamesItsFirstComment() throws IOException {
    app.post(
        "/pulls/1/reviews",
        """
        {"body":"b","event":"COMMENT","comments":[
          {"path":"src/Main.java","line":2,"body":"first"}]}\
        """);
    var first = people.threadComments(app.repository(), 1).getFirst().id();
    var words = new People.Words("mira", "User", "MEMBER", "/dismiss");
    var answer = people.answer(app.repository(), first, words);

    var delivery = deliveries.threadComment(app.repository(), answer);

    var json = payload(delivery);
    assertThat(delivery.event()).isEqualTo("pull_request_review_comment");
    assertThat(json.path("action").asString()).isEqualTo("created");
    assertThat(json.path("comment").path("in_reply_to_id").asLong()).isEqualTo(first);
    assertThat(json.path("pull_request").path("number").asInt()).isEqualTo(1);
  }

  @Test
  void aRerunNamesThePullRequestUnlessItComesFromAFork() throws IOException {
    var own = payload(deliveries.rerun(app.repository(), run())).path("check_run");
    people.change(app.repository(), 1, traits -> traits.fromFork(77L));
    var fork = payload(deliveries.rerun(app.repository(), run())).path("check_run");

    assertThat(own.path("external_id").asString()).isEqualTo("key-1");
    assertThat(own.path("app").path("id").asLong()).isEqualTo(4711);
    assertThat(own.path("pull_requests").path(0).path("number").asInt()).isEqualTo(1);
    assertThat(fork.path("head_sha").asString()).isEqualTo(TestApp.HEAD);
    assertThat(fork.path("pull_requests").size()).isZero();
  }

  @Test
  void aRerunOfAllIsASuitesEvent() {
    var delivery = deliveries.rerunAll(app.repository(), TestApp.HEAD);
    people.change(app.repository(), 1, traits -> traits.fromFork(null));
    var fork = payload(deliveries.rerunAll(app.repository(), TestApp.HEAD));

    var suite = payload(delivery).path("check_suite");
    assertThat(delivery.event()).isEqualTo("check_suite");
    assertThat(delivery.action()).isEqualTo("rerequested");
    assertThat(suite.path("head_sha").asString()).isEqualTo(TestApp.HEAD);
    assertThat(suite.path("app").path("id").asLong()).isEqualTo(4711);
    assertThat(suite.path("pull_requests").path(0).path("number").asInt()).isEqualTo(1);
    assertThat(fork.path("check_suite").path("pull_requests").size()).isZero();
  }

  @Test
  void anInstallationIsToldWithItsRepositories() {
    app.github().addRepository("octo", "letters");
    app.github().addRepository("hexa", "stamps");

    var created = payload(deliveries.installation(app.repository(), "created"));
    app.github().troubles().suspend(app.repository(), true);
    var suspended = payload(deliveries.installation(app.repository(), "suspend"));

    assertThat(created.path("installation").path("account").path("login").asString())
        .isEqualTo("octo");
    assertThat(created.path("repositories").size()).isEqualTo(2);
    assertThat(created.has("repository")).isFalse();
    assertThat(suspended.path("installation").path("suspended_at").asString())
        .isEqualTo("2026-11-01T12:00:00Z");
  }

  @Test
  void aRepositoryIsAddedToAnInstallationOrRemoved() {
    var added = payload(deliveries.installationRepositories(app.repository(), "added"));
    var removed = payload(deliveries.installationRepositories(app.repository(), "removed"));

    assertThat(added.path("repositories_added").path(0).path("full_name").asString())
        .isEqualTo("octo/parcels");
    assertThat(added.path("repositories_removed").size()).isZero();
    assertThat(removed.path("repositories_removed").size()).isEqualTo(1);
  }

  @Test
  void aPingHasNoActionAndNoRepository() {
    var delivery = deliveries.ping();

    assertThat(delivery.event()).isEqualTo("ping");
    assertThat(delivery.action()).isEmpty();
    assertThat(payload(delivery).path("zen").asString()).isNotBlank();
    assertThat(payload(delivery).path("hook").path("app_id").asLong()).isEqualTo(4711);
  }

  private SimulatedCheckRun run() throws IOException {
    app.post(
        "/check-runs",
        "{\"name\":\"latchkey\",\"head_sha\":\"%s\",\"external_id\":\"key-1\"}"
            .formatted(TestApp.HEAD));
    return app.github().checkRuns(app.repository()).getLast();
  }

  private static JsonNode payload(SimulatedDelivery delivery) {
    return PlainHttp.JSON.readTree(delivery.body());
  }
}
