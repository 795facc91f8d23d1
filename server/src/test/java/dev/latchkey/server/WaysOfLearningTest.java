package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.inbox.Event;
import dev.latchkey.simulator.SimulatedDelivery;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the App learns of pull requests of which no delivery has arrived.
class WaysOfLearningTest {

  @TempDir private Path folder;

  @Test
  void whatWasOpenedWhileItWasDownIsReviewedOnceItIsUp() throws InterruptedException {
    try (AppWorld world = new AppWorld(folder, Map.of()).start()) {
      world.stop();
      int number = world.open();

      world.start();
      world.idle();

      assertThat(world.reviews(number)).hasSize(1);
    }
  }

  @Test
  void aCommandThatWasSentWhileItWasDownIsCaughtUpWithAndDoneOnce() throws InterruptedException {
    try (AppWorld world = new AppWorld(folder, Map.of()).start()) {
      int number = world.open(true);
      world.tell(number, "opened");
      world.stop();
      long id = world.people().comment(world.repository(), number, AppWorld.MAINTAINER, "/review");
      SimulatedDelivery missed = world.github().commentDelivery(world.repository(), id, "created");
      boolean arrived = world.github().send(missed).accepted();

      world.start();
      world.idle();
      world.tell(missed);

      assertThat(arrived).isFalse();
      assertThat(world.reviews(number)).hasSize(1);
      assertThat(world.people().reactions(world.repository())).hasSize(1);
    }
  }

  @Test
  void withoutAnyWebhookItPolls() throws InterruptedException {
    Map<String, String> polling = Map.of("LATCHKEY_POLL", "1s");
    try (AppWorld world = new AppWorld(folder, polling).start()) {
      int number = world.open(true);
      world.await(event -> event instanceof Event.Ended);
      List<String> draft = world.checks(AppWorld.A);
      world.people().comment(world.repository(), number, AppWorld.MAINTAINER, "/review");

      world.await(event ->
          event instanceof Event.Ended ended
              && ended.note().startsWith("review ")
              && !world.reviews(number).isEmpty());

      assertThat(draft).singleElement().asString().contains("Not reviewed");
      assertThat(world.reviews(number)).hasSize(1);
    }
  }

  @Test
  void whatHasItsReviewIsNotLookedAtAgain() throws InterruptedException {
    try (AppWorld world = new AppWorld(folder, Map.of()).start()) {
      int number = world.open();
      world.tell(number, "opened");
      world.stop();
      int before = world.github().writes().size();

      world.start();
      world.idle();

      assertThat(world.github().writes()).hasSize(before);
      assertThat(world.reviews(number)).hasSize(1);
    }
  }
}
