package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// GitHub, "Create an installation access token for an app", and what such a token opens.
final class InstallationTokenRulesTest {
  private static final String PULL = "/repos/octo/parcels/pulls/1";
  private static final String REVIEWS = PULL + "/reviews";

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
  void aTokenOpensTheInstallationsRepositories() throws IOException {
    var issued = app.tokenAnswer("{}");

    var answer = app.send("GET", PULL, issued.json().path("token").asString(), "");

    assertThat(issued.status()).isEqualTo(201);
    assertThat(issued.json().path("repository_selection").asString()).isEqualTo("all");
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void aTokenExpiresAfterAnHour() throws IOException {
    var issued = app.tokenAnswer("{}");
    var token = issued.json().path("token").asString();
    app.clock().advance(Duration.ofMinutes(59));
    var before = app.send("GET", PULL, token, "");
    app.clock().advance(Duration.ofMinutes(1));

    var after = app.send("GET", PULL, token, "");

    assertThat(issued.json().path("expires_at").asString()).isEqualTo("2026-11-01T13:00:00Z");
    assertThat(before.status()).isEqualTo(200);
    assertThat(after.status()).isEqualTo(401);
    assertThat(after.message()).isEqualTo("Bad credentials");
  }

  @Test
  void anUnknownTokenIsBadCredentials() throws IOException {
    var answer = app.send("GET", PULL, "ghs_" + "0".repeat(36), "");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.message()).isEqualTo("Bad credentials");
    assertThat(answer.json().path("status").asString()).isEqualTo("401");
    assertThat(answer.json().path("documentation_url").asString()).startsWith("https://docs.");
  }

  @Test
  void aTokenOfOneRepositoryDoesNotOpenAnother() throws IOException {
    app.github().addRepository("octo", "other");
    var token = app.token("{\"repositories\":[\"other\"]}");

    var answer = app.send("GET", PULL, token, "");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.message()).isEqualTo("Resource not accessible by integration");
  }

  @Test
  void aTokenMayBeAskedForByRepositoryId() throws IOException {
    var id = app.repository().id();

    var token = app.token("{\"repository_ids\":[" + id + "]}");

    assertThat(app.send("GET", PULL, token, "").status()).isEqualTo(200);
  }

  @Test
  void aTokenForAnUnknownRepositoryIsRefused() throws IOException {
    var answer = app.tokenAnswer("{\"repositories\":[\"parcels\",\"absent\"]}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.message()).startsWith("There is at least one repository that does not exist");
  }

  @Test
  void aTokenForAnUnknownInstallationIsNotFound() throws IOException {
    var answer = app.send("POST", "/app/installations/1/access_tokens", app.jwt(), "{}");

    assertThat(answer.status()).isEqualTo(404);
  }

  @Test
  void aReadingTokenMayNotWrite() throws IOException {
    var token = app.token("{\"permissions\":{\"pull_requests\":\"read\"}}");

    var read = app.send("GET", REVIEWS, token, "");
    var write = app.send("POST", REVIEWS, token, "{}");

    assertThat(read.status()).isEqualTo(200);
    assertThat(write.status()).isEqualTo(403);
    assertThat(write.message()).isEqualTo("Resource not accessible by integration");
  }

  @Test
  void aTokenWithoutThePermissionOpensNothingOfIt() throws IOException {
    var token = app.token("{\"permissions\":{\"pull_requests\":\"write\"}}");

    var answer = app.send("POST", "/repos/octo/parcels/check-runs", token, "{}");

    assertThat(answer.status()).isEqualTo(403);
  }

  @Test
  void morePermissionsThanTheAppHasAreRefused() throws IOException {
    try (var small = new TestApp(Map.of("metadata", "read", "checks", "read"))) {
      var answer = small.tokenAnswer("{\"permissions\":{\"checks\":\"write\"}}");

      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.message())
          .isEqualTo("The permissions requested are not granted to this installation.");
    }
  }

  @Test
  void theAppsOwnTokenOpensNoRepository() throws IOException {
    var answer = app.send("GET", PULL, app.jwt(), "");

    assertThat(answer.status()).isEqualTo(403);
  }

  @Test
  void anInstallationTokenDoesNotOpenTheApp() throws IOException {
    var answer = app.send("GET", "/app", app.token(), "");

    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  void unknownRoutesAreNotFound() throws IOException {
    assertThat(app.get("/issues/1").status()).isEqualTo(404);
    assertThat(app.get("/pulls/1/").status()).isEqualTo(404);
    assertThat(app.patch("/pulls/1", "{}").status()).isEqualTo(404);
    assertThat(app.send("GET", "/user", app.token(), "").status()).isEqualTo(404);
    assertThat(app.send("GET", "/repos/octo/absent/pulls/1", app.token(), "").message())
        .isEqualTo("Not Found");
  }
}
