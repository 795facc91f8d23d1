package dev.latchkey.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Payloads that GitHub sent, as others collected them. The profile `corpus` fetches them.
@Tag("corpus")
class WebhookCorpusTest {
  private static final Path INDEX =
      Path.of("target/corpus/node_modules/@octokit/webhooks-examples/api.github.com/index.json");

  private record Example(String kind, JsonNode payload) {
    WebhookEvent parsed() {
      return WebhookEvent.parse(kind, payload.toString().getBytes(UTF_8));
    }

    String action() {
      return payload.path("action").asString("");
    }

    boolean ofTheApp() {
      return payload.path("installation").isObject();
    }
  }

  @Test
  void everyExampleIsParsed() throws IOException {
    List<Example> examples = examples();

    assertThat(examples).hasSize(329).allSatisfy(one -> assertThat(one.parsed()).isNotNull());
  }

  @Test
  void eachExampleIsWhatItsNameAndActionSay() throws IOException {
    List<Example> examples = examples();

    for (Example example : examples) {
      assertThat(word(example.parsed()))
          .as("%s %s", example.kind(), example.action())
          .isEqualTo(expected(example));
    }
  }

  @Test
  void thereAreAsManyOfEachCaseAsWereCountedByHand() throws IOException {
    Map<String, Integer> counts = new TreeMap<>();

    for (Example example : examples()) {
      counts.merge(example.parsed().getClass().getSimpleName(), 1, Integer::sum);
    }

    assertThat(counts)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "PullRequestEvent", 14,
                "CommentEvent", 2,
                "CheckEvent", 4,
                "InstallationEvent", 10,
                "Ping", 4,
                "Other", 295));
  }

  private static String word(WebhookEvent event) {
    return switch (event) {
      case WebhookEvent.PullRequestEvent pull -> pull.action().name();
      case WebhookEvent.CommentEvent comment -> comment.place().name();
      case WebhookEvent.CheckEvent check -> "CHECK " + check.headSha().length();
      case WebhookEvent.InstallationEvent installation -> "INSTALLATION " + installation.action();
      case WebhookEvent.Ping _ -> "PING";
      case WebhookEvent.Other other -> "OTHER " + other.kind();
    };
  }

  private static String expected(Example example) {
    String other = "OTHER " + example.kind();
    return switch (example.kind()) {
      case "ping" -> "PING";
      case "installation", "installation_repositories" -> "INSTALLATION " + example.action();
      case "check_run", "check_suite" ->
          example.ofTheApp() && example.action().equals("rerequested") ? "CHECK 40" : other;
      case "pull_request" -> example.ofTheApp() ? pullRequest(example.action(), other) : other;
      case "pull_request_review_comment" ->
          example.ofTheApp() && example.action().equals("created") ? "THREAD" : other;
      // All of them are on plain issues.
      default -> other;
    };
  }

  private static String pullRequest(String action, String other) {
    return switch (action) {
      case "opened" -> "OPENED";
      case "reopened" -> "REOPENED";
      case "closed" -> "CLOSED";
      case "synchronize" -> "SYNCHRONIZE";
      case "ready_for_review" -> "READY_FOR_REVIEW";
      case "converted_to_draft" -> "CONVERTED_TO_DRAFT";
      case "labeled" -> "LABELED";
      case "unlabeled" -> "UNLABELED";
      default -> other;
    };
  }

  private static List<Example> examples() throws IOException {
    assertThat(INDEX).as("the examples, which the profile corpus fetches with npm").exists();
    List<Example> examples = new ArrayList<>();
    for (JsonNode event : new JsonMapper().readTree(Files.readString(INDEX))) {
      for (JsonNode payload : event.path("examples")) {
        examples.add(new Example(event.path("name").stringValue(), payload));
      }
    }
    return examples;
  }
}
