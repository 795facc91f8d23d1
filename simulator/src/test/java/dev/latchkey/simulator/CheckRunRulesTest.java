package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// GitHub, "REST API endpoints for check runs".
final class CheckRunRulesTest {
  private static final String LIST = "/commits/" + TestApp.HEAD + "/check-runs";

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
  void aNewCheckRunIsQueued() throws IOException {
    var answer = app.post("/check-runs", run("latchkey", "key-1"));

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().path("status").asString()).isEqualTo("queued");
    assertThat(answer.json().path("conclusion").isNull()).isTrue();
    assertThat(answer.json().path("external_id").asString()).isEqualTo("key-1");
    assertThat(answer.json().path("app").path("id").asLong()).isEqualTo(4711);
  }

  @Test
  void aCompletedCheckRunNeedsAConclusion() throws IOException {
    var id = app.post("/check-runs", run("latchkey", "key-1")).json().path("id").asLong();

    var without = app.patch("/check-runs/" + id, "{\"status\":\"completed\"}");
    var unknown = app.patch("/check-runs/" + id, "{\"conclusion\":\"good\"}");
    var with =
        app.patch(
            "/check-runs/" + id,
            """
            {"status":"completed","conclusion":"success",
             "output":{"title":"Reviewed","summary":"3 findings"}}\
            """);

    assertThat(without.status()).isEqualTo(422);
    assertThat(without.message()).contains("\"conclusion\" wasn't supplied");
    assertThat(unknown.status()).isEqualTo(422);
    assertThat(with.status()).isEqualTo(200);
    assertThat(app.github().checkRuns(app.repository()))
        .containsExactly(
            new SimulatedCheckRun(
                id,
                "latchkey",
                TestApp.HEAD,
                "key-1",
                "completed",
                "success",
                "Reviewed",
                "3 findings",
                "",
                List.of()));
  }

  @Test
  void aConclusionCompletes() throws IOException {
    var id = app.post("/check-runs", run("latchkey", "key-1")).json().path("id").asLong();

    var json = app.patch("/check-runs/" + id, "{\"conclusion\":\"neutral\"}").json();

    assertThat(json.path("status").asString()).isEqualTo("completed");
    assertThat(json.path("completed_at").asString()).isEqualTo("2026-11-01T12:00:00Z");
  }

  @Test
  void aCheckRunIsForAKnownCommit() throws IOException {
    var unknown = "{\"name\":\"latchkey\",\"head_sha\":\"" + "e".repeat(40) + "\"}";

    var answer = app.post("/check-runs", unknown);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.message()).isEqualTo("No commit found for SHA: " + "e".repeat(40));
  }

  @Test
  void nameAndHeadAreRequired() throws IOException {
    assertThat(app.post("/check-runs", "{\"name\":\"latchkey\"}").status()).isEqualTo(422);
    assertThat(app.post("/check-runs", "{\"head_sha\":\"" + TestApp.HEAD + "\"}").status())
        .isEqualTo(422);
  }

  @Test
  void anOutputHasTitleAndSummary() throws IOException {
    var id = app.post("/check-runs", run("latchkey", "key-1")).json().path("id").asLong();

    var answer = app.patch("/check-runs/" + id, "{\"output\":{\"title\":\"Waiting\"}}");

    assertThat(answer.status()).isEqualTo(422);
  }

  @Test
  void aSummaryIsBounded() throws IOException {
    var output = "{\"output\":{\"title\":\"t\",\"summary\":\"" + "x".repeat(65_536) + "\"}}";
    var id = app.post("/check-runs", run("latchkey", "key-1")).json().path("id").asLong();

    assertThat(app.patch("/check-runs/" + id, output).status()).isEqualTo(422);
  }

  @Test
  void theListHasTheLatestOfEachNameUnlessAllAreAskedFor() throws IOException {
    app.post("/check-runs", run("latchkey", "key-1"));
    app.post("/check-runs", run("latchkey", "key-2"));
    app.post("/check-runs", run("other", "key-3"));

    var latest = app.get(LIST + "?check_name=latchkey").json();
    var all = app.get(LIST + "?check_name=latchkey&filter=all&app_id=4711").json();
    var foreign = app.get(LIST + "?app_id=1").json();

    assertThat(latest.path("total_count").asInt()).isEqualTo(1);
    assertThat(latest.path("check_runs").path(0).path("external_id").asString()).isEqualTo("key-2");
    assertThat(all.path("total_count").asInt()).isEqualTo(2);
    assertThat(foreign.path("total_count").asInt()).isZero();
  }

  @Test
  void theListComesInPages() throws IOException {
    for (var i = 0; i < 3; i++) {
      app.post("/check-runs", run("run-" + i, "key"));
    }

    var answer = app.get(LIST + "?per_page=2");

    assertThat(answer.json().path("total_count").asInt()).isEqualTo(3);
    assertThat(answer.json().path("check_runs").size()).isEqualTo(2);
    assertThat(answer.headers().get("link")).contains("rel=\"next\"");
  }

  @Test
  void anUnknownCheckRunIsNotFound() throws IOException {
    assertThat(app.patch("/check-runs/1", "{}").status()).isEqualTo(404);
  }

  private static String run(String name, String externalId) {
    return "{\"name\":\"%s\",\"head_sha\":\"%s\",\"external_id\":\"%s\"}"
        .formatted(name, TestApp.HEAD, externalId);
  }
}
