package dev.latchkey.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.github.FakeGitHub.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What each answer that is not 2xx becomes, on the read and on the write.
class RefusalTest extends OnFakeGitHub {
  private static final String WORDS = "{\"message\": \"GitHub's words\", \"status\": \"x\"}";

  @ParameterizedTest
  @CsvSource({
    "301,NotFound,NotFound",
    "302,Unavailable,Unavailable",
    "307,Unavailable,Unavailable",
    "308,NotFound,NotFound",
    "400,Invalid,Invalid",
    "403,Forbidden,Forbidden",
    "404,NotFound,NotFound",
    "408,Unavailable,Unavailable",
    "409,Invalid,Invalid",
    "410,NotFound,NotFound",
    "413,Invalid,Invalid",
    "422,Invalid,Invalid",
    "429,RateLimited,RateLimited",
    "451,Forbidden,Forbidden",
    "500,Unavailable,OutcomeUnknown",
    "502,Unavailable,OutcomeUnknown",
    "503,Unavailable,Unavailable",
    "504,Unavailable,OutcomeUnknown"
  })
  void eachStatusHasItsKind(int status, String onRead, String onWrite) {
    fake.on("GET " + PULL, Reply.of(status, WORDS));
    fake.on("DELETE " + REVIEWS + "/3", Reply.of(status, WORDS));

    GitHubException read = refusedRead();
    GitHubException write = refusedWrite();

    assertThat(read.getClass().getSimpleName()).isEqualTo(onRead);
    assertThat(write.getClass().getSimpleName()).isEqualTo(onWrite);
    assertThat(read).hasMessageContaining("GET " + PULL + ": " + status + ": GitHub's words");
    assertThat(write).hasMessageContaining("DELETE " + REVIEWS + "/3: " + status);
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    try (FakeGitHub elsewhere = new FakeGitHub()) {
      String there = elsewhere.address() + PULL;
      fake.on("GET " + PULL, Reply.of(302, "").with("Location", there));
      fake.on("DELETE " + REVIEWS + "/3", Reply.of(307, "").with("Location", there));

      refusedRead();
      refusedWrite();

      assertThat(elsewhere.seen).isEmpty();
      assertThat(fake.seen("GET " + PULL)).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 429})
  void retryAfterComesFirst(int status) {
    fake.on(
        "GET " + PULL,
        Reply.of(status, WORDS)
            .with("Retry-After", "17")
            .with("x-ratelimit-remaining", "0")
            .with("x-ratelimit-reset", inSeconds(1_000)));

    assertThat(limitedUntil()).isEqualTo(now().plusSeconds(17));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 429})
  void thenTheResetOfABudgetThatIsUsedUp(int status) {
    fake.on(
        "GET " + PULL,
        Reply.of(status, WORDS)
            .with("X-RateLimit-Remaining", "0")
            .with("X-RateLimit-Reset", inSeconds(1_000)));

    assertThat(limitedUntil()).isEqualTo(now().plusSeconds(1_000));
  }

  @Test
  void thenAMinute() {
    String secondary = "{\"message\": \"You have exceeded a secondary rate limit. Wait.\"}";
    fake.on(
        "GET " + PULL,
        Reply.of(403, secondary)
            .with("x-ratelimit-remaining", "4999")
            .with("x-ratelimit-reset", inSeconds(3_000)));

    assertThat(limitedUntil()).isEqualTo(now().plusSeconds(60));
  }

  @ParameterizedTest
  @CsvSource({"999999999,86400", "0,0", "soon,60", "-5,60", "'Sun, 01 Mar 2026 12:00:30 GMT',30"})
  void retryAfterIsReadAndBounded(String header, long seconds) {
    fake.on("GET " + PULL, Reply.of(429, "").with("Retry-After", header));

    assertThat(limitedUntil()).isEqualTo(now().plusSeconds(seconds));
  }

  @Test
  void aLimitMetWhileWritingIsALimit() {
    String secondary = "{\"message\": \"You have exceeded a secondary rate limit\"}";
    fake.on("DELETE " + REVIEWS + "/3", Reply.of(403, secondary).with("Retry-After", "60"));

    assertThat(refusedWrite()).isInstanceOf(GitHubException.RateLimited.class);
  }

  @Test
  void unavailableTellsHowLongToWait() {
    fake.on("GET " + PULL, Reply.of(503, "<html>").with("Retry-After", "120"));
    assertThat(((GitHubException.Unavailable) refusedRead()).retryAfter())
        .contains(Duration.ofMinutes(2));

    fake.on("GET " + PULL, Reply.of(503, "<html>"));
    assertThat(((GitHubException.Unavailable) refusedRead()).retryAfter()).isEmpty();
  }

  static Stream<Arguments> forms() {
    return Stream.of(
        Arguments.of(
            "{\"message\": \"Unprocessable Entity\", \"errors\": [\"Line could not be resolved\"]}",
            List.of("Line could not be resolved")),
        Arguments.of(
            """
            {"message": "Validation Failed", "errors": [
              {"resource": "PullRequestReview", "field": "line", "code": "invalid"},
              {"resource": "X", "code": "custom", "message": "User can only have one pending"}]}\
            """,
            List.of("PullRequestReview line invalid", "X custom User can only have one pending")),
        Arguments.of(
            "{\"message\": \"Validation Failed\", \"errors\": \"one text\"}", List.of("one text")),
        Arguments.of(
            "{\"message\": \"Validation Failed\", \"errors\": {\"message\": \"one object\"}}",
            List.of("one object")),
        Arguments.of("{\"message\": \"No details\"}", List.of("No details")),
        Arguments.of("{\"message\": \"No details\", \"errors\": []}", List.of("No details")),
        Arguments.of(
            "{\"message\": \"Odd\", \"errors\": [null, 7, [], {}, {\"message\": [1]}]}",
            List.of("Odd")),
        Arguments.of("{\"errors\": [\"a\\n\\u2028b\\u0000\"]}", List.of("a b")),
        Arguments.of("{\"message\": 7}", List.of()),
        Arguments.of("[]", List.of()),
        Arguments.of("<html>", List.of()),
        Arguments.of("", List.of()));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void reasonsAreReadFromEachFormOf422(String body, List<String> errors) {
    fake.on("DELETE " + REVIEWS + "/3", Reply.of(422, body));

    GitHubException.Invalid invalid = (GitHubException.Invalid) refusedWrite();

    assertThat(invalid.errors()).isEqualTo(errors);
    assertThat(invalid.status()).isEqualTo(422);
    assertThat(invalid.getMessage()).doesNotContain("\n");
    errors.forEach(error -> assertThat(invalid).hasMessageContaining(error));
  }

  @Test
  void reasonsAreBounded() {
    String error = "\"" + "x".repeat(10_000) + "\"";
    String errors = (error + ",").repeat(999) + error;
    fake.on("DELETE " + REVIEWS + "/3", Reply.of(422, "{\"errors\": [" + errors + "]}"));

    GitHubException.Invalid invalid = (GitHubException.Invalid) refusedWrite();

    assertThat(invalid.errors()).hasSize(20).allMatch(text -> text.length() <= 301);
    assertThat(invalid.getMessage()).hasSizeLessThan(8_000);
  }

  @Test
  void aTokenThatGitHubRepeatsIsBlankedOut() {
    fake.on(
        "GET " + PULL,
        request -> {
          String token = request.headers().getOrDefault("authorization", "");
          return Reply.of(422, "{\"message\": \"" + token + "\", \"errors\": [\"" + token + "\"]}");
        });

    GitHubException.Invalid invalid = (GitHubException.Invalid) refusedRead();

    assertThat(Traces.of(invalid) + invalid.errors()).doesNotContain("canary").contains("[…]");
  }

  private Instant limitedUntil() {
    return ((GitHubException.RateLimited) refusedRead()).until();
  }

  private Instant now() {
    return fake.clock.instant();
  }

  private String inSeconds(long seconds) {
    return Long.toString(now().plusSeconds(seconds).getEpochSecond());
  }

  private GitHubException refusedRead() {
    return catchThrowableOfType(
        GitHubException.class, () -> github.pullRequest(REPOSITORY, 7, soon()));
  }

  private GitHubException refusedWrite() {
    return catchThrowableOfType(
        GitHubException.class, () -> github.deletePendingReview(REPOSITORY, 7, 3, soon()));
  }
}
