package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.simulator.ProposedChange;
import dev.latchkey.simulator.SamplePullRequests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The server, a process of its own, killed with SIGKILL at named points while deliveries come
/// twice and at once; then started again. Afterwards every pull request has exactly one review.
class CrashTest {

  private static final List<ProposedChange> CHANGES =
      SamplePullRequests.all().stream().limit(3).toList();

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"STORED", "CLAIMED", "IN_CALL"})
  void everyPullRequestHasOneReviewAfterAKillAt(CrashPoint point)
      throws IOException, InterruptedException {
    try (CrashWorld world = new CrashWorld(point, PlantedBug.NONE, folder)) {

      List<String> violations = world.run(CHANGES);

      assertThat(violations).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ANSWER_KEPT", "PENDING_CREATED", "SUBMITTED", "MARKED"})
  void anAnswerWhichIsKeptIsPostedOnceAndNotPaidForAgainAfterAKillAt(CrashPoint point)
      throws IOException, InterruptedException {
    try (CrashWorld world = new CrashWorld(point, PlantedBug.NONE, folder)) {

      List<String> violations = world.run(CHANGES.subList(0, 1));

      assertThat(violations).isEmpty();
      assertThat(world.questionsAskedAgain()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CLAIMED", "ANSWER_KEPT"})
  void anAcceptedDeliveryNeedsNoOtherAfterAKillAt(CrashPoint point)
      throws IOException, InterruptedException {
    try (CrashWorld world = new CrashWorld(point, PlantedBug.NONE, folder)) {

      List<String> violations = world.runOnOneDelivery(CHANGES.getFirst());

      assertThat(violations).isEmpty();
    }
  }

  @Test
  void theHarnessFindsAMarkBeforeTheWork() throws IOException, InterruptedException {
    try (CrashWorld world =
        new CrashWorld(CrashPoint.IN_CALL, PlantedBug.MARK_BEFORE_WORK, folder)) {

      List<String> violations = world.run(CHANGES);

      assertThat(violations).anyMatch(violation -> violation.contains("has 0 reviews"));
    }
  }

  @Test
  void theHarnessFindsAPostWithoutALook() throws IOException, InterruptedException {
    try (CrashWorld world =
        new CrashWorld(CrashPoint.SUBMITTED, PlantedBug.POST_WITHOUT_LOOKING, folder)) {

      List<String> violations = world.run(CHANGES);

      assertThat(violations).anyMatch(violation -> violation.contains("has 2 reviews"));
    }
  }
}
