package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Codec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What opening makes of works that a dead owner was running. The kill itself is in [CrashTest].
@ParameterizedClass
@EnumSource(Storage.class)
final class RecoveryTest {

  private final Storage storage;
  private final Path directory;
  private Rig rig;

  RecoveryTest(Storage storage, @TempDir Path directory) {
    this.storage = storage;
    this.directory = directory;
    rig = Rig.open(storage, directory);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  /// Takes a work, and dies while it runs.
  private void dieWhileRunning() {
    rig.take();
    rig.killInbox();
  }

  @Test
  void interruptedWorkIsReadyAtOnceUnderANewEpoch() {
    rig.send("build", "lane");

    dieWhileRunning();

    assertThat(rig.newest().state()).isEqualTo(WorkState.READY);
    assertThat(rig.newest().epoch()).isEqualTo(2);
    assertThat(rig.newest().attempt()).isEqualTo(1);
  }

  @Test
  void interruptedWorkAbsorbsTheNextOfItsKey() {
    rig.send("build", "lane key");
    rig.take();
    rig.send("build", "lane key");
    List<String> causes = new ArrayList<>();

    rig.killInbox();
    rig.handler(
        "build",
        task -> {
          causes.addAll(task.deliveries());
          return Outcome.done();
        });
    rig.runDue();

    assertThat(rig.inbox().works(10)).extracting(WorkView::id).containsExactly(1L);
    assertThat(causes).containsExactly("test/d1", "test/d2");
  }

  @Test
  void processThatDiesThreeTimesOnEndWithoutAStepMakesTheWorkDead() {
    rig.send("build", "lane");
    dieWhileRunning();
    dieWhileRunning();
    WorkView suspect = rig.newest();

    dieWhileRunning();

    assertThat(suspect.state()).isEqualTo(WorkState.READY);
    assertThat(suspect.crashes()).isEqualTo(2);
    assertThat(rig.newest().state()).isEqualTo(WorkState.DEAD);
    assertThat(rig.newest().error()).startsWith("poison: the process died in 3 runs on end");
    assertThat(rig.newest().attempt()).isEqualTo(1);
    assertThat(rig.events).contains(new Event.Poisoned(1));
  }

  @Test
  void deathsAfterAStepAreForgiven() {
    rig.send("build", "lane");
    for (int kill = 0; kill < 10; kill++) {
      String input = "input " + kill;
      rig.handler(
          "build",
          task -> {
            task.step("step", input, Codec.text(), () -> "kept");
            return Outcome.done();
          });
      rig.inbox().handle(rig.take());
      rig.killInbox();
    }

    rig.handler("build", task -> Outcome.done("at last, attempt " + task.attempt()));
    rig.runDue();

    assertThat(rig.newest().outcome()).isEqualTo("at last, attempt 1");
    assertThat(rig.newest().crashes()).isZero();
  }

  @Test
  void killsOfABusyProcessMakeNoWorkDead() {
    for (int lane = 0; lane < 5; lane++) {
      rig.send("build", "lane" + lane);
    }
    for (int kill = 0; kill < 2; kill++) {
      for (int lane = 0; lane < 5; lane++) {
        rig.take();
      }
      rig.killInbox();
    }

    Claims.Taken alone = rig.take();
    Claims.Catch beside = rig.inbox().take(Rig.BUSY);

    assertThat(alone.claim().work()).isEqualTo(1);
    assertThat(beside.taken()).isEmpty();
    assertThat(rig.inbox().stats().works()).containsEntry(WorkState.DEAD, 0L);
  }

  @Test
  void waitingAndEndedWorksAreLeftAlone() {
    rig.handler("later", task -> Outcome.later(rig.clock.instant().plusSeconds(60), "later"));
    rig.handler("fine", task -> Outcome.done());
    rig.send("later", "a");
    rig.send("fine", "b");
    rig.runDue();
    List<WorkView> before = rig.inbox().works(10);

    rig.closeInbox();

    assertThat(rig.inbox().works(10)).isEqualTo(before);
  }

  @Test
  void paidCallThatWasUnderWayIsCalledOnceMoreAndCounted() {
    AtomicInteger calls = new AtomicInteger();
    rig.handler(
        "build",
        task -> {
          task.paidStep("ask", "", Codec.text(), () -> dieIn(calls));
          return Outcome.done();
        });
    rig.send("build", "lane");
    rig.inbox().handle(rig.take());

    rig.handler(
        "build",
        task ->
            Outcome.done(
                task.paidStep("ask", "", Codec.text(), () -> "call " + calls.incrementAndGet())));
    rig.runDue();

    assertThat(rig.newest().outcome()).isEqualTo("call 2");
    assertThat(rig.number("SELECT call FROM latchkey_step")).isEqualTo(2);
    assertThat(rig.number("SELECT lost FROM latchkey_step")).isEqualTo(1);
  }

  /// The process dies in mid-call: the run that goes on here is a zombie.
  private String dieIn(AtomicInteger calls) {
    calls.incrementAndGet();
    rig.killInbox();
    rig.inbox();
    return "never kept";
  }

  @Test
  void chargesOutliveTheProcess() {
    rig.close();
    Limit one = new Limit("acme", 1, Duration.ofHours(1));
    rig =
        Rig.open(
            storage,
            directory,
            options ->
                options.withRouter(delivery ->
                    Routing.to(Rig.route(delivery).works().getFirst().withLimits(one))));
    rig.handler("pay", task -> Outcome.done(task.paidStep("p", "", Codec.text(), () -> "paid")));
    rig.send("pay", "a");
    rig.send("pay", "b");
    rig.runDue();

    rig.closeInbox();
    rig.handler("pay", task -> Outcome.done(task.paidStep("p", "", Codec.text(), () -> "paid")));
    int early = rig.runDue();
    rig.clock.advance(Duration.ofHours(1));
    int due = rig.runDue();

    assertThat(early).isZero();
    assertThat(due).isEqualTo(1);
  }

  @Test
  void suspectThatWaitedForALimitRunsAloneOnceItIsAdmitted() {
    rig.close();
    Limit one = new Limit("acme", 1, Duration.ofHours(1));
    rig =
        Rig.open(
            storage,
            directory,
            options ->
                options.withRouter(delivery -> {
                  NewWork work = Rig.route(delivery).works().getFirst();
                  return Routing.to(work.lane().equals("free") ? work : work.withLimits(one));
                }));
    rig.send("build", "suspect");
    dieWhileRunning();
    dieWhileRunning();
    rig.send("build", "holder");
    rig.inbox().hold(1);
    Claims.Taken holder = rig.take();
    rig.inbox().release(1);
    rig.inbox().take(Rig.ONE);
    rig.send("build", "free");

    rig.inbox().settle(holder.claim(), new Ending.Dead("before it paid"));
    Claims.Catch look = rig.inbox().take(new Rig.Room(5, true));
    Claims.Catch next = rig.inbox().take(new Rig.Room(5, true));

    assertThat(look.taken()).isEmpty();
    assertThat(next.taken()).extracting(taken -> taken.claim().work()).containsExactly(1L);
    assertThat(next.alone()).isTrue();
  }
}
