package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.inbox.WorkState;
import dev.latchkey.simulator.ApiListener;
import dev.latchkey.simulator.ApiRequest;
import dev.latchkey.simulator.Fate;
import dev.latchkey.simulator.SimulatedCheckRun;
import dev.latchkey.simulator.SimulatedDelivery;
import dev.latchkey.simulator.SimulatedFile;
import dev.latchkey.simulator.SimulatedReview;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each pull request ends with the reviews it should have, and says so, whatever happens to it.
class SeeingToPullRequestsTest {

  @TempDir private Path folder;
  private AppWorld world;

  @BeforeEach
  void start() throws InterruptedException {
    world = new AppWorld(folder, Map.of()).start();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void aHeadThatComesBackByForceIsNotReviewedAgain() throws InterruptedException {
    int number = world.open();
    world.tell(number, "opened");
    push(number, AppWorld.B, "close();");
    world.github().forcePush(world.repository(), number, AppWorld.A, AppWorld.FILES);

    world.tell(number, "synchronize");

    assertThat(world.reviews(number)).hasSize(2);
    assertThat(world.model().calls()).hasSize(2);
    assertThat(world.checks(AppWorld.A)).singleElement().asString().startsWith("completed success");
    assertThat(world.checks(AppWorld.B)).singleElement().asString().startsWith("completed success");
  }

  @Test
  void aDraftSaysWhyItIsNotReviewedAndIsReviewedAtTheSameHeadOnceItIsReady()
      throws InterruptedException {
    int number = world.open(true);
    world.tell(number, "opened");
    List<String> before = world.checks(AppWorld.A);
    world.github().markReady(world.repository(), number);

    world.tell(number, "ready_for_review");

    assertThat(before)
        .containsExactly("completed neutral Not reviewed: the pull request is a draft");
    assertThat(world.reviews(number)).hasSize(1);
    assertThat(world.checks(AppWorld.A)).singleElement().asString().startsWith("completed success");
  }

  @Test
  void aPullRequestClosedAndReopenedIsReviewedOnce() throws InterruptedException {
    int number = world.open();
    world.tell(number, "opened");
    world.github().closePullRequest(world.repository(), number);
    world.tell(number, "closed");
    world.github().reopenPullRequest(world.repository(), number);

    world.tell(number, "reopened");

    assertThat(world.reviews(number)).hasSize(1);
  }

  @Test
  void lateNewsOfAClosingDoesNotKeepAReopenedPullRequestFromItsReview()
      throws InterruptedException {
    int number = world.open();

    world.tell(number, "closed");

    assertThat(world.reviews(number)).hasSize(1);
  }

  @Test
  void underAnotherBaseTheSameHeadIsReviewedAgain() throws InterruptedException {
    int number = world.open();
    world.tell(number, "opened");
    world.people().change(world.repository(), number, traits -> traits.withBase("next"));

    world.tell(number, "edited");

    assertThat(world.reviews(number)).hasSize(2);
  }

  @Test
  void aLateSynchronizeAfterANewerOneFindsNothingToDo() throws InterruptedException {
    int number = world.open();
    world.github().push(world.repository(), number, AppWorld.B, AppWorld.files("close();"));
    SimulatedDelivery older =
        world.github().pullRequestDelivery(world.repository(), number, "synchronize");
    push(number, AppWorld.C, "shut();");

    world.tell(older);

    assertThat(world.reviews(number))
        .extracting(SimulatedReview::commitId)
        .containsExactly(AppWorld.C);
  }

  @Test
  void afterItDiedAReviewIsMadeWhenSomebodyAsks() throws InterruptedException {
    int number = world.open();
    world.github().listener(refusing("/files", 403));
    world.tell(number, "opened");
    List<String> dead = world.checks(AppWorld.A);
    world.github().listener(new ApiListener() {});

    world.comment(number, AppWorld.MAINTAINER, "/review");

    assertThat(world.app().stats().works()).containsEntry(WorkState.DEAD, 1L);
    assertThat(dead).singleElement().asString().startsWith("completed neutral Not reviewed: ");
    assertThat(world.reviews(number)).hasSize(1);
    assertThat(world.checks(AppWorld.A)).singleElement().asString().startsWith("completed success");
  }

  @Test
  void aFullReviewIsANewRoundOfTheSameHeadAndPaysForNothingTwice() throws InterruptedException {
    int number = world.open();
    world.tell(number, "opened");

    world.comment(number, AppWorld.MAINTAINER, "/review full");

    assertThat(world.reviews(number)).hasSize(2);
    assertThat(world.reviews(number).getLast().body()).contains(" round=2 ");
    assertThat(world.reviews(number).getLast().comments()).isEmpty();
    assertThat(world.model().calls()).hasSize(1);
    assertThat(world.checks(AppWorld.A))
        .hasSize(2)
        .allMatch(c -> c.startsWith("completed success"));
  }

  @Test
  void aCheckThatIsRunAgainIsANewRoundAlsoWhereThePullRequestIsNotNamed()
      throws InterruptedException {
    int number = world.open();
    world.tell(number, "opened");
    SimulatedCheckRun run = world.github().checkRuns(world.repository()).getFirst();

    world.tell(world.github().rerunDelivery(world.repository(), run, false));

    assertThat(world.reviews(number)).hasSize(2);
  }

  @Test
  void theSummaryIsOneCommentWhichCountsWhatIsOpen() throws InterruptedException {
    int number = world.open();
    world.tell(number, "opened");

    push(number, AppWorld.B, "close();");

    assertThat(world.said(number))
        .singleElement()
        .satisfies(summary ->
            assertThat(summary.body())
                .contains("Reviewed `bbbbbbb`")
                .contains("**1 finding is open:**"));
  }

  @Test
  void anEarlierReviewIsFoldedUpOnceNothingInItIsOpen() throws InterruptedException {
    int number = world.open();
    world.tell(number, "opened");
    long first = world.reviews(number).getFirst().id();

    push(number, AppWorld.B, "close();");

    long second = world.reviews(number).getLast().id();
    assertThat(world.people().isMinimised(world.repository(), number, first)).isTrue();
    assertThat(world.people().isMinimised(world.repository(), number, second)).isFalse();
  }

  @Test
  void whatIsOpenAlreadyIsNotPostedAgain() throws InterruptedException {
    int number = world.open();
    world.tell(number, "opened");
    world
        .github()
        .push(
            world.repository(),
            number,
            AppWorld.B,
            List.of(
                AppWorld.FILES.getFirst(),
                SimulatedFile.added("New.java", "@@ -0,0 +1 @@\n+more();")));

    world.tell(number, "synchronize");

    assertThat(world.reviews(number).getLast().comments())
        .singleElement()
        .satisfies(comment -> assertThat(comment.path()).isEqualTo("New.java"));
    assertThat(world.said(number).getFirst().body()).contains("**2 findings are open:**");
    long first = world.reviews(number).getFirst().id();
    assertThat(world.people().isMinimised(world.repository(), number, first)).isFalse();
  }

  private void push(int number, String head, String line) throws InterruptedException {
    world.github().push(world.repository(), number, head, AppWorld.files(line));
    world.tell(number, "synchronize");
  }

  private static ApiListener refusing(String path, int status) {
    return new ApiListener() {
      @Override
      public Fate before(ApiRequest request) {
        return request.path().endsWith(path)
            ? Fate.answer(status, Map.of(), "{\"message\":\"Resource not accessible\"}")
            : Fate.proceed();
      }
    };
  }
}
