package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// GitHub, "REST API endpoints for GitHub Apps" and "… for GitHub App installations".
final class InstallationRulesTest {
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
  void theAppTellsItsPermissionsAndEvents() throws IOException {
    var json = app.asApp("GET", "/app").json();

    assertThat(json.path("slug").asString()).isEqualTo("latchkey");
    assertThat(json.path("permissions").path("pull_requests").asString()).isEqualTo("write");
    assertThat(json.path("events").toString()).contains("\"pull_request\"", "\"issue_comment\"");
  }

  @Test
  void installationsAreListedInPages() throws IOException {
    app.github().addRepository("hexa", "letters");

    var first = app.asApp("GET", "/app/installations?per_page=1");
    var all = app.asApp("GET", "/app/installations").json();

    assertThat(first.json().size()).isEqualTo(1);
    assertThat(first.headers().get("link")).contains("rel=\"next\"");
    assertThat(all.size()).isEqualTo(2);
    assertThat(all.path(0).path("id").asLong()).isEqualTo(app.repository().installation());
    assertThat(all.path(0).path("account").path("login").asString()).isEqualTo("octo");
    assertThat(all.path(0).path("suspended_at").isNull()).isTrue();
  }

  @Test
  void theInstallationOfARepositoryIsToldToTheApp() throws IOException {
    var answer = app.asApp("GET", "/repos/octo/parcels/installation");
    var unknown = app.asApp("GET", "/repos/octo/nothing/installation");

    assertThat(answer.json().path("id").asLong()).isEqualTo(app.repository().installation());
    assertThat(unknown.status()).isEqualTo(404);
  }

  @Test
  void aTokenSeesTheRepositoriesItIsFor() throws IOException {
    var other = app.github().addRepository("octo", "letters");
    app.github().addRepository("hexa", "stamps");
    var narrow = app.token("{\"repository_ids\":[" + other.id() + "]}");

    var all = app.send("GET", "/installation/repositories", app.token(), "").json();
    var one = app.send("GET", "/installation/repositories", narrow, "").json();

    assertThat(all.path("total_count").asInt()).isEqualTo(2);
    assertThat(one.path("total_count").asInt()).isEqualTo(1);
    assertThat(one.path("repositories").path(0).path("full_name").asString())
        .isEqualTo("octo/letters");
  }

  @Test
  void aSuspendedInstallationGivesNoTokenAndTakesNone() throws IOException {
    var token = app.token();
    app.github().troubles().suspend(app.repository(), true);

    var asked = app.tokenAnswer("{}");
    var used = app.send("GET", "/repos/octo/parcels/pulls/1", token, "");
    var listed = app.asApp("GET", "/app/installations").json();
    app.github().troubles().suspend(app.repository(), false);

    assertThat(asked.status()).isEqualTo(403);
    assertThat(asked.message()).isEqualTo("This installation has been suspended");
    assertThat(used.status()).isEqualTo(403);
    assertThat(listed.path(0).path("suspended_at").asString()).isEqualTo("2026-11-01T12:00:00Z");
    assertThat(app.get("/pulls/1").status()).isEqualTo(200);
  }

  @Test
  void anAppThatIsTakenOutIsNowhere() throws IOException {
    var token = app.token();
    app.github().troubles().uninstall(app.repository(), true);

    assertThat(app.tokenAnswer("{}").status()).isEqualTo(404);
    assertThat(app.send("GET", "/repos/octo/parcels/pulls/1", token, "").status()).isEqualTo(401);
    assertThat(app.asApp("GET", "/app/installations").json().size()).isZero();
    assertThat(app.asApp("GET", "/repos/octo/parcels/installation").status()).isEqualTo(404);
  }

  @Test
  void revokedTokensAreWorthlessAndNewOnesAreNot() throws IOException {
    var token = app.token();
    app.github().troubles().revokeTokens();

    var old = app.send("GET", "/repos/octo/parcels/pulls/1", token, "");

    assertThat(old.status()).isEqualTo(401);
    assertThat(old.message()).isEqualTo("Bad credentials");
    assertThat(app.get("/pulls/1").status()).isEqualTo(200);
  }

  @Test
  void tokensMayLiveShorter() throws IOException {
    app.github().troubles().tokenLife(Duration.ofMinutes(2));
    var answer = app.tokenAnswer("{}").json();
    var token = answer.path("token").asString();

    app.clock().advance(Duration.ofMinutes(2));

    assertThat(answer.path("expires_at").asString()).isEqualTo("2026-11-01T12:02:00Z");
    assertThat(app.send("GET", "/repos/octo/parcels/pulls/1", token, "").status()).isEqualTo(401);
  }
}
