package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.latchkey.kv.Codec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What an operator may do with works, and may not.
@ParameterizedClass
@EnumSource(Storage.class)
final class DeskTest {

  private static final Codec<String> TEXT = Codec.text();
  private static final Duration HOUR = Duration.ofHours(1);

  private final Storage storage;
  private final Path directory;
  private Rig rig;

  /// What the router does with the next delivery.
  private Router router = Rig::route;

  /// The subjects with which works ran, after the ids of their works.
  private final List<String> runs = new ArrayList<>();

  DeskTest(Storage storage, @TempDir Path directory) {
    this.storage = storage;
    this.directory = directory;
    rig = open(false);
  }

  private Rig open(boolean reviving) {
    return Rig.open(
            storage,
            directory,
            options ->
                options.withRouter(delivery -> router.route(delivery)).withReviving(reviving))
        .handler("build", this::run)
        .handler("hopeless", task -> Outcome.dead("no"));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Outcome run(Task task) {
    runs.add((task.id() + " " + task.subject()).strip());
    return Outcome.done();
  }

  private void send(NewWork... works) {
    router = delivery -> Routing.to(works);
    rig.send("any", "");
  }

  private void assertNotAllowed(LongConsumer what, long work, String message) {
    List<WorkView> before = rig.inbox().works(10);

    assertThatExceptionOfType(InboxException.NotAllowed.class)
        .isThrownBy(() -> what.accept(work))
        .withMessage(message);

    assertThat(rig.inbox().works(10)).isEqualTo(before);
  }

  @Test
  void heldWorksRunOnlyAfterTheyAreReleased() {
    send(NewWork.of("build", "ready"));
    send(NewWork.of("build", "delayed").withDebounce(HOUR, HOUR));
    send(NewWork.of("build", "beside"));
    rig.inbox().hold(1);
    rig.inbox().hold(2);
    rig.clock.advance(HOUR);
    rig.runDue();
    List<String> held = List.copyOf(runs);

    rig.inbox().release(1);
    rig.inbox().release(2);
    rig.runDue();

    assertThat(held).containsExactly("3");
    assertThat(runs).containsExactly("3", "1", "2");
    assertThat(rig.events).contains(new Event.Held(1, "by an operator"));
  }

  @Test
  void heldWorkOfALimitsLineLetsTheNextGoAndIsJudgedAnewOnceReleased() {
    Limit one = new Limit("acme", 1, HOUR);
    rig.handler("paying", task -> Outcome.done(task.paidStep("p", "", TEXT, () -> "paid")));
    for (String lane : List.of("a", "b", "c")) {
      send(NewWork.of("paying", lane).withLimits(one));
    }
    rig.runDue();
    rig.inbox().hold(2);
    rig.clock.advance(HOUR);
    rig.runDue();

    rig.inbox().release(2);
    rig.runDue();
    WorkView released = rig.work(2);
    rig.clock.advance(HOUR);
    rig.runDue();

    assertThat(rig.work(3).state()).isEqualTo(WorkState.DONE);
    assertThat(released.reason()).isEqualTo(WaitReason.LIMIT);
    assertThat(rig.work(2).state()).isEqualTo(WorkState.DONE);
  }

  @Test
  void heldWorkAbsorbsAndRunsWithTheNewestSubject() {
    send(NewWork.of("build", "lane").withSubject("old"));
    rig.inbox().hold(1);
    send(NewWork.of("build", "lane").withSubject("new"));
    rig.runDue();
    WorkView held = rig.newest();

    rig.inbox().release(1);
    rig.runDue();

    assertThat(held.id()).isEqualTo(1);
    assertThat(held.state()).isEqualTo(WorkState.HELD);
    assertThat(runs).containsExactly("1 new");
    assertThat(rig.inbox().story(1).orElseThrow().deliveries()).hasSize(2);
  }

  @Test
  void heldWorkDoesNotHoldUpItsLane() {
    send(NewWork.of("build", "lane", "first"), NewWork.of("build", "lane", "second"));
    rig.inbox().hold(1);

    rig.runDue();

    assertThat(runs).containsExactly("2");
  }

  @Test
  void nextOfARunningWorkThatIsHeldHoldsItOnceItFails() {
    rig.handler(
        "flaky",
        task -> {
          if (task.attempt() == 1) {
            send(NewWork.of("flaky", "lane").withSubject("new"));
            rig.inbox().hold(2);
            throw new IOException("not yet");
          }
          return run(task);
        });
    send(NewWork.of("flaky", "lane").withSubject("old"));
    rig.runDue();
    rig.clock.advance(HOUR);
    rig.runDue();
    WorkView held = rig.work(1);

    rig.inbox().release(1);
    rig.runDue();

    assertThat(held.state()).isEqualTo(WorkState.HELD);
    assertThat(held.error()).isEqualTo("IOException: not yet");
    assertThat(held.attempt()).isEqualTo(2);
    assertThat(rig.work(1).state()).isEqualTo(WorkState.DONE);
  }

  @Test
  void operatorCancelsAtOnceOrAtTheNextStep() {
    rig.handler(
        "asking",
        task -> {
          boolean atOnce = rig.inbox().cancel(task.id(), "no use");
          task.checkpoint();
          return Outcome.done("" + atOnce);
        });
    send(NewWork.of("build", "ready"));
    send(NewWork.of("build", "held"));
    rig.inbox().hold(2);
    send(NewWork.of("asking", "running"));

    boolean ready = rig.inbox().cancel(1, "no\nuse");
    boolean held = rig.inbox().cancel(2, "no use");
    rig.runDue();

    assertThat(ready).isTrue();
    assertThat(held).isTrue();
    assertThat(runs).isEmpty();
    assertThat(rig.inbox().stats().works()).containsEntry(WorkState.CANCELLED, 3L);
    assertThat(rig.inbox().works(3)).extracting(WorkView::outcome).containsOnly("no use");
    assertThat(rig.events).contains(new Event.Cancelled(1, "no use"));
  }

  @Test
  void endedWorksCanOnlyBeReplayedOrDismissed() {
    send(NewWork.of("build", "lane"));
    rig.runDue();

    assertNotAllowed(
        work -> rig.inbox().hold(work),
        1,
        "work 1 is DONE and can't be held; allowed are those which are READY and WAITING");
    assertNotAllowed(
        work -> rig.inbox().release(work),
        1,
        "work 1 is DONE and can't be released; allowed are those which are HELD");
    assertNotAllowed(
        work -> rig.inbox().cancel(work, "no use"),
        1,
        "work 1 is DONE and can't be cancelled; allowed are those which are READY, WAITING, HELD"
            + " and RUNNING");
    assertNotAllowed(
        work -> rig.inbox().dismiss(work),
        1,
        "work 1 is DONE and can't be dismissed; allowed are those which are DEAD that are"
            + " unresolved");
  }

  @Test
  void liveWorksCanNeitherBeReplayedNorDismissed() {
    send(NewWork.of("build", "ready"));
    send(NewWork.of("build", "held"));
    rig.inbox().hold(2);

    assertNotAllowed(
        work -> rig.inbox().replay(work),
        1,
        "work 1 is READY and can't be replayed; allowed are those which are DONE, DEAD and"
            + " CANCELLED");
    assertNotAllowed(
        work -> rig.inbox().dismiss(work),
        2,
        "work 2 is HELD and can't be dismissed; allowed are those which are DEAD that are"
            + " unresolved");
    assertNotAllowed(
        work -> rig.inbox().hold(work),
        2,
        "work 2 is HELD and can't be held; allowed are those which are READY and WAITING");
    assertNotAllowed(
        work -> rig.inbox().release(work),
        1,
        "work 1 is READY and can't be released; allowed are those which are HELD");
  }

  @Test
  void runningWorkCanNeitherBeHeldNorReplayed() {
    send(NewWork.of("build", "lane"));
    rig.take();

    assertNotAllowed(
        work -> rig.inbox().hold(work),
        1,
        "work 1 is RUNNING and can't be held; allowed are those which are READY and WAITING");
    assertNotAllowed(
        work -> rig.inbox().replay(work),
        1,
        "work 1 is RUNNING and can't be replayed; allowed are those which are DONE, DEAD and"
            + " CANCELLED");
  }

  @Test
  void worksThatDoNotExistAreNamed() {
    Inbox inbox = rig.inbox();
    List<LongConsumer> all =
        List.of(
            inbox::hold,
            inbox::release,
            work -> inbox.cancel(work, "no use"),
            inbox::replay,
            inbox::dismiss);

    for (LongConsumer one : all) {
      assertThatExceptionOfType(NoSuchElementException.class)
          .isThrownBy(() -> one.accept(99))
          .withMessage("there is no work 99");
    }
  }

  @Test
  void replayIsANewWorkWithFreshStepsAndTheSameDeliveries() {
    Limit two = new Limit("acme", 2, HOUR);
    List<String> calls = new ArrayList<>();
    rig.handler(
        "paying",
        task -> {
          task.paidStep("pay", "", TEXT, () -> "" + calls.add(task.subject()));
          return task.id() == 1 ? Outcome.dead("no") : Outcome.done();
        });
    send(NewWork.of("paying", "lane").withSubject("subject").withLimits(two).withPriority(7));
    rig.runDue();

    List<Long> works = rig.inbox().replay(1);
    rig.runDue();

    assertThat(works).containsExactly(2L);
    assertThat(calls).containsExactly("subject", "subject");
    assertThat(rig.work(1).state()).isEqualTo(WorkState.DEAD);
    assertThat(rig.work(1).resolved()).isTrue();
    assertThat(rig.work(2).state()).isEqualTo(WorkState.DONE);
    assertThat(rig.work(2).priority()).isEqualTo(7);
    WorkStory story = rig.inbox().story(2).orElseThrow();
    assertThat(story.replayOf()).isEqualTo(1);
    assertThat(story.limits()).containsExactly(two);
    assertThat(story.deliveries()).extracting(WorkStory.CauseView::id).containsExactly("d1");
    assertThat(rig.texts("SELECT ref || ' ' || state FROM latchkey_charge ORDER BY ref"))
        .containsExactly("1 SETTLED", "2 SETTLED");
  }

  @Test
  void doneAndCancelledWorksAreReplayedAsWellAndAsOftenAsWanted() {
    send(NewWork.of("build", "done"));
    send(NewWork.of("build", "cancelled"));
    rig.inbox().cancel(2, "no use");
    rig.runDue();

    rig.inbox().replay(1);
    rig.inbox().replay(2);
    rig.runDue();
    rig.inbox().replay(1);
    rig.runDue();

    assertThat(runs).containsExactly("1", "3", "4", "5");
  }

  @Test
  void replayIsLeftToTheLiveWorkOfTheKey() {
    send(NewWork.of("hopeless", "lane", "key").withSubject("old"));
    rig.runDue();
    send(NewWork.of("build", "lane", "key").withSubject("new"));

    List<Long> works = rig.inbox().replay(1);
    rig.runDue();

    assertThat(works).containsExactly(2L);
    assertThat(runs).containsExactly("2 new");
    assertThat(rig.work(1).resolved()).isTrue();
    assertThat(rig.inbox().story(2).orElseThrow().deliveries()).hasSize(2);
  }

  @Test
  void dismissedWorkIsResolvedOnceAndStaysDead() {
    send(NewWork.of("hopeless", "lane"));
    rig.runDue();

    rig.inbox().dismiss(1);

    assertThat(rig.work(1).state()).isEqualTo(WorkState.DEAD);
    assertThat(rig.work(1).resolved()).isTrue();
    assertNotAllowed(
        work -> rig.inbox().dismiss(work),
        1,
        "work 1 is DEAD and can't be dismissed; allowed are those which are DEAD that are"
            + " unresolved");
  }

  /// Sends a delivery which can't be routed.
  private void sendUnroutable() {
    router =
        delivery -> {
          throw new IllegalStateException("no idea");
        };
    rig.send("any", "");
  }

  @Test
  void unroutedDeliveryIsRoutedAgain() {
    send(NewWork.of("build", "pointless"));
    sendUnroutable();
    router =
        delivery ->
            Routing.to(NewWork.of("build", "a"), NewWork.of("build", "b"))
                .cancelling(Cancellation.ofLane("pointless", "replaced"));

    List<Long> works = rig.inbox().replay(2);
    rig.runDue();

    assertThat(works).containsExactly(3L, 4L);
    assertThat(runs).containsExactly("3", "4");
    assertThat(rig.work(1).state()).isEqualTo(WorkState.CANCELLED);
    assertThat(rig.work(2).state()).isEqualTo(WorkState.DEAD);
    assertThat(rig.work(2).resolved()).isTrue();
    assertThat(rig.inbox().story(4).orElseThrow().deliveries())
        .extracting(WorkStory.CauseView::id)
        .containsExactly("d2");
    assertThat(rig.events).contains(new Event.Cancelled(1, "replaced"));
  }

  @Test
  void unroutedDeliveryThatStillFailsStaysAsItIs() {
    sendUnroutable();

    assertNotAllowed(
        work -> rig.inbox().replay(work),
        1,
        "work 1 can't be replayed: its delivery still can't be routed");

    assertThat(rig.work(1).resolved()).isFalse();
    assertThat(rig.inbox().works(10)).hasSize(1);
  }

  @Test
  void unroutedDeliveryThatIsIgnoredNowMakesNoWork() {
    sendUnroutable();
    router = delivery -> Routing.ignore();

    List<Long> works = rig.inbox().replay(1);

    assertThat(works).isEmpty();
    assertThat(rig.work(1).resolved()).isTrue();
    assertThat(rig.inbox().works(10)).hasSize(1);
  }

  @Test
  void redeliveryRevivesDeadWorksOnlyIfWantedAndOnce() {
    Delivery delivery = Rig.delivery("one", "any", "");
    router =
        any ->
            Routing.to(
                NewWork.of("hopeless", "a"), NewWork.of("hopeless", "b"), NewWork.of("build", "c"));
    rig.inbox().accept(delivery);
    rig.runDue();
    Receipt unwanted = rig.inbox().accept(delivery);
    int unwantedRuns = rig.runDue();
    rig.close();
    rig = open(true);
    if (storage == Storage.MEMORY) {
      rig.inbox().accept(delivery);
      rig.runDue();
    }

    Receipt wanted = rig.inbox().accept(delivery);
    int wantedRuns = rig.runDue();

    assertThat(List.of(unwanted, wanted)).containsOnly(Receipt.DUPLICATE);
    assertThat(unwantedRuns).isZero();
    assertThat(wantedRuns).isEqualTo(2);
    assertThat(rig.inbox().works(10))
        .filteredOn(work -> work.state() == WorkState.DEAD)
        .extracting(WorkView::id, WorkView::resolved)
        .contains(tuple(1L, true), tuple(2L, true), tuple(4L, false), tuple(5L, false));
  }

  @Test
  void dismissedWorksAndUnroutedDeliveriesAreNotRevived() {
    rig.close();
    rig = open(true);
    Delivery dismissed = Rig.delivery("dismissed", "any", "");
    Delivery unrouted = Rig.delivery("unrouted", "any", "");
    router = any -> Routing.to(NewWork.of("hopeless", "a"));
    rig.inbox().accept(dismissed);
    rig.runDue();
    rig.inbox().dismiss(1);
    router =
        any -> {
          throw new IllegalStateException("no idea");
        };
    rig.inbox().accept(unrouted);
    router = any -> Routing.to(NewWork.of("build", "a"));

    rig.inbox().accept(dismissed);
    rig.inbox().accept(unrouted);
    int ran = rig.runDue();

    assertThat(ran).isZero();
    assertThat(rig.inbox().works(10)).extracting(WorkView::state).containsOnly(WorkState.DEAD);
  }
}
