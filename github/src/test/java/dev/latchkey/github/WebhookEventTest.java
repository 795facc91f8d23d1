package dev.latchkey.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.github.WebhookEvent.Action;
import dev.latchkey.github.WebhookEvent.Other;
import dev.latchkey.github.WebhookEvent.Ping;
import dev.latchkey.github.WebhookEvent.PullRequestEvent;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookEventTest {
  private static final String SHA = "c".repeat(40);
  private static final String OPENED =
      """
      {"action": "opened", "number": 7,
       "pull_request": {"number": 7, "body": null, "title": "x", "draft": true,
         "head": {"sha": "%s", "ref": "topic"}, "base": {"sha": "%s", "ref": "main"}},
       "changes": {},
       "repository": {"id": 99, "name": "hello", "owner": {"login": "octo", "id": 1}},
       "sender": {"login": "mona", "id": 5, "type": "User"},
       "installation": {"id": 42, "node_id": "x"}}\
      """
          .formatted(SHA, SHA);

  @Test
  void openedTellsWhichPullRequestAndHead() {
    WebhookEvent event = parse("pull_request", OPENED);

    RepositoryRef repository = new RepositoryRef(42, 99, "octo", "hello");
    Account mona = new Account(5, "mona", "User");
    assertThat(event)
        .isEqualTo(new PullRequestEvent(Action.OPENED, repository, 7, SHA, "main", true, mona));
  }

  @ParameterizedTest
  @CsvSource({
    "opened,OPENED",
    "reopened,REOPENED",
    "ready_for_review,READY_FOR_REVIEW",
    "synchronize,SYNCHRONIZE",
    "closed,CLOSED",
    "labeled,LABELED",
    "unlabeled,UNLABELED",
    "converted_to_draft,CONVERTED_TO_DRAFT"
  })
  void eachActionHasItsName(String sent, Action action) {
    WebhookEvent event = parse("pull_request", OPENED.replace("\"opened\"", '"' + sent + '"'));

    assertThat(((PullRequestEvent) event).action()).isEqualTo(action);
  }

  @Test
  void onlyAnEditOfTheBaseIsARetarget() {
    String edited = OPENED.replace("\"opened\"", "\"edited\"");
    String retargeted =
        edited.replace(
            "\"changes\": {}", "\"changes\": {\"base\": {\"ref\": {\"from\": \"old\"}}}");

    assertThat(((PullRequestEvent) parse("pull_request", retargeted)).action())
        .isEqualTo(Action.RETARGETED);
    assertThat(parse("pull_request", edited)).isInstanceOf(Other.class);
  }

  @Test
  void anEditOfTheTitleAloneIsARetitle() {
    String edited = OPENED.replace("\"opened\"", "\"edited\"");
    String retitled = edited.replace("{}", "{\"title\": {\"from\": \"x\"}}");
    String both = edited.replace("{}", "{\"title\": {\"from\": \"x\"}, \"base\": {}}");

    assertThat(((PullRequestEvent) parse("pull_request", retitled)).action())
        .isEqualTo(Action.RETITLED);
    assertThat(((PullRequestEvent) parse("pull_request", both)).action())
        .isEqualTo(Action.RETARGETED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"locked", "assigned", "enqueued", "not_invented_yet"})
  void otherActionsAreOther(String sent) {
    String body = OPENED.replace("\"opened\"", '"' + sent + '"');

    WebhookEvent event = parse("pull_request", body);

    assertThat(event).isEqualTo(new Other("pull_request", sent, "no action acted on"));
  }

  @Test
  void withoutAnInstallationItIsOtherAndSaysWhy() {
    WebhookEvent event = parse("pull_request", OPENED.replace("\"installation\"", "\"gone\""));

    assertThat(event).isInstanceOf(Other.class);
    assertThat(((Other) event).reason()).contains("no installation");
  }

  @Test
  void pingIsPing() {
    assertThat(parse("ping", "{\"zen\": \"Keep it logically awesome.\", \"hook_id\": 1}"))
        .isEqualTo(new Ping("Keep it logically awesome."));
    assertThat(parse("ping", "{}")).isEqualTo(new Ping(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"action\": null, \"installation\": null, \"repository\": null}",
        "{\"action\": 7, \"repository\": [], \"number\": 1e400, \"sender\": {\"id\": {}}}",
        "{\"action\": [\"opened\"], \"number\": 123456789012345678901234567890}",
        "{\"action\": \"has spaces\\nand a line end\"}",
        "{\"pull_request\": {\"head\": {\"sha\": {\"deep\": [[[{\"action\": \"opened\"}]]]}}}}",
        "{\"head\": \"\\ud83d\", \"a/b\": 1, \"~\": 2, \"\": 3}"
      })
  void anyObjectOfAnotherEventIsOther(String body) {
    WebhookEvent event = parse("push", body);

    assertThat(event).isEqualTo(new Other("push", "", "no event this App acts on"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "7",
        "\"text\"",
        "{",
        "{\"a\": 1",
        "{\"a\": 1}}",
        "{\"a\": 1} {}",
        "{\"a\": 1, \"a\": 2}",
        "{\"x\": {\"y\": [{\"b\": 1, \"b\": 1}]}}",
        "{'a': 1}",
        "{\"a\": NaN}",
        "{\"a\": 01}",
        "{\"a\": 1,}",
        "{\"a\": \"\\q\"}",
        "{\"a\": \"\u0000\"}",
        "// comment\n{}"
      })
  void whatIsNotOneStrictJsonObjectIsMalformed(String body) {
    assertThatThrownBy(() -> parse("push", body)).isInstanceOf(GitHubException.Malformed.class);
    assertThatThrownBy(() -> parse("pull_request", body))
        .isInstanceOf(GitHubException.Malformed.class);
  }

  @Test
  void wrongUtf8IsMalformed() {
    byte[] body = {'{', '"', (byte) 0xc3, '"', ':', '1', '}'};

    assertThatThrownBy(() -> WebhookEvent.parse("push", body))
        .isInstanceOf(GitHubException.Malformed.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void aThousandLevelsAreReadAndOneMoreIsMalformed() {
    String deepest = "{\"a\":" + "[".repeat(999) + "]".repeat(999) + "}";
    String tooDeep = "{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}";

    assertThat(parse("push", deepest)).isInstanceOf(Other.class);
    assertThatThrownBy(() -> parse("push", tooDeep))
        .isInstanceOf(GitHubException.Malformed.class)
        .hasMessageContaining("1,000");
  }

  @Test
  void aLongTextIsReadOverAndABodyOverTheLimitIsMalformed() {
    String large = "{\"zen\": \"" + "z".repeat(21 << 20) + "\"}";
    byte[] tooLarge = new byte[WebhookEvent.MAX_BODY_BYTES + 1];

    assertThat(parse("ping", large)).isEqualTo(new Ping(""));
    assertThatThrownBy(() -> WebhookEvent.parse("ping", tooLarge))
        .isInstanceOf(GitHubException.Malformed.class)
        .hasMessageContaining("limit 26214400");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "pull request", "pull_request\n", "ümlaut"})
  void whatIsNoEventsNameIsMalformed(String header) {
    assertThatThrownBy(() -> parse(header, "{}")).isInstanceOf(GitHubException.Malformed.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"action\"                 | \"axtion\"             | /action",
        "\"opened\", \"number\"     | \"opened\", \"no\"     | /number",
        "\"number\": 7              | \"number\": \"7\"      | /number",
        "\"number\": 7              | \"number\": 0          | /number",
        "\"number\": 7              | \"number\": 4294967303 | /number",
        "\"number\": 7              | \"number\": 7.0        | /number",
        "\"head\"                   | \"hand\"               | /pull_request/head/sha",
        "\"sha\": \"c               | \"sha\": \"C           | /pull_request/head/sha",
        "\"ref\": \"main\"          | \"ref\": null          | /pull_request/base/ref",
        "\"repository\"             | \"repo\"               | /repository/id",
        "\"name\": \"hello\"        | \"name\": \"..\"       | . or ..",
        "\"login\": \"octo\"        | \"login\": \"\"        | 1 to 255",
        "\"installation\": {\"id\": 42 | \"installation\": {\"id\": -1 | positive"
      })
  void aPullRequestThatLacksWhatMakesItOneIsMalformed(String part, String instead, String says) {
    String body = OPENED.replace(part, instead);

    assertThatThrownBy(() -> parse("pull_request", body))
        .isInstanceOf(GitHubException.Malformed.class)
        .hasMessageContaining(says);
  }

  @Test
  void aNameThatOnlyLooksLikeAPathIsNoField() {
    String body =
        OPENED.replace("\"installation\": {\"id\": 42", "\"installation/id\": {\"id\": 42");

    assertThat(parse("pull_request", body)).isInstanceOf(Other.class);
  }

  @Test
  void aMissingSenderIsGhost() {
    WebhookEvent event = parse("pull_request", OPENED.replace("\"sender\"", "\"nobody\""));

    assertThat(((PullRequestEvent) event).sender().login()).isEqualTo("ghost");
  }

  @Test
  void messagesNeverQuoteThePayload() {
    assertThatThrownBy(() -> parse("push", "{\"a\": canary}"))
        .hasMessageNotContaining("canary")
        .hasNoCause()
        .hasMessageContaining("line 1");
  }

  @Test
  void damageIsNeverMoreThanMalformed() {
    long seed = 20_260_301L;
    Random random = new Random(seed);
    byte[] body = OPENED.getBytes(UTF_8);

    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = body.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      assertMalformedAtWorst(damaged, "seed " + seed + " round " + round);
    }
  }

  private static void assertMalformedAtWorst(byte[] body, String round) {
    try {
      assertThat(WebhookEvent.parse("pull_request", body)).as(round).isNotNull();
    } catch (GitHubException.Malformed e) {
      assertThat(e.getMessage()).as(round).isNotBlank().doesNotContain("\n");
    }
  }

  private static WebhookEvent parse(String kind, String body) {
    return WebhookEvent.parse(kind, body.getBytes(UTF_8));
  }
}
