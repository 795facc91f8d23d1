package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Codec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A work in which the process died twice on end runs alone: if it is what kills the process, it
/// takes nobody with it.
@ParameterizedClass
@EnumSource(Storage.class)
@Timeout(60)
final class SuspectTest {

  private static final Codec<String> TEXT = Codec.text();
  private static final Limit ONE = new Limit("acme", 1, Duration.ofHours(1));

  private final Rig rig;

  /// What the router makes of the next delivery.
  private volatile NewWork next = NewWork.of("build", "lane");

  /// What began and ended, in that order.
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  private final Semaphore ended = new Semaphore(0);

  SuspectTest(Storage storage, @TempDir Path directory) {
    rig =
        Rig.open(
            storage,
            directory,
            options -> options.withRouter(delivery -> Routing.to(next)).withListener(this::note));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  // The beginning is told by the worker before its handler, the end after its commit.
  private void note(Event event) {
    if (event instanceof Event.Claimed(var claim)) {
      told.add("+" + claim.work());
    } else if (event instanceof Event.Ended || event instanceof Event.Retried) {
      ended.release();
    }
  }

  private void send(NewWork work) {
    next = work;
    rig.send("any", "");
  }

  /// Lets the process die twice while the works made so far run.
  private void dieTwice(int works) {
    for (int death = 0; death < 2; death++) {
      for (int work = 0; work < works; work++) {
        rig.take();
      }
      rig.killInbox();
    }
    told.clear();
  }

  /// Lets another work end, so that the process isn't one that has done nothing yet.
  private void endAnother() {
    rig.inbox().hold(1);
    rig.handler("another", _ -> Outcome.done());
    send(NewWork.of("another", "another"));
    rig.runDue();
    rig.inbox().release(1);
    told.clear();
    ended.drainPermits();
  }

  private Outcome end(Task task) {
    told.add("-" + task.id());
    return Outcome.done();
  }

  /// Does a few writes, so that whoever could begin meanwhile does.
  private Outcome write(Task task) {
    for (int i = 0; i < 10; i++) {
      task.step("write", "" + i, TEXT, () -> "written");
    }
    return end(task);
  }

  @Test
  void suspectRunsAloneAndTheOthersGoOnAfterIt() throws Exception {
    send(NewWork.of("suspect", "suspect"));
    dieTwice(1);
    endAnother();
    rig.handler("suspect", this::write).handler("build", this::end);
    for (int lane = 0; lane < 8; lane++) {
      send(NewWork.of("build", "lane" + lane).withPriority(9));
    }

    rig.inbox().start();
    ended.acquire(9);

    assertThat(told.subList(0, 2)).containsExactly("+1", "-1");
    assertThat(told).hasSize(18);
    assertThat(rig.inbox().stats().works()).containsEntry(WorkState.DONE, 10L);
  }

  @Test
  void whatComesWhileTheSuspectRunsWaitsForItsEnd() throws Exception {
    send(NewWork.of("suspect", "suspect"));
    dieTwice(1);
    endAnother();
    rig.handler("build", this::end);
    rig.handler(
        "suspect",
        task -> {
          for (int lane = 0; lane < 8; lane++) {
            send(NewWork.of("build", "lane" + lane));
          }
          return write(task);
        });

    rig.inbox().start();
    ended.acquire(9);

    assertThat(told.subList(0, 2)).containsExactly("+1", "-1");
    assertThat(rig.inbox().stats().works()).containsEntry(WorkState.DONE, 10L);
  }

  @Test
  void suspectWaitsUntilNothingRunsAndNothingBeginsMeanwhile() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    send(NewWork.of("suspect", "suspect"));
    dieTwice(1);
    endAnother();
    rig.inbox().hold(1);
    rig.handler("suspect", this::write).handler("build", this::end);
    rig.handler(
        "busy",
        task -> {
          running.countDown();
          mayEnd.await();
          return end(task);
        });
    rig.inbox().start();
    send(NewWork.of("busy", "busy"));
    running.await();

    rig.inbox().release(1);
    for (int lane = 0; lane < 8; lane++) {
      send(NewWork.of("build", "lane" + lane));
    }
    mayEnd.countDown();
    ended.acquire(10);

    assertThat(told.subList(0, 4)).containsExactly("+3", "-3", "+1", "-1");
    assertThat(rig.inbox().stats().works()).containsEntry(WorkState.DONE, 11L);
  }

  @Test
  void suspectsLetOthersGoFirstUntilARunHasEndedAndThenRunOneAfterTheOther() throws Exception {
    for (int lane = 0; lane < 3; lane++) {
      send(NewWork.of("suspect", "lane" + lane));
    }
    dieTwice(3);
    rig.handler("suspect", this::write).handler("build", this::end);
    send(NewWork.of("build", "lane"));

    rig.inbox().start();
    ended.acquire(4);

    assertThat(told).containsExactly("+4", "-4", "+1", "-1", "+2", "-2", "+3", "-3");
  }

  @Test
  void suspectThatDiedAloneComesAfterThoseThatDidNot() {
    for (int lane = 0; lane < 2; lane++) {
      send(NewWork.of("suspect", "lane" + lane));
    }
    dieTwice(2);

    List<Long> victims = new ArrayList<>();
    for (int death = 0; death < 4; death++) {
      victims.add(rig.take().claim().work());
      rig.killInbox();
    }

    assertThat(victims).containsExactly(1L, 2L, 1L, 2L);
  }

  @Test
  void processThatIsKilledBeforeARunHasEndedBlamesNoSuspectWhileThereAreOthers() {
    send(NewWork.of("suspect", "suspect"));
    dieTwice(1);
    Claims.Room fresh = new Rig.Room(4, true, false);

    for (int death = 0; death < 5; death++) {
      send(NewWork.of("build", "a" + death));
      send(NewWork.of("build", "b" + death));
      assertThat(rig.inbox().take(fresh).taken())
          .isNotEmpty()
          .extracting(taken -> taken.claim().work())
          .doesNotContain(1L);
      rig.killInbox();
    }

    assertThat(rig.work(1).state()).isEqualTo(WorkState.READY);
    assertThat(rig.work(1).crashes()).isEqualTo(2);
  }

  @Test
  void suspectThatFailsLetsTheOthersGoOnAndIsStillAloneAtItsRetry() throws Exception {
    send(NewWork.of("suspect", "suspect"));
    dieTwice(1);
    rig.handler("build", this::end);
    rig.handler(
        "suspect",
        task -> {
          if (task.attempt() == 1) {
            told.add("-1");
            throw new RetryAt(HandClock.START.plusSeconds(60), "not yet");
          }
          return write(task);
        });
    send(NewWork.of("build", "a"));
    rig.inbox().start();
    ended.acquire(2);

    rig.clock.advance(Duration.ofMinutes(1));
    send(NewWork.of("build", "b"));
    ended.acquire(2);

    assertThat(told).startsWith("+2", "-2", "+1", "-1");
    assertThat(told.subList(told.lastIndexOf("+1"), told.lastIndexOf("+1") + 2))
        .containsExactly("+1", "-1");
    assertThat(rig.work(1).state()).isEqualTo(WorkState.DONE);
  }

  @Test
  void suspectThatALimitRefusesHoldsUpNobodyAndRunsAloneOnceAdmitted() throws Exception {
    rig.handler("paying", task -> Outcome.done(task.paidStep("p", "", TEXT, () -> "paid")));
    send(NewWork.of("suspect", "suspect").withLimits(ONE));
    dieTwice(1);
    rig.handler("paying", task -> Outcome.done(task.paidStep("p", "", TEXT, () -> "paid")));
    rig.handler("suspect", this::write).handler("build", this::end);
    rig.inbox().hold(1);
    send(NewWork.of("paying", "paying").withLimits(ONE));
    send(NewWork.of("build", "a"));
    rig.inbox().start();
    ended.acquire(2);
    rig.inbox().release(1);
    send(NewWork.of("build", "b"));
    ended.acquire();
    WorkView refused = rig.work(1);
    told.clear();

    for (int lane = 0; lane < 8; lane++) {
      rig.clock.advance(Duration.ofHours(1));
      send(NewWork.of("build", "lane" + lane));
    }
    ended.acquire(9);

    assertThat(refused.reason()).isEqualTo(WaitReason.LIMIT);
    assertThat(told.get(told.indexOf("+1") + 1)).isEqualTo("-1");
    assertThat(rig.inbox().stats().works()).containsEntry(WorkState.DONE, 12L);
  }

  @Test
  void suspectThatKeepsAStepIsNoSuspectAnyMore() {
    send(NewWork.of("suspect", "suspect"));
    dieTwice(1);
    rig.handler(
        "suspect",
        task -> {
          task.step("progress", "", TEXT, () -> "made");
          throw new IOException("not yet");
        });

    rig.runDue();

    assertThat(rig.newest().crashes()).isZero();
    assertThat(rig.newest().reason()).isEqualTo(WaitReason.RETRY);
  }
}
