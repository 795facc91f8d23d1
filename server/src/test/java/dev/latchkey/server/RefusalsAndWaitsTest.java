package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.inbox.Event;
import dev.latchkey.simulator.SimulatedTraits;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is not reviewed, or not yet, and how that is said.
class RefusalsAndWaitsTest {

  private static final String FILE = ".github/latchkey.yml";

  @TempDir private Path folder;

  @Test
  void aReviewThatALimitRefusesWaitsAndSaysUntilWhen() throws InterruptedException {
    Map<String, String> one = Map.of("LATCHKEY_LIMIT_PER_PULL_REQUEST", "1/1h");
    try (AppWorld world = new AppWorld(folder, one).start()) {
      int number = world.open();
      world.tell(number, "opened");
      world.github().push(world.repository(), number, AppWorld.B, AppWorld.files("close();"));

      world
          .github()
          .send(world.github().pullRequestDelivery(world.repository(), number, "synchronize"));
      world.await(
          event -> event instanceof Event.Ended ended && ended.note().startsWith("Waiting"));

      assertThat(world.reviews(number)).hasSize(1);
      assertThat(world.checks(AppWorld.B))
          .singleElement()
          .asString()
          .matches("queued null Waiting for a limit until [-0-9]{10} [:0-9]{8} UTC");
    }
  }

  @Test
  void whenTheDaysTokensAreUsedUpTheReviewWaitsWithoutAskingTheModel() throws InterruptedException {
    Map<String, String> few = Map.of("LATCHKEY_LIMIT_TOKENS_PER_DAY", "5500/day");
    try (AppWorld world = new AppWorld(folder, few).start()) {
      int number = world.open();
      world.tell(number, "opened");
      int asked = world.model().calls().size();
      world.github().push(world.repository(), number, AppWorld.B, AppWorld.files("close();"));

      world
          .github()
          .send(world.github().pullRequestDelivery(world.repository(), number, "synchronize"));
      world.await(
          event -> event instanceof Event.Ended ended && ended.note().startsWith("Waiting"));

      assertThat(asked).isEqualTo(1);
      assertThat(world.model().calls()).hasSize(1);
      assertThat(world.checks(AppWorld.B)).singleElement().asString().startsWith("queued null");
    }
  }

  @Test
  void aMistakeInTheRepositorysFileIsToldOnceAndForgottenOnceItIsMended()
      throws InterruptedException {
    try (AppWorld world = new AppWorld(folder, Map.of()).start()) {
      world.people().file(world.repository(), "main", FILE, "ignore: [docs/]\nfailon: major\n");
      int number = world.open();
      world.tell(number, "opened");
      world.tell(number, "reopened");
      List<String> told = world.said(number).stream().map(c -> c.body()).toList();
      world.people().file(world.repository(), "main", FILE, "failOn: major\n");

      world.tell(number, "reopened");

      assertThat(told)
          .singleElement()
          .asString()
          .contains(".github/latchkey.yml line 2", "failon", "failOn");
      assertThat(world.said(number)).singleElement().asString().contains("Reviewed `aaaaaaa`");
      assertThat(world.checks(AppWorld.A))
          .singleElement()
          .asString()
          .startsWith("completed failure");
    }
  }

  @Test
  void aFileOfThePullRequestsOwnBranchHasNoSay() throws InterruptedException {
    try (AppWorld world = new AppWorld(folder, Map.of()).start()) {
      world.people().file(world.repository(), "change-1", FILE, "enabled: false\n");
      world.people().file(world.repository(), AppWorld.A, FILE, "enabled: false\n");
      int number = world.open();

      world.tell(number, "opened");

      assertThat(world.reviews(number)).hasSize(1);
    }
  }

  @Test
  void whereReviewsAreTurnedOffNothingIsSaid() throws InterruptedException {
    try (AppWorld world = new AppWorld(folder, Map.of()).start()) {
      world.people().file(world.repository(), "main", FILE, "enabled: false\n");
      int number = world.open();

      world.tell(number, "opened");

      assertThat(world.github().writes()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LABEL, the pull request has the label wip",
    "TITLE, the pull request's title has \"[wip]\" in it",
    "BOT, the pull request was opened by a bot",
    "STRANGER, the pull request comes from a first-time contributor; a maintainer's comment with"
        + " /review starts it",
  })
  void aSkippedPullRequestSaysWhyAndIsReviewedWhenAMaintainerAsks(Skip skip, String reason)
      throws InterruptedException {
    try (AppWorld world = new AppWorld(folder, Map.of()).start()) {
      world
          .people()
          .file(world.repository(), "main", FILE, "skip: {labels: [wip], titles: [\"[wip]\"]}\n");
      int number = world.open();
      world.people().change(world.repository(), number, skip::on);
      world.tell(number, "opened");
      List<String> refused = world.checks(AppWorld.A);

      world.comment(number, AppWorld.MAINTAINER, "/review");

      assertThat(refused).containsExactly("completed neutral Not reviewed: " + reason);
      assertThat(world.reviews(number)).hasSize(1);
    }
  }

  @Test
  void whatAStrangerPushesAfterAMaintainerAskedIsNotReviewed() throws InterruptedException {
    try (AppWorld world = new AppWorld(folder, Map.of()).start()) {
      int number = world.open();
      world.people().change(world.repository(), number, Skip.STRANGER::on);
      world.comment(number, AppWorld.MAINTAINER, "/review");
      world.github().push(world.repository(), number, AppWorld.B, AppWorld.files("close();"));

      world.tell(number, "synchronize");

      assertThat(world.reviews(number)).hasSize(1);
      assertThat(world.checks(AppWorld.B))
          .singleElement()
          .asString()
          .contains("first-time contributor");
    }
  }

  @Test
  void aForkByOneWhoHasContributedIsReviewed() throws InterruptedException {
    try (AppWorld world = new AppWorld(folder, Map.of()).start()) {
      int number = world.open();
      world.people().change(world.repository(), number, traits -> traits.fromFork(99L));

      world.tell(number, "opened");

      assertThat(world.reviews(number)).hasSize(1);
    }
  }

  enum Skip {
    LABEL,
    TITLE,
    BOT,
    STRANGER;

    private SimulatedTraits on(SimulatedTraits traits) {
      return switch (this) {
        case LABEL -> traits.withLabels("other", "wip");
        case TITLE -> traits.withTitle("Open [WIP]");
        case BOT -> traits.byBot();
        case STRANGER -> traits.fromFork(99L).withAssociation("FIRST_TIME_CONTRIBUTOR");
      };
    }
  }
}
