package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// GitHub, "Rate limits for the REST API": "In general, no more than 80 content-generating requests
/// per minute and no more than 500 content-generating requests per hour are allowed."
final class LimitRulesTest {
  private static final String COMMENTS = "/issues/1/comments";
  private static final String HELLO = "{\"body\":\"hello\"}";

  private final TestApp app =
      new TestApp(options -> options.withRules(SimulatedRules.relaxed().withContentLimits(3, 5)));

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void gitHubsLimitsAre80AMinuteAnd500AnHour() {
    var rules = SimulatedRules.strict();

    assertThat(rules.contentPerMinute()).isEqualTo(80);
    assertThat(rules.contentPerHour()).isEqualTo(500);
  }

  @Test
  void tooMuchInAMinuteIsRefusedUntilTheOldestIsAMinuteOld() throws IOException {
    app.open();
    create(1);
    app.clock().advance(Duration.ofSeconds(20));
    create(2);

    var refused = app.post(COMMENTS, HELLO);
    app.clock().advance(Duration.ofSeconds(40));
    var taken = app.post(COMMENTS, HELLO);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.headers()).containsEntry("retry-after", "40");
    assertThat(refused.message()).startsWith("You have exceeded a secondary rate limit");
    assertThat(taken.status()).isEqualTo(201);
    assertThat(app.github().people().comments(app.repository(), 1)).hasSize(4);
  }

  @Test
  void tooMuchInAnHourIsRefusedUntilTheOldestIsAnHourOld() throws IOException {
    app.open();
    create(3);
    app.clock().advance(Duration.ofMinutes(10));
    create(2);

    var refused = app.post(COMMENTS, HELLO);
    app.clock().advance(Duration.ofMinutes(50));
    var taken = app.post(COMMENTS, HELLO);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.headers()).containsEntry("retry-after", "3000");
    assertThat(taken.status()).isEqualTo(201);
  }

  @Test
  void reviewsAndReactionsCountAndWhatIsRefusedDoesNot() throws IOException {
    app.open();
    var comment = app.github().people().comment(app.repository(), 1, "mira", "x");
    app.post("/pulls/1/reviews", "{\"body\":\"b\",\"event\":\"COMMENT\"}");
    app.post("/issues/comments/" + comment + "/reactions", "{\"content\":\"eyes\"}");
    app.post(COMMENTS, "{\"body\":\" \"}");

    var third = app.post(COMMENTS, HELLO);
    var fourth = app.post(COMMENTS, HELLO);

    assertThat(third.status()).isEqualTo(201);
    assertThat(fourth.status()).isEqualTo(403);
  }

  @Test
  void readsUpdatesAndCheckRunsAreNoContent() throws IOException {
    app.open();
    create(3);
    var own = app.github().people().comments(app.repository(), 1).getFirst().id();

    var run = "{\"name\":\"latchkey\",\"head_sha\":\"" + TestApp.HEAD + "\"}";

    assertThat(app.get(COMMENTS).status()).isEqualTo(200);
    assertThat(app.patch("/issues/comments/" + own, HELLO).status()).isEqualTo(200);
    assertThat(app.post("/check-runs", run).status()).isEqualTo(201);
  }

  @Test
  void withoutTheRuleNothingIsLimited() throws IOException {
    try (var relaxed = new TestApp()) {
      relaxed.open();
      for (var i = 0; i < 100; i++) {
        assertThat(relaxed.post(COMMENTS, HELLO).status()).isEqualTo(201);
      }
    }
  }

  @Test
  void contentCanBeLimitedOnDemand() throws IOException {
    app.open();
    app.github().troubles().limitContent(Duration.ofSeconds(30));

    var refused = app.post(COMMENTS, HELLO);
    var read = app.get(COMMENTS);
    app.clock().advance(Duration.ofSeconds(30));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.headers()).containsEntry("retry-after", "30");
    assertThat(read.status()).isEqualTo(200);
    assertThat(app.post(COMMENTS, HELLO).status()).isEqualTo(201);
  }

  @Test
  void everythingCanBeLimitedOnDemand() throws IOException {
    app.open();
    app.github().troubles().limitRequests(Duration.ofMinutes(5));

    var refused = app.get("/pulls/1");
    app.clock().advance(Duration.ofMinutes(5));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.headers())
        .containsEntry("x-ratelimit-remaining", "0")
        .containsEntry("x-ratelimit-reset", Long.toString(app.clock().instant().getEpochSecond()));
    assertThat(app.get("/pulls/1").status()).isEqualTo(200);
  }

  private void create(int count) throws IOException {
    for (var i = 0; i < count; i++) {
      assertThat(app.post(COMMENTS, HELLO).status()).isEqualTo(201);
    }
  }
}
