package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.kv.Codec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Which of the works that could run goes first.
@ParameterizedClass
@EnumSource(Storage.class)
final class PriorityTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Limit ONE = new Limit("acme", 1, HOUR);

  private final Rig rig;

  /// What the router makes of the next delivery.
  private NewWork next = NewWork.of("build", "lane");

  /// The works in the order in which they ran.
  private final List<Long> runs = new ArrayList<>();

  PriorityTest(Storage storage, @TempDir Path directory) {
    rig = Rig.open(storage, directory, options -> options.withRouter(delivery -> Routing.to(next)));
    for (String kind : List.of("build", "check", "deploy")) {
      rig.handler(kind, this::run);
    }
    rig.handler("paying", this::pay);
    rig.handler("charging", this::pay);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Outcome run(Task task) {
    runs.add(task.id());
    return Outcome.done();
  }

  private Outcome pay(Task task) {
    task.paidStep("pay", "", Codec.text(), () -> "paid");
    return run(task);
  }

  private void send(NewWork work) {
    next = work;
    rig.send("any", "");
  }

  private void send(String kind, String lane, int priority) {
    send(NewWork.of(kind, lane).withPriority(priority));
  }

  @Test
  void higherGoesFirstAndOfEqualsTheOlderAcrossLanesAndKinds() {
    send("build", "a", 0);
    send("deploy", "b", 5);
    send("build", "c", -5);
    send("check", "d", 5);
    send("build", "e", 1_000);
    send("check", "f", 0);
    send("deploy", "g", -1_000);

    rig.runDue();

    assertThat(runs).containsExactly(5L, 2L, 4L, 1L, 6L, 3L, 7L);
  }

  @Test
  void higherGoesFirstWithinALaneToo() {
    int[] priorities = {0, -1, 5, 0, 5, 1};
    for (int priority : priorities) {
      int key = rig.inbox().works(10).size();
      send(NewWork.of("build", "lane", "key" + key).withPriority(priority));
    }

    rig.runDue();

    assertThat(runs).containsExactly(3L, 5L, 6L, 1L, 4L, 2L);
  }

  @Test
  void olderGoesFirstWithinALaneWhateverItsKindAndLimits() {
    send(NewWork.of("build", "lane", "1"));
    send(NewWork.of("check", "lane", "2"));
    send(NewWork.of("build", "lane", "3").withLimits(ONE));
    send(NewWork.of("build", "lane", "4"));
    send(NewWork.of("check", "lane", "5").withPriority(1));

    rig.runDue();

    assertThat(runs).containsExactly(5L, 1L, 2L, 3L, 4L);
  }

  @Test
  void whatComesWhileTheLaneRunsIsOrderedToo() {
    rig.handler(
        "busy",
        task -> {
          send(NewWork.of("build", "lane", "low"));
          send(NewWork.of("build", "lane", "high").withPriority(1));
          return Outcome.done();
        });
    send("busy", "lane", 0);

    rig.runDue();

    assertThat(runs).containsExactly(3L, 2L);
  }

  @Test
  void absorbedDeliveryRaisesItButDoesNotLowerIt() {
    send("build", "a", 0);
    send("build", "b", 1);
    send("build", "c", 2);

    send("build", "a", 3);
    send("build", "c", -7);
    rig.runDue();

    assertThat(runs).containsExactly(1L, 3L, 2L);
    assertThat(rig.work(1).priority()).isEqualTo(3);
    assertThat(rig.work(3).priority()).isEqualTo(2);
  }

  @Test
  void raisedWorkOvertakesTheFrontOfItsLane() {
    send(NewWork.of("build", "lane", "first"));
    send(NewWork.of("build", "lane", "second"));
    send(NewWork.of("build", "lane", "third"));

    send(NewWork.of("build", "lane", "third").withPriority(1));
    rig.runDue();

    assertThat(runs).containsExactly(3L, 1L, 2L);
  }

  @Test
  void raisedWhileItIsDelayedOrHeldItGoesFirstAfterwards() {
    send(NewWork.of("build", "delayed").withDebounce(HOUR, HOUR));
    send(NewWork.of("build", "held"));
    rig.inbox().hold(2);
    send("build", "other", 1);
    rig.inbox().hold(3);
    send(NewWork.of("build", "delayed").withPriority(2).withDebounce(HOUR, HOUR));
    send("build", "held", 3);

    rig.inbox().release(3);
    rig.inbox().release(2);
    rig.clock.advance(HOUR);
    rig.runDue();

    assertThat(runs).containsExactly(2L, 1L, 3L);
  }

  private void sendLimited(String kind, String lane, int priority) {
    send(NewWork.of(kind, lane).withPriority(priority).withLimits(ONE));
  }

  /// Runs what is due in each of the next hours.
  private void runForHours(int hours) {
    for (int hour = 0; hour < hours; hour++) {
      rig.clock.advance(HOUR);
      rig.runDue();
    }
  }

  @Test
  void higherGoesFirstAmongThoseWhichWaitForALimit() {
    sendLimited("paying", "a", 0);
    rig.runDue();
    sendLimited("paying", "b", 0);
    sendLimited("charging", "c", 5);
    sendLimited("paying", "d", -5);
    sendLimited("charging", "e", 0);
    sendLimited("paying", "f", 5);
    rig.runDue();

    runForHours(6);

    assertThat(runs).containsExactly(1L, 3L, 6L, 2L, 5L, 4L);
  }

  @Test
  void newcomerOfHigherPriorityOvertakesThoseWhichWait() {
    sendLimited("paying", "a", 0);
    sendLimited("paying", "b", 0);
    rig.runDue();
    rig.clock.advance(HOUR);

    sendLimited("paying", "c", 1);
    rig.runDue();
    runForHours(2);

    assertThat(runs).containsExactly(1L, 3L, 2L);
  }

  @Test
  void newcomerOfEqualPriorityDoesNotOvertakeThoseWhichWait() {
    sendLimited("paying", "a", 0);
    sendLimited("paying", "b", 0);
    rig.runDue();
    rig.clock.advance(HOUR);

    sendLimited("charging", "c", 0);
    rig.runDue();
    runForHours(2);

    assertThat(runs).containsExactly(1L, 2L, 3L);
  }

  @Test
  void raisedWhileItWaitsForALimitItGoesFirst() {
    sendLimited("paying", "a", 0);
    for (String lane : List.of("b", "c", "d")) {
      sendLimited("paying", lane, 0);
    }
    rig.runDue();

    sendLimited("paying", "d", 1);
    runForHours(4);

    assertThat(runs).containsExactly(1L, 4L, 2L, 3L);
  }

  @Test
  void raisedBehindTheFrontOfItsLaneItGoesFirstWhenTheLimitOpens() {
    sendLimited("paying", "a", 0);
    for (String key : List.of("first", "second", "third")) {
      send(NewWork.of("paying", "lane", key).withLimits(ONE));
    }
    rig.runDue();

    send(NewWork.of("paying", "lane", "third").withLimits(ONE).withPriority(1));
    runForHours(4);

    assertThat(runs).containsExactly(1L, 4L, 2L, 3L);
  }

  @Test
  void raisedWhileAnotherOfItsLaneStandsInTheLineItGoesFirst() {
    sendLimited("paying", "a", 0);
    rig.runDue();
    send(NewWork.of("paying", "lane", "second").withLimits(ONE));
    rig.runDue();
    send(NewWork.of("paying", "lane", "third").withLimits(ONE).withPriority(1));
    rig.runDue();
    // While it runs the lane offers none of them, and then only the better one.
    send(NewWork.of("build", "lane", "fourth"));
    rig.runDue();

    send(NewWork.of("paying", "lane", "second").withLimits(ONE).withPriority(2));
    runForHours(3);

    assertThat(runs).containsExactly(1L, 4L, 2L, 3L);
  }

  @Test
  void raisedTogetherWithALimitItHasSpentItGoesFirst() {
    rig.handler(
        "flaky", task -> task.id() == 1 && task.attempt() == 1 ? payAndFail(task) : run(task));
    send(NewWork.of("flaky", "lane", "spent").withLimits(ONE));
    rig.runDue();
    rig.clock.advance(Duration.ofMinutes(1));
    send(NewWork.of("flaky", "lane", "front").withPriority(1));
    rig.inbox().take(new Rig.Room(0, false));

    Limit five = new Limit("acme", 5, HOUR);
    send(NewWork.of("flaky", "lane", "spent").withLimits(five).withPriority(2));
    rig.runDue();

    assertThat(runs).containsExactly(1L, 2L);
  }

  private static Outcome payAndFail(Task task) {
    task.paidStep("pay", "", Codec.text(), () -> "paid");
    throw new RetryAt(HandClock.START.plusSeconds(60), "not yet");
  }

  @Test
  void refusedWorkOfHighPriorityHoldsUpNobodyElse() {
    sendLimited("paying", "a", 9);
    sendLimited("paying", "b", 8);
    send("build", "c", -9);
    send(NewWork.of("build", "b", "other").withPriority(-9));

    rig.runDue();

    assertThat(runs).containsExactly(1L, 3L, 4L);
  }

  @Test
  void prioritiesOutOfBoundsAreRefused() {
    NewWork work = NewWork.of("build", "lane");

    assertThat(work.withPriority(-1_000).priority()).isEqualTo(-1_000);
    assertThatIllegalArgumentException().isThrownBy(() -> work.withPriority(1_001));
    assertThatIllegalArgumentException().isThrownBy(() -> work.withPriority(-1_001));
  }
}
