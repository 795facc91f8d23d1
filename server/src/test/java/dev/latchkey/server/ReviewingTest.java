package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.latchkey.inbox.Event;
import dev.latchkey.inbox.WorkState;
import dev.latchkey.simulator.ApiListener;
import dev.latchkey.simulator.ApiRequest;
import dev.latchkey.simulator.Fate;
import dev.latchkey.simulator.ProposedChange;
import dev.latchkey.simulator.SimulatedCheckRun;
import dev.latchkey.simulator.SimulatedFile;
import dev.latchkey.simulator.SimulatedGitHub;
import dev.latchkey.simulator.SimulatedGitHubOptions;
import dev.latchkey.simulator.SimulatedModel;
import dev.latchkey.simulator.SimulatedModelOptions;
import dev.latchkey.simulator.SimulatedRepository;
import dev.latchkey.simulator.SimulatedReview;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a pull request, from the delivery to what GitHub shows.
class ReviewingTest {

  private static final String A = "a".repeat(40);
  private static final String B = "b".repeat(40);
  private static final String BASE = "0".repeat(40);
  private static final List<SimulatedFile> FILES =
      List.of(SimulatedFile.modified("Door.java", "@@ -1 +1,2 @@\n one\n+open();"));
  private static final List<SimulatedFile> OTHER_FILES =
      List.of(SimulatedFile.modified("Door.java", "@@ -1 +1,2 @@\n one\n+close();"));

  @TempDir private Path folder;

  private final BlockingQueue<Event.Ended> ended = new LinkedBlockingQueue<>();
  private SimulatedGitHub github;
  private SimulatedModel model;
  private SimulatedRepository repository;
  private App app;

  @BeforeEach
  void start() {
    InstantSource clock = InstantSource.system();
    github =
        SimulatedGitHub.start(
            SimulatedGitHubOptions.of(clock, "4711", TestKeys.publicKey(), TestServer.SECRET));
    model = SimulatedModel.start(SimulatedModelOptions.of(clock, TestReplies.scripted()));
    repository = github.addRepository("acme", "web");
    Map<String, String> variables = new HashMap<>(TestServer.settings(folder));
    variables.put("GITHUB_API_URL", github.uri().toString());
    variables.put("LATCHKEY_MODEL_URL", model.uri().toString());
    app = App.start(Settings.read(variables), new App.Seams(this::told, Reviewing::new));
    github.webhook(URI.create("http://127.0.0.1:" + app.webhookPort() + "/api/github/webhooks"));
  }

  @AfterEach
  void stop() {
    app.close();
    model.close();
    github.close();
  }

  @Test
  void anOpenedPullRequestGetsOneReviewAndACheckRun() throws InterruptedException {
    int number = open(false);

    tell(number, "opened");

    assertThat(reviews(number))
        .singleElement()
        .satisfies(review -> {
          assertThat(review.commitId()).isEqualTo(A);
          assertThat(review.comments())
              .singleElement()
              .satisfies(comment -> assertThat(comment.line()).isEqualTo(2));
        });
    assertThat(github.checkRuns(repository))
        .extracting(SimulatedCheckRun::headSha, SimulatedCheckRun::conclusion)
        .containsExactly(tuple(A, "success"));
  }

  @Test
  void aSecondDeliveryAboutTheSameHeadFindsNothingToDo() throws InterruptedException {
    int number = open(false);
    tell(number, "opened");

    Event.Ended second = tell(number, "synchronize");

    assertThat(second.note()).endsWith("is there already");
    assertThat(reviews(number)).hasSize(1);
    assertThat(model.calls()).hasSize(1);
  }

  @Test
  void aDraftIsReviewedOnceItIsReady() throws InterruptedException {
    int number = open(true);
    Event.Ended draft = tell(number, "opened");
    github.markReady(repository, number);

    tell(number, "ready_for_review");

    assertThat(draft.note()).isEqualTo("the pull request is a draft");
    assertThat(reviews(number)).hasSize(1);
  }

  @Test
  void aClosedPullRequestIsReviewedOnlyOnceItIsReopened() throws InterruptedException {
    int number = open(false);
    github.closePullRequest(repository, number);
    tell(number, "synchronize");
    assertThat(reviews(number)).isEmpty();
    github.reopenPullRequest(repository, number);

    tell(number, "reopened");

    assertThat(reviews(number)).hasSize(1);
  }

  @Test
  void eachHeadIsReviewedOnceAlsoWhenItComesBack() throws InterruptedException {
    int number = open(false);
    tell(number, "opened");
    github.forcePush(repository, number, B, OTHER_FILES);
    tell(number, "synchronize");
    github.forcePush(repository, number, A, FILES);

    Event.Ended back = tell(number, "synchronize");

    assertThat(back.note()).endsWith("is there already");
    assertThat(reviews(number)).hasSize(2);
    assertThat(model.calls()).hasSize(2);
  }

  @Test
  void aPullRequestWhoseFilesHaveNoTextIsReviewedWithoutAQuestion() throws InterruptedException {
    int number =
        github.open(
            repository,
            new ProposedChange(
                "Logo", "", "octocat", BASE, A, false, List.of(SimulatedFile.binary("logo.png"))));

    tell(number, "opened");

    assertThat(reviews(number)).hasSize(1);
    assertThat(model.calls()).isEmpty();
  }

  @Test
  void aPullRequestWhichGitHubDoesNotShowEndsTheWorkWithThatReason() throws InterruptedException {
    int number = open(false);
    String body =
        new String(
            github.pullRequestDelivery(repository, number, "opened").body(),
            StandardCharsets.UTF_8);
    byte[] other = body.replace("\"number\":1,", "\"number\":99,").getBytes(StandardCharsets.UTF_8);

    github.send(github.delivery("pull_request", "opened", other));
    Event.Ended end = end();

    assertThat(end.state()).isEqualTo(WorkState.DEAD);
    assertThat(end.note()).contains("404");
  }

  @Test
  void aClosedPullRequestsCheckRunIsCompleted() throws InterruptedException {
    int number = open(false);
    github.listener(closingAt(number, "/files"));

    Event.Ended end = tell(number, "opened");

    assertThat(end.note()).isEqualTo("the pull request is closed");
    assertThat(reviews(number)).isEmpty();
    assertThat(github.checkRuns(repository))
        .extracting(SimulatedCheckRun::status, SimulatedCheckRun::conclusion)
        .containsExactly(tuple("completed", "neutral"));
  }

  private ApiListener closingAt(int number, String path) {
    return new ApiListener() {
      @Override
      public Fate before(ApiRequest request) {
        if (request.path().endsWith(path)) {
          github.closePullRequest(repository, number);
        }
        return Fate.proceed();
      }
    };
  }

  private int open(boolean draft) {
    return github.open(
        repository, new ProposedChange("Open", "", "octocat", BASE, A, draft, FILES));
  }

  /// Sends a delivery and waits for what becomes of it.
  private Event.Ended tell(int number, String action) throws InterruptedException {
    github.send(github.pullRequestDelivery(repository, number, action));
    return end();
  }

  private Event.Ended end() throws InterruptedException {
    Event.Ended end = ended.poll(60, TimeUnit.SECONDS);
    assertThat(end).as("the end of a work").isNotNull();
    return end;
  }

  private List<SimulatedReview> reviews(int number) {
    return github.visibleReviews(repository, number);
  }

  private void told(Event event) {
    if (event instanceof Event.Ended end) {
      ended.add(end);
    }
  }
}
