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

  /// Leaves the newest work as a process leaves it that dies in mid-run.
  private void dieWhileRunning() {
    rig.database.update(
        """
        UPDATE latchkey_work SET state = 'RUNNING', owner = 'dead', epoch = epoch + 1
        WHERE id = (SELECT MAX(id) FROM latchkey_work)
        """);
  }

  @Test
  void interruptedWorkIsReadyAtOnceUnderANewEpoch() {
    rig.send("build", "lane");
    dieWhileRunning();

    rig.closeInbox();

    assertThat(rig.newest().state()).isEqualTo(WorkState.READY);
    assertThat(rig.newest().epoch()).isEqualTo(2);
    assertThat(rig.newest().attempt()).isEqualTo(1);
  }

  @Test
  void interruptedWorkAbsorbsTheNextOfItsKey() {
    rig.send("build", "lane key");
    dieWhileRunning();
    rig.send("build", "lane key");
    List<String> causes = new ArrayList<>();

    rig.closeInbox();
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
  void killsAloneNeverMakeAWorkDead() {
    rig.send("build", "lane");
    for (int kill = 0; kill < 50; kill++) {
      dieWhileRunning();
      rig.closeInbox();
      rig.inbox();
    }

    rig.handler("build", task -> Outcome.done("at last, attempt " + task.attempt()));
    rig.runDue();

    assertThat(rig.newest().outcome()).isEqualTo("at last, attempt 1");
    assertThat(rig.newest().epoch()).isEqualTo(101);
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
        "build", task -> Outcome.done(task.paidStep("ask", "", Codec.text(), () -> "call")));
    rig.send("build", "lane");
    rig.runDue();
    rig.database.update("UPDATE latchkey_step SET state = 'INTENT', output = NULL");
    rig.database.update("UPDATE latchkey_work SET ended_at = NULL");
    dieWhileRunning();

    rig.closeInbox();
    rig.handler(
        "build",
        task -> {
          task.paidStep("ask", "", Codec.text(), () -> "call " + calls.incrementAndGet());
          return Outcome.done();
        });
    rig.runDue();

    assertThat(calls).hasValue(1);
    assertThat(rig.number("SELECT call FROM latchkey_step")).isEqualTo(2);
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
                options.withRouter(
                    delivery -> Rig.route(delivery).stream().map(w -> w.withLimits(one)).toList()));
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
}
