package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.simulator.People;
import dev.latchkey.simulator.SimulatedReaction;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What comments make the App do, and for whom.
class CommandsTest {

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
  void aCommandIsSeenByAReaction() throws InterruptedException {
    int number = world.open(true);

    long id = world.comment(number, AppWorld.MAINTAINER, "  \n/Review \nplease");

    assertThat(world.people().reactions(world.repository()))
        .containsExactly(new SimulatedReaction("issues", id, "latchkey[bot]", "eyes"));
    assertThat(world.reviews(number)).hasSize(1);
  }

  @Test
  void whoMayNotWriteIsRefusedOnceInWordsAndNothingIsDone() throws InterruptedException {
    int number = world.open(true);

    world.comment(number, "stranger", "/review");
    world.comment(number, "stranger", "/review");

    assertThat(world.reviews(number)).isEmpty();
    assertThat(world.people().reactions(world.repository()))
        .extracting(SimulatedReaction::content)
        .containsExactly("confused", "confused");
    assertThat(world.said(number))
        .singleElement()
        .satisfies(reply ->
            assertThat(reply.body()).startsWith("@stranger /review: only people who can write"));
  }

  @Test
  void ourOwnCommentsAndThoseOfBotsAreNoCommands() throws InterruptedException {
    int number = world.open(true);
    for (String bot : new String[] {"latchkey[bot]", "other[bot]"}) {
      long id =
          world
              .people()
              .comment(
                  world.repository(), number, new People.Words(bot, "Bot", "MEMBER", "/review"));
      world.tell(world.github().commentDelivery(world.repository(), id, "created"));
    }

    assertThat(world.reviews(number)).isEmpty();
    assertThat(world.said(number)).allMatch(comment -> comment.body().equals("/review"));
  }

  @Test
  void anEditedCommentIsNoCommand() throws InterruptedException {
    int number = world.open(true);
    long id = world.people().comment(world.repository(), number, AppWorld.MAINTAINER, "/review");

    world.tell(world.github().commentDelivery(world.repository(), id, "edited"));

    assertThat(world.reviews(number)).isEmpty();
    assertThat(world.people().reactions(world.repository())).isEmpty();
  }

  @Test
  void aPausedPullRequestIsLeftAloneUntilItIsResumed() throws InterruptedException {
    int number = world.open();
    world.comment(number, AppWorld.MAINTAINER, "/pause");
    world.tell(number, "opened");
    int paused = world.reviews(number).size();
    String check = world.checks(AppWorld.A).getFirst();

    world.comment(number, AppWorld.MAINTAINER, "/resume");

    assertThat(paused).isZero();
    assertThat(check).contains("paused by maintainer");
    assertThat(world.reviews(number)).hasSize(1);
  }

  @Test
  void aPauseByOneWhoMayNotChangesNothing() throws InterruptedException {
    int number = world.open();

    world.comment(number, "member-who-reads", "/pause");
    world.tell(number, "opened");

    assertThat(world.reviews(number)).hasSize(1);
  }

  @Test
  void aDismissedFindingIsNotOpenAndNotToldAgain() throws InterruptedException {
    int number = world.open();
    world.tell(number, "opened");
    long finding = world.people().threadComments(world.repository(), number).getFirst().id();

    answer(finding, "/dismiss It is meant so.");
    world.comment(number, AppWorld.MAINTAINER, "/review full");

    assertThat(world.said(number).getFirst().body()).contains("No finding is open.");
    assertThat(world.reviews(number)).hasSize(2);
    assertThat(world.reviews(number).getLast().comments()).isEmpty();
  }

  @Test
  void elsewhereThanInAFindingsThreadDismissIsRefused() throws InterruptedException {
    int number = world.open();

    world.comment(number, AppWorld.MAINTAINER, "/dismiss");

    assertThat(world.said(number).getFirst().body())
        .contains("works as an answer in the thread of a finding");
  }

  @Test
  void aResolvedFindingStaysQuiet() throws InterruptedException {
    int number = world.open();
    world.tell(number, "opened");
    long finding = world.people().threadComments(world.repository(), number).getFirst().id();
    world.people().resolve(world.repository(), finding, true);

    world.comment(number, AppWorld.MAINTAINER, "/review full");

    assertThat(world.reviews(number).getLast().comments()).isEmpty();
    assertThat(world.said(number).getFirst().body()).contains("No finding is open.");
  }

  @Test
  void aReviewThatIsThereIsSaidToBeThere() throws InterruptedException {
    int number = world.open();
    world.tell(number, "opened");

    world.comment(number, AppWorld.MAINTAINER, "/review");

    assertThat(world.reviews(number)).hasSize(1);
    assertThat(world.said(number).getLast().body()).contains("`/review full` begins a new round");
  }

  @Test
  void whatIsInForceIsToldWithWhereItComesFrom() throws InterruptedException {
    int number = world.open();
    world
        .people()
        .file(
            world.repository(),
            "main",
            ".github/latchkey.yml",
            "maxFindings: 3\nskip:\n  labels: [wip]\n");

    world.comment(number, AppWorld.MAINTAINER, "/config");

    assertThat(world.said(number).getFirst().body())
        .contains("`.github/latchkey.yml` on `main`")
        .contains("| comments at lines | `3 from MINOR` |")
        .contains("| skipped labels | `wip` |");
  }

  @Test
  void helpListsTheCommands() throws InterruptedException {
    int number = world.open();

    world.comment(number, AppWorld.MAINTAINER, "/help");

    assertThat(world.said(number).getFirst().body()).contains("`/review full`", "`/dismiss`");
  }

  @Test
  void otherAppsCommandsAreNotOurs() throws InterruptedException {
    int number = world.open();

    world.comment(number, AppWorld.MAINTAINER, "/reviewers add somebody");
    world.comment(number, AppWorld.MAINTAINER, "Please say /review here.");

    assertThat(world.said(number)).isEmpty();
    assertThat(world.reviews(number)).isEmpty();
  }

  private void answer(long finding, String text) throws InterruptedException {
    long id =
        world
            .people()
            .answer(
                world.repository(),
                finding,
                new People.Words(AppWorld.MAINTAINER, "User", "MEMBER", text));
    world.tell(world.github().threadCommentDelivery(world.repository(), id));
  }
}
