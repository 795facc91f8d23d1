package dev.latchkey.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.github.FakeGitHub.Fate;
import dev.latchkey.github.FakeGitHub.Reply;
import dev.latchkey.github.LineRange.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How to use this module, from the webhook to the review. Read it from top to bottom; what is
/// served by `fake` is what GitHub would answer.
class TutorialTest extends OnFakeGitHub {

  // 1. A webhook arrives. Check who sent it before anything else looks at it. During a rotation
  // both
  // secrets are given.

  @Test
  void aWebhookIsCheckedThenRead() {
    List<Secret> secrets = List.of(Secret.of("It's a Secret to Everybody"));
    byte[] body = "Hello, World!".getBytes(UTF_8);
    String header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    assertThat(WebhookSignature.verify(secrets, List.of(header), body)).isTrue();

    byte[] payload =
        """
        {"action": "opened", "number": 7,
         "pull_request": {"head": {"sha": "%s"}, "base": {"ref": "main"}, "draft": false},
         "repository": {"id": 99, "name": "hello", "owner": {"login": "octo"}},
         "sender": {"id": 5, "login": "mona", "type": "User"}, "installation": {"id": 42}}\
        """
            .formatted(SHA)
            .getBytes(UTF_8);

    String said =
        switch (WebhookEvent.parse("pull_request", payload)) {
          case WebhookEvent.PullRequestEvent event ->
              event.action() + " " + event.repository().fullName() + "#" + event.number();
          case WebhookEvent.CommentEvent event -> event.author().login() + ": " + event.text();
          case WebhookEvent.CheckEvent event -> "again: " + event.externalId();
          case WebhookEvent.InstallationEvent event -> event.action() + event.installation();
          case WebhookEvent.Ping ping -> ping.zen();
          case WebhookEvent.Other other -> other.kind() + ": " + other.reason();
        };

    assertThat(said).isEqualTo("OPENED octo/hello#7");
  }

  // 2. The App proves who it is with its private key. The file must be its owner's only.

  @Test
  void theKeyIsReadFromAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("app.pem"), Keys.pkcs1(Keys.RSA));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    fake.on("GET /app", Reply.of(200, "{\"id\": 4711, \"slug\": \"latchkey\"}"));

    AppCredentials credentials = AppCredentials.read("4711", file);
    GitHubOptions options = GitHubOptions.of(fake.address(), credentials, fake.clock);
    try (GitHub client = GitHub.of(options)) {
      App app = client.app(Deadline.after(Duration.ofSeconds(10)));

      assertThat(app.botLogin()).isEqualTo("latchkey[bot]");
    }
  }

  // 3. Read the pull request and its files. One deadline can cover several calls. The list of files
  // is
  // not pinned to a head, so the pull request is read again after it.

  @Test
  void thePresentStateIsRead() {
    fake.on("GET " + PULL, Reply.of(200, Examples.pullRequest()));
    fake.on("GET " + PULL + "/files", Reply.of(200, "[" + Examples.file("Greeting.java") + "]"));
    Deadline deadline = Deadline.after(Duration.ofSeconds(10));

    PullRequest before = github.pullRequest(REPOSITORY, 7, deadline);
    List<PullFile> files = github.files(REPOSITORY, 7, deadline);
    PullRequest after = github.pullRequest(REPOSITORY, 7, deadline);

    assertThat(after.headSha()).isEqualTo(before.headSha());
    assertThat(files).extracting(PullFile::filename).containsExactly("Greeting.java");
  }

  // 4. Publish: create the review pending, look at what is there while it is pending, submit it.

  @Test
  void aReviewIsPublishedInTwoSteps() {
    fake.on("POST " + REVIEWS, Reply.of(200, Examples.review(3, "PENDING")));
    fake.on("GET " + REVIEWS, Reply.of(200, "[" + Examples.review(3, "PENDING") + "]"));
    fake.on("POST " + REVIEWS + "/3/events", Reply.of(200, Examples.review(3, "COMMENTED")));
    Deadline deadline = Deadline.after(Duration.ofSeconds(10));
    NewComment comment =
        new NewComment("Greeting.java", LineRange.of(Side.RIGHT, 1), "Say hello, not hi.");
    NewReview review = new NewReview(SHA, "One remark.", List.of(comment));

    PostedReview pending = github.createPendingReview(REPOSITORY, 7, review, deadline);
    boolean twin =
        github.reviews(REPOSITORY, 7, deadline).stream()
            .anyMatch(other -> other.state() == PostedReview.State.COMMENTED);
    assertThat(twin).isFalse();
    ReviewSubmission submission = ReviewSubmission.of(pending.id());
    PostedReview posted = github.submitReview(REPOSITORY, 7, submission, deadline);

    assertThat(posted.state()).isEqualTo(PostedReview.State.COMMENTED);
  }

  // 5. A write whose answer is lost is not known to be done or not: look before it is sent again.

  @Test
  void aLostAnswerIsLookedUp() {
    fake.on("POST " + REVIEWS, Reply.of(200, "").with(Fate.CUT_AT_ONCE));
    fake.on("GET " + REVIEWS, Reply.of(200, "[" + Examples.review(3, "PENDING") + "]"));
    NewReview review = new NewReview(SHA, "One remark.", List.of());

    assertThatThrownBy(() -> github.createPendingReview(REPOSITORY, 7, review, soon()))
        .isInstanceOf(GitHubException.OutcomeUnknown.class);

    assertThat(github.reviews(REPOSITORY, 7, soon()))
        .extracting(PostedReview::state)
        .containsExactly(PostedReview.State.PENDING);
  }

  // 6. A check run is found again by the external id it was created with.

  @Test
  void aCheckRunIsFoundAgain() {
    String list = "/repos/octo/hello/commits/" + SHA + "/check-runs";
    String run = Examples.checkRun(8, 4711, "queued", "null");
    fake.on("GET " + list, Reply.of(200, "{\"total_count\": 1, \"check_runs\": [" + run + "]}"));
    fake.on(
        "PATCH /repos/octo/hello/check-runs/8",
        Reply.of(200, Examples.checkRun(8, 4711, "completed", "\"success\"")));

    CheckRun found =
        github.checkRuns(REPOSITORY, SHA, "latchkey", soon()).stream()
            .filter(check -> check.externalId().equals("key-8"))
            .findFirst()
            .orElseThrow();
    CheckState reviewed =
        CheckState.completed(CheckState.Conclusion.SUCCESS, "Reviewed", "1 remark");
    CheckRun updated = github.updateCheckRun(REPOSITORY, found.id(), reviewed, soon());

    assertThat(updated.conclusion()).contains(CheckState.Conclusion.SUCCESS);
  }
}
