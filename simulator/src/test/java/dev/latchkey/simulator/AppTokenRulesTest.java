package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// GitHub, "Generating a JSON Web Token (JWT) for a GitHub App".
final class AppTokenRulesTest {
  private final TestApp app = new TestApp();

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void theAppIsToldItsSlug() throws IOException {
    var answer = app.send("GET", "/app", app.jwt(), "");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("slug").asString()).isEqualTo("latchkey");
    assertThat(answer.json().path("id").asLong()).isEqualTo(4711);
  }

  @Test
  void aRequestWithoutAUserAgentIsForbidden() throws IOException {
    var uri = URI.create(app.github().uri() + "/app");

    // The client names itself unless told otherwise, so the header is sent empty.
    var answer =
        PlainHttp.send(
            "GET", uri, Map.of("User-Agent", "", "Authorization", "Bearer " + app.jwt()), "");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).contains("User-Agent");
  }

  @Test
  void aRequestWithoutATokenIsUnauthorized() throws IOException {
    var uri = URI.create(app.github().uri() + "/app");

    var answer = PlainHttp.send("GET", uri, Map.of("User-Agent", "a-test"), "");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.message()).isEqualTo("Requires authentication");
  }

  @Test
  void aTokenSignedByAnotherKeyIsRefused() throws IOException {
    var parts = app.jwt().split("\\.", -1);
    var forged = TestApp.jwt(TestApp.keys(), parts[0] + "." + parts[1]);

    var answer = app.send("GET", "/app", forged, "");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.message()).isEqualTo("A JSON web token could not be decoded");
  }

  @Test
  void aTokenOfAnotherAlgorithmIsRefused() throws IOException {
    var now = app.clock().instant().getEpochSecond();
    var token = TestApp.jwt("HS256", TestApp.claims(now, now + 60, "4711"));

    var answer = app.send("GET", "/app", token, "");

    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  void aTokenOfAnotherAppIsRefused() throws IOException {
    var now = app.clock().instant().getEpochSecond();
    var token = TestApp.jwt("RS256", TestApp.claims(now, now + 60, "4712"));

    var answer = app.send("GET", "/app", token, "");

    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  void theIssuerMayBeANumber() throws IOException {
    var now = app.clock().instant().getEpochSecond();
    var token = TestApp.jwt("RS256", TestApp.claims(now, now + 60, "4711"));

    var answer = app.send("GET", "/app", token, "");

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void aTokenIsValidForTenMinutesAtMost() throws IOException {
    var now = app.clock().instant().getEpochSecond();

    var ten = app.send("GET", "/app", token(now, now + 600), "");
    var eleven = app.send("GET", "/app", token(now, now + 660), "");

    assertThat(ten.status()).isEqualTo(200);
    assertThat(eleven.status()).isEqualTo(401);
    assertThat(eleven.message())
        .isEqualTo("'Expiration time' claim ('exp') is too far in the future");
  }

  @Test
  void aTokenExpires() throws IOException {
    var token = app.jwt();
    app.clock().advance(Duration.ofMinutes(10));

    var answer = app.send("GET", "/app", token, "");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.message()).startsWith("'Expiration time' claim ('exp') must be a numeric");
  }

  @Test
  void aTokenMayNotBeIssuedInTheFuture() throws IOException {
    var now = app.clock().instant().getEpochSecond();

    var slightly = app.send("GET", "/app", token(now + 10, now + 300), "");
    var clearly = app.send("GET", "/app", token(now + 11, now + 300), "");

    assertThat(slightly.status()).isEqualTo(200);
    assertThat(clearly.status()).isEqualTo(401);
    assertThat(clearly.message()).startsWith("'Issued at' claim ('iat')");
  }

  @Test
  void aTokenWithoutTimesIsRefused() throws IOException {
    var answer = app.send("GET", "/app", TestApp.jwt("RS256", "{\"iss\":\"4711\"}"), "");

    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  void textThatIsNoTokenIsRefused() throws IOException {
    assertThat(app.send("GET", "/app", "x.y.z", "").status()).isEqualTo(401);
    assertThat(app.send("GET", "/app", "ghs_0", "").status()).isEqualTo(401);
  }

  private static String token(long issuedAt, long expires) {
    return TestApp.jwt("RS256", TestApp.claims(issuedAt, expires, "\"4711\""));
  }
}
