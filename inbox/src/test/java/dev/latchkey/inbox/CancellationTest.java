package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.kv.Codec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What deliveries cancel, and what a cancelled run may still do.
@ParameterizedClass
@EnumSource(Storage.class)
final class CancellationTest {

  private static final Codec<String> TEXT = Codec.text();
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Limit ONE = new Limit("acme", 1, HOUR);
  private static final String CHARGES =
      "SELECT bucket || ' ' || ref || ' ' || state FROM latchkey_charge ORDER BY bucket, ref";

  private final Rig rig;

  /// What the router makes of the next delivery.
  private Routing next = Routing.ignore();

  /// The works in the order in which they ran.
  private final List<Long> runs = new ArrayList<>();

  CancellationTest(Storage storage, @TempDir Path directory) {
    rig = Rig.open(storage, directory, options -> options.withRouter(delivery -> next));
    rig.handler("build", this::run);
    rig.handler("flaky", task -> task.attempt() == 1 ? fail() : run(task));
    rig.handler("paying", task -> Outcome.done(task.paidStep("pay", "", TEXT, () -> "paid")));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Outcome run(Task task) {
    runs.add(task.id());
    return Outcome.done();
  }

  private static Outcome fail() throws IOException {
    throw new IOException("not yet");
  }

  private Receipt send(Routing routing) {
    next = routing;
    return rig.send("any", "");
  }

  private Receipt cancelLane(String lane) {
    return send(Routing.ignore().cancelling(Cancellation.ofLane(lane, "closed")));
  }

  private Receipt cancelKey(String key) {
    return send(Routing.ignore().cancelling(Cancellation.ofKey(key, "closed")));
  }

  /// Makes one work that is ready, one for each reason to wait, and one that is held, all of which
  /// could run within the hour.
  private void makeOneOfEach() {
    send(Routing.to(NewWork.of("paying", "other").withLimits(ONE)));
    send(Routing.to(NewWork.of("paying", "lane", "limit").withLimits(ONE)));
    send(Routing.to(NewWork.of("flaky", "lane", "retry")));
    rig.runDue();
    send(Routing.to(NewWork.of("build", "lane", "delay").withDebounce(HOUR, HOUR)));
    send(Routing.to(NewWork.of("build", "lane", "held")));
    rig.inbox().hold(5);
    send(Routing.to(NewWork.of("build", "lane", "ready")));
    assertThat(rig.inbox().works(10).reversed())
        .extracting(work -> work.state() + " " + work.reason())
        .containsExactly(
            "DONE null",
            "WAITING LIMIT",
            "WAITING RETRY",
            "WAITING DELAY",
            "HELD null",
            "READY null");
  }

  @Test
  void whateverDoesNotRunIsCancelledAtOnceByItsLane() {
    makeOneOfEach();

    Receipt receipt = cancelLane("lane");
    rig.clock.advance(HOUR.multipliedBy(2));
    int ran = rig.runDue();

    assertThat(receipt).isEqualTo(Receipt.ACCEPTED);
    assertThat(ran).isZero();
    assertThat(rig.inbox().works(10).subList(0, 5))
        .allSatisfy(work -> assertThat(work.state()).isEqualTo(WorkState.CANCELLED))
        .allSatisfy(work -> assertThat(work.outcome()).isEqualTo("closed"))
        .allSatisfy(work -> assertThat(work.endedAt()).isEqualTo(HandClock.START));
    for (long id = 2; id <= 6; id++) {
      assertThat(rig.events).containsOnlyOnce(new Event.Cancelled(id, "closed"));
    }
    assertThat(rig.work(1).state()).isEqualTo(WorkState.DONE);
  }

  @Test
  void whateverDoesNotRunIsCancelledAtOnceByItsKeyAndNothingElseIs() {
    for (String key : List.of("limit", "retry", "delay", "held", "ready")) {
      if (rig.inbox().works(1).isEmpty()) {
        makeOneOfEach();
      }

      cancelKey(key);

      assertThat(rig.inbox().works(10))
          .filteredOn(work -> work.key().equals(key))
          .extracting(WorkView::state)
          .containsExactly(WorkState.CANCELLED);
    }

    assertThat(rig.inbox().stats().works())
        .containsEntry(WorkState.CANCELLED, 5L)
        .containsEntry(WorkState.DONE, 1L);
  }

  @Test
  void cancellingOneOfALaneLetsTheOthersGoOn() {
    makeOneOfEach();

    cancelKey("ready");
    rig.inbox().release(5);
    rig.clock.advance(HOUR);
    rig.runDue();

    assertThat(runs).containsExactlyInAnyOrder(3L, 4L, 5L);
    assertThat(rig.work(2).state()).isEqualTo(WorkState.DONE);
  }

  @Test
  void cancelledHeadOfALimitsLineLetsTheNextMoveUp() {
    send(Routing.to(NewWork.of("paying", "a").withLimits(ONE)));
    rig.runDue();
    send(Routing.to(NewWork.of("paying", "b").withLimits(ONE)));
    send(Routing.to(NewWork.of("paying", "c").withLimits(ONE)));
    rig.runDue();

    cancelLane("b");
    rig.clock.advance(HOUR);
    rig.runDue();

    assertThat(rig.work(2).state()).isEqualTo(WorkState.CANCELLED);
    assertThat(rig.work(3).state()).isEqualTo(WorkState.DONE);
    assertThat(rig.texts(CHARGES)).containsExactly("acme 1 SETTLED", "acme 3 SETTLED");
  }

  @Test
  void runningWorkSeesItAtItsNextStepWhateverItReturnsOrThrowsAfterwards() {
    List<Handler> endings =
        List.of(
            task -> Outcome.done("does not count"),
            task -> Outcome.dead("does not count"),
            task -> Outcome.later(HandClock.START, "does not count"),
            task -> fail(),
            task -> {
              throw new PermanentFailure("does not count");
            });
    List<String> bodies = new ArrayList<>();
    rig.handler(
        "cancelled",
        task -> {
          cancelLane(task.lane());
          assertThat(rig.newest().cancelling()).isTrue();
          assertThatExceptionOfType(InboxException.Suspended.class)
              .isThrownBy(() -> task.step("s", "", TEXT, () -> "" + bodies.add("step")));
          assertThatExceptionOfType(InboxException.Suspended.class)
              .isThrownBy(() -> task.paidStep("p", "", TEXT, () -> "" + bodies.add("paid step")));
          assertThatExceptionOfType(InboxException.Suspended.class).isThrownBy(task::checkpoint);
          return endings.get((int) task.id() - 1).handle(task);
        });

    for (int i = 0; i < endings.size(); i++) {
      send(Routing.to(NewWork.of("cancelled", "lane" + i)));
      rig.runDue();
    }

    assertThat(bodies).isEmpty();
    assertThat(rig.inbox().works(10))
        .hasSize(5)
        .allSatisfy(work -> assertThat(work.state()).isEqualTo(WorkState.CANCELLED))
        .allSatisfy(work -> assertThat(work.outcome()).isEqualTo("closed"))
        .allSatisfy(work -> assertThat(work.cancelling()).isFalse());
    assertThat(rig.events)
        .filteredOn(event -> event instanceof Event.Ended)
        .hasSize(5)
        .allMatch(event -> event.toString().contains("state=CANCELLED, note=closed"));
  }

  @Test
  void checkpointAloneSeesIt() {
    rig.handler(
        "cancelled",
        task -> {
          task.checkpoint();
          cancelKey(task.key());
          task.checkpoint();
          return run(task);
        });
    send(Routing.to(NewWork.of("cancelled", "lane")));

    rig.runDue();

    assertThat(runs).isEmpty();
    assertThat(rig.newest().state()).isEqualTo(WorkState.CANCELLED);
  }

  @Test
  void unitIsGivenBackIfNoPaidCallHasBegunAndSpentOtherwise() {
    rig.handler(
        "cancelled",
        task -> {
          if (task.lane().equals("paid")) {
            task.paidStep("pay", "", TEXT, () -> "paid");
          }
          cancelLane(task.lane());
          task.checkpoint();
          return run(task);
        });
    Limit two = new Limit("acme", 2, HOUR);
    send(Routing.to(NewWork.of("cancelled", "unpaid").withLimits(two)));
    send(Routing.to(NewWork.of("cancelled", "paid").withLimits(two)));

    rig.runDue();

    assertThat(rig.inbox().stats().works()).containsEntry(WorkState.CANCELLED, 2L);
    assertThat(rig.texts(CHARGES)).containsExactly("acme 1 RELEASED", "acme 2 SETTLED");
  }

  @Test
  void answerOfTheCallUnderWayIsKeptAndChargedAndTheRunEndsAtTheNextStep() {
    Limit tokens = new Limit("tokens", 100, HOUR);
    rig.handler(
        "cancelled",
        task -> {
          task.paidStep(
              "ask",
              "",
              List.of(new Reservation(tokens, 60)),
              TEXT,
              bill -> {
                cancelLane(task.lane());
                bill.used("tokens", 20);
                return "answer";
              });
          task.checkpoint();
          return run(task);
        });
    send(Routing.to(NewWork.of("cancelled", "lane")));

    rig.runDue();

    assertThat(rig.newest().state()).isEqualTo(WorkState.CANCELLED);
    assertThat(rig.texts("SELECT name || ' ' || state FROM latchkey_step"))
        .containsExactly("ask DONE");
    assertThat(rig.texts("SELECT units || ' ' || state FROM latchkey_charge"))
        .containsExactly("20 SETTLED");
  }

  @Test
  void runThatEndsWithoutAnotherStepIsWhatItSaysUnlessItWouldGoOn() {
    List<Handler> endings =
        List.of(
            task -> Outcome.done("finished"),
            task -> Outcome.dead("hopeless"),
            task -> Outcome.later(HandClock.START.plusSeconds(60), "later"),
            task -> fail());
    rig.handler(
        "cancelled",
        task -> {
          cancelLane(task.lane());
          return endings.get((int) task.id() - 1).handle(task);
        });
    for (int i = 0; i < endings.size(); i++) {
      send(Routing.to(NewWork.of("cancelled", "lane" + i)));
      rig.runDue();
    }

    rig.clock.advance(HOUR);
    int again = rig.runDue();

    assertThat(again).isZero();
    assertThat(rig.inbox().works(10).reversed())
        .extracting(work -> work.state() + " " + work.outcome() + work.error())
        .containsExactly("DONE finished", "DEAD hopeless", "CANCELLED closed", "CANCELLED closed");
  }

  @Test
  void replacementInTheSameRoutingIsANewWork() {
    NewWork old = NewWork.of("build", "lane").withSubject("old");
    send(Routing.to(old));

    send(Routing.to(old.withSubject("new")).cancelling(Cancellation.ofLane("lane", "replaced")));
    rig.runDue();

    assertThat(runs).containsExactly(2L);
    assertThat(rig.work(1).state()).isEqualTo(WorkState.CANCELLED);
    assertThat(rig.work(1).subject()).isEqualTo("old");
    assertThat(rig.work(2).subject()).isEqualTo("new");
    assertThat(rig.inbox().story(2).orElseThrow().deliveries()).hasSize(1);
  }

  @Test
  void replacementOfARunningWorkRunsAfterItAndIsNotAbsorbedByIt() {
    NewWork work = NewWork.of("replaced", "lane");
    rig.handler(
        "replaced",
        task -> {
          runs.add(task.id());
          if (task.id() == 1) {
            send(
                Routing.to(work.withSubject("new"))
                    .cancelling(Cancellation.ofKey(work.key(), "replaced")));
            assertThat(rig.runDue()).isZero();
            return fail();
          }
          return Outcome.done(task.subject());
        });
    send(Routing.to(work.withSubject("old")));

    rig.runDue();

    assertThat(runs).containsExactly(1L, 2L);
    assertThat(rig.work(1).state()).isEqualTo(WorkState.CANCELLED);
    assertThat(rig.work(1).outcome()).isEqualTo("replaced");
    assertThat(rig.work(2).outcome()).isEqualTo("new");
  }

  @Test
  void runningWorkThatTheProcessDiesInIsCancelledAtTheNextOpening() {
    send(Routing.to(NewWork.of("build", "lane").withLimits(ONE)));
    rig.take();
    cancelLane("lane");

    rig.killInbox();

    assertThat(rig.newest().state()).isEqualTo(WorkState.CANCELLED);
    assertThat(rig.newest().outcome()).isEqualTo("closed");
    assertThat(rig.texts(CHARGES)).containsExactly("acme 1 RELEASED");
  }

  @Test
  void laneAndKeyWithoutLiveWorksCancelNothing() {
    send(Routing.to(NewWork.of("build", "lane")));
    rig.runDue();

    Receipt lane = cancelLane("lane");
    Receipt key = cancelKey("nobody's");
    Receipt nextOfLane = send(Routing.to(NewWork.of("build", "lane")));
    rig.runDue();

    assertThat(List.of(lane, key, nextOfLane)).containsOnly(Receipt.ACCEPTED);
    assertThat(runs).containsExactly(1L, 2L);
    assertThat(rig.inbox().stats().works()).containsEntry(WorkState.CANCELLED, 0L);
  }

  @Test
  void duplicateOfACancellingDeliveryCancelsNothingMore() {
    Delivery closing = Rig.delivery("closing", "any", "");
    next = Routing.ignore().cancelling(Cancellation.ofLane("lane", "closed"));
    rig.inbox().accept(closing);
    send(Routing.to(NewWork.of("build", "lane")));
    next = Routing.ignore().cancelling(Cancellation.ofLane("lane", "closed"));

    Receipt again = rig.inbox().accept(closing);
    rig.runDue();

    assertThat(again).isEqualTo(Receipt.DUPLICATE);
    assertThat(runs).containsExactly(1L);
  }
}
