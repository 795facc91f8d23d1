package dev.latchkey.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.github.WebhookEvent.CheckEvent;
import dev.latchkey.github.WebhookEvent.CommentEvent;
import dev.latchkey.github.WebhookEvent.InstallationEvent;
import dev.latchkey.github.WebhookEvent.Other;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What people say and ask for, as webhooks tell it.
class WebhookConversationTest {
  private static final String SHA = "c".repeat(40);
  private static final RepositoryRef REPOSITORY = new RepositoryRef(42, 99, "octo", "hello");
  private static final Account MONA = new Account(5, "mona", "User");
  private static final String WHERE =
      """
      "repository": {"id": 99, "name": "hello", "owner": {"login": "octo"}},
      "installation": {"id": 42, "account": {"id": 1, "login": "octo", "type": "Organization"}}}\
      """;
  private static final String COMMENT =
      """
      "comment": {"id": 3000000000, "author_association": "MEMBER", "body": "/review",
        "user": {"id": 5, "login": "mona", "type": "User"}, "in_reply_to_id": 8},\
      """;
  private static final String CONVERSATION =
      "{\"action\": \"created\", \"issue\": {\"number\": 7, \"pull_request\": {\"url\": \"x\"}},"
          + COMMENT
          + WHERE;
  private static final String THREAD =
      "{\"action\": \"created\", \"pull_request\": {\"number\": 7}," + COMMENT + WHERE;
  private static final String RUN =
      """
      {"action": "rerequested", "check_run": {"id": 1, "head_sha": "%s", "external_id": "key",
        "app": {"id": 4711}, "check_suite": {"pull_requests": [{"number": 1}]},
        "pull_requests": [{"number": 7, "base": {"repo": {"id": 99}}}, {"number": 8}]},\
      """
              .formatted(SHA)
          + WHERE;

  @Test
  void aCommentInTheConversationOrAThreadIsTold() {
    WebhookEvent conversation = parse("issue_comment", CONVERSATION.replace("8}", "null}"));
    WebhookEvent thread = parse("pull_request_review_comment", THREAD);

    Association member = Association.MEMBER;
    long id = 3_000_000_000L;
    assertThat(conversation)
        .isEqualTo(
            new CommentEvent(
                CommentPlace.CONVERSATION, REPOSITORY, 7, id, 0, MONA, member, "/review"));
    assertThat(thread)
        .isEqualTo(
            new CommentEvent(CommentPlace.THREAD, REPOSITORY, 7, id, 8, MONA, member, "/review"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"edited", "deleted"})
  void onlyANewCommentIsActedOn(String action) {
    String words = '"' + action + '"';

    assertThat(parse("issue_comment", CONVERSATION.replace("\"created\"", words)))
        .isInstanceOf(Other.class);
    assertThat(parse("pull_request_review_comment", THREAD.replace("\"created\"", words)))
        .isInstanceOf(Other.class);
  }

  @Test
  void aCommentOnAPlainIssueOrOutsideAnInstallationIsOther() {
    String issue = CONVERSATION.replace("\"pull_request\"", "\"labels\"");
    String outside = CONVERSATION.replace("\"installation\"", "\"gone\"");

    assertThat(parse("issue_comment", issue)).isInstanceOf(Other.class);
    assertThat(parse("issue_comment", outside)).isInstanceOf(Other.class);
  }

  @Test
  void aLongCommentIsCutAndNoCharacterOfItIsHalved() {
    String long1 = CONVERSATION.replace("/review", "x".repeat(100_000));
    String long2 = CONVERSATION.replace("/review", "x".repeat(999) + "\uD83D\uDE00" + "y");

    assertThat(((CommentEvent) parse("issue_comment", long1)).text()).isEqualTo("x".repeat(1_000));
    assertThat(((CommentEvent) parse("issue_comment", long2)).text()).isEqualTo("x".repeat(999));
  }

  @ParameterizedTest
  @CsvSource({"OWNER,true", "COLLABORATOR,true", "CONTRIBUTOR,false", "KING,false"})
  void onlyThoseTheOwnerLetInAreInsiders(String word, boolean insider) {
    WebhookEvent event = parse("issue_comment", CONVERSATION.replace("MEMBER", word));

    assertThat(((CommentEvent) event).association().insider()).isEqualTo(insider);
  }

  @Test
  void aCheckRunOrSuiteAskedForAgainIsTold() {
    String suite = RUN.replace("check_run", "check_suite").replace("\"external_id\"", "\"x\"");
    String fork =
        RUN.replace("{\"number\": 7, \"base\": {\"repo\": {\"id\": 99}}}, ", "")
            .replace("{\"number\": 8}", "");

    assertThat(parse("check_run", RUN))
        .isEqualTo(new CheckEvent(REPOSITORY, 4711, SHA, "key", List.of(7, 8)));
    assertThat(parse("check_suite", suite))
        .isEqualTo(new CheckEvent(REPOSITORY, 4711, SHA, "", List.of(7, 8)));
    assertThat(((CheckEvent) parse("check_run", fork)).pullRequests()).isEmpty();
    assertThat(parse("check_run", RUN.replace("rerequested", "completed")))
        .isInstanceOf(Other.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"installation", "installation_repositories"})
  void anInstallationIsToldWithItsOwner(String kind) {
    WebhookEvent event = parse(kind, "{\"action\": \"deleted\"," + WHERE);

    Account octo = new Account(1, "octo", "Organization");
    assertThat(event).isEqualTo(new InstallationEvent("deleted", 42, octo));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "issue_comment | \"number\": 7 | \"number\": 0 | /issue/number",
        "issue_comment | \"id\": 3000000000 | \"id\": true | /comment/id",
        "issue_comment | \"action\" | \"faction\" | /action",
        "issue_comment | \"owner\" | \"renter\" | /repository/owner/login"
      })
  void aCommentThatLacksWhatMakesItOneIsMalformed(String kind, String a, String b, String says) {
    assertThatThrownBy(() -> parse(kind, CONVERSATION.replace(a, b)))
        .isInstanceOf(GitHubException.Malformed.class)
        .hasMessageContaining(says);
  }

  @Test
  void aCheckWithoutACommitOrAnInstallationWithoutItsNumberIsMalformed() {
    assertThatThrownBy(() -> parse("check_run", RUN.replace(SHA, "main")))
        .isInstanceOf(GitHubException.Malformed.class);
    assertThatThrownBy(() -> parse("installation", "{\"action\": \"created\"}"))
        .isInstanceOf(GitHubException.Malformed.class);
  }

  private static WebhookEvent parse(String kind, String body) {
    return WebhookEvent.parse(kind, body.getBytes(UTF_8));
  }
}
