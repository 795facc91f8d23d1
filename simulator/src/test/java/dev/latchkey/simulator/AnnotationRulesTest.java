package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// GitHub, "Update a check run": "The Checks API limits the number of annotations to a maximum of
/// 50 per API request", and each request adds to those before.
final class AnnotationRulesTest {
  private static final String ONE =
      """
      {"path":"src/Main.java","start_line":2,"end_line":3,"annotation_level":"warning",
       "title":"Off by one","message":"The last line is left out."}\
      """;

  private final TestApp app = new TestApp();
  private long run;

  @BeforeEach
  void createRun() throws IOException {
    app.open();
    var body = "{\"name\":\"latchkey\",\"head_sha\":\"" + TestApp.HEAD + "\"}";
    run = app.post("/check-runs", body).json().path("id").asLong();
  }

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void anAnnotationIsKeptAsItWasSent() throws IOException {
    var answer = update(ONE);

    var listed = app.get("/check-runs/" + run + "/annotations").json();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("output").path("annotations_count").asInt()).isEqualTo(1);
    assertThat(app.github().checkRuns(app.repository()).getFirst().annotations())
        .containsExactly(
            new SimulatedAnnotation(
                "src/Main.java", 2, 3, "warning", "Off by one", "The last line is left out."));
    assertThat(listed.path(0).path("annotation_level").asString()).isEqualTo("warning");
  }

  @Test
  void aRequestHasAtMost50() throws IOException {
    var most = update(many(50));
    var more = update(many(51));

    assertThat(most.status()).isEqualTo(200);
    assertThat(more.status()).isEqualTo(422);
    assertThat(app.github().checkRuns(app.repository()).getFirst().annotations()).hasSize(50);
  }

  @Test
  void furtherRequestsAdd() throws IOException {
    update(many(50));
    update(many(20));

    var shown = app.get("/check-runs/" + run).json();
    var page = app.get("/check-runs/" + run + "/annotations?per_page=50");

    assertThat(shown.path("output").path("annotations_count").asInt()).isEqualTo(70);
    assertThat(page.json().size()).isEqualTo(50);
    assertThat(page.headers().get("link")).contains("rel=\"next\"");
  }

  @Test
  void anAnnotationHasPlaceLevelAndMessage() throws IOException {
    for (var field : new String[] {"path", "start_line", "end_line", "message"}) {
      var without = ONE.replace("\"" + field + "\"", "\"other\"");

      assertThat(update(without).status()).as(field).isEqualTo(422);
    }
    assertThat(update(ONE.replace("annotation_level", "level")).status()).isEqualTo(422);
    assertThat(update(ONE.replace("\"warning\"", "\"error\"")).status()).isEqualTo(422);
    assertThat(update(ONE.replace(":3,", ":1,")).status()).isEqualTo(422);
    assertThat(app.github().checkRuns(app.repository()).getFirst().annotations()).isEmpty();
  }

  @Test
  void whatARunWasIsKept() throws IOException {
    app.patch("/check-runs/" + run, "{\"status\":\"in_progress\"}");
    app.patch("/check-runs/" + run, "{\"conclusion\":\"success\"}");
    app.patch("/check-runs/" + run, "{\"conclusion\":\"good\"}");

    assertThat(app.github().checkRunHistory(app.repository(), run))
        .extracting(SimulatedCheckRun::status)
        .containsExactly("queued", "in_progress", "completed");
  }

  @Test
  void aTextIsKeptAndBounded() throws IOException {
    var output = "{\"output\":{\"title\":\"t\",\"summary\":\"s\",\"text\":\"%s\"}}";

    var taken = app.patch("/check-runs/" + run, output.formatted("more"));
    var refused = app.patch("/check-runs/" + run, output.formatted("x".repeat(65_536)));

    assertThat(taken.json().path("output").path("text").asString()).isEqualTo("more");
    assertThat(refused.status()).isEqualTo(422);
  }

  private PlainHttp.Answer update(String annotations) throws IOException {
    return app.patch(
        "/check-runs/" + run,
        "{\"output\":{\"title\":\"t\",\"summary\":\"s\",\"annotations\":[" + annotations + "]}}");
  }

  private static String many(int count) {
    var all = new StringJoiner(",");
    for (var i = 0; i < count; i++) {
      all.add(ONE);
    }
    return all.toString();
  }
}
