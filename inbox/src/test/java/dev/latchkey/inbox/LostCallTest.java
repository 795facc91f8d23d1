package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Codec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of a work whose paid call was under way when the process died.
@ParameterizedClass
@EnumSource(Storage.class)
final class LostCallTest {

  private static final Codec<String> TEXT = Codec.text();

  private final Storage storage;
  private final Path directory;
  private final AtomicInteger calls = new AtomicInteger();
  private Rig rig;

  LostCallTest(Storage storage, @TempDir Path directory) {
    this.storage = storage;
    this.directory = directory;
    rig = Rig.open(storage, directory);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private void openWith(LostCall lostCall) {
    rig.close();
    rig = Rig.open(storage, directory, options -> options.withLostCall(lostCall));
  }

  /// Runs the work, whose process dies in mid-call, if there is a call. The run that goes on here
  /// is a zombie, and the next inbox is open.
  private void runAndDieInMidCall() {
    rig.handler("build", task -> ask(task, this::die));
    rig.inbox().handle(rig.take());
  }

  private static Outcome ask(Task task, Task.Body<String, IOException> call) throws IOException {
    // A step which is kept forgives the deaths: here it is about calls and not about crashes.
    task.step("begun", "" + task.epoch(), TEXT, () -> "begun");
    return Outcome.done(task.paidStep("ask", "", TEXT, call));
  }

  private String die() {
    calls.incrementAndGet();
    rig.killInbox();
    rig.inbox();
    return "never kept";
  }

  private String answer() {
    return "call " + calls.incrementAndGet();
  }

  /// Runs what is due, whose calls are answered.
  private void run() {
    rig.handler("build", task -> ask(task, this::answer));
    rig.runDue();
  }

  @Test
  void lostCallIsRepeatedTwiceAndThenHeld() {
    rig.send("build", "lane");
    for (int death = 0; death < 3; death++) {
      runAndDieInMidCall();
    }

    run();

    assertThat(calls).hasValue(3);
    assertThat(rig.newest().state()).isEqualTo(WorkState.HELD);
    assertThat(rig.newest().attempt()).isEqualTo(1);
    assertThat(rig.newest().error())
        .isEqualTo("call 3 of step ask may have been answered and was lost");
    assertThat(rig.events).contains(new Event.Held(1, rig.newest().error()));
  }

  @Test
  void secondRepeatThatIsAnsweredEndsTheWork() {
    rig.send("build", "lane");
    runAndDieInMidCall();
    runAndDieInMidCall();

    run();

    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
    assertThat(rig.newest().outcome()).isEqualTo("call 3");
    assertThat(rig.inbox().story(1).orElseThrow().steps())
        .filteredOn(step -> step.name().equals("ask"))
        .singleElement()
        .satisfies(step -> assertThat(step.calls()).isEqualTo(3))
        .satisfies(step -> assertThat(step.lost()).isEqualTo(2));
  }

  @Test
  void lostCallIsHeldAtOnceIfTheOperatorWantsToDecide() {
    openWith(LostCall.HOLD);
    rig.send("build", "lane");
    runAndDieInMidCall();

    run();

    assertThat(calls).hasValue(1);
    assertThat(rig.newest().state()).isEqualTo(WorkState.HELD);
    assertThat(rig.newest().error())
        .isEqualTo("call 1 of step ask may have been answered and was lost");
  }

  @Test
  void releasedWorkCallsAgain() {
    openWith(LostCall.HOLD);
    rig.send("build", "lane");
    runAndDieInMidCall();
    run();

    rig.inbox().release(1);
    rig.runDue();

    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
    assertThat(rig.newest().outcome()).isEqualTo("call 2");
    assertThat(rig.newest().attempt()).isEqualTo(1);
  }

  @Test
  void releaseGrantsTwoRepeatsMore() {
    rig.send("build", "lane");
    for (int death = 0; death < 3; death++) {
      runAndDieInMidCall();
    }
    run();
    rig.inbox().release(1);
    rig.closeInbox();

    for (int death = 0; death < 3; death++) {
      runAndDieInMidCall();
    }
    run();

    assertThat(calls).hasValue(6);
    assertThat(rig.newest().state()).isEqualTo(WorkState.HELD);
    assertThat(rig.newest().error()).startsWith("call 6 of step ask");
  }

  @Test
  void callThatIsKnownToHaveFailedIsNoLostOne() {
    openWith(LostCall.HOLD);
    rig.handler("build", task -> ask(task, this::failThrice));
    rig.send("build", "lane");

    for (int attempt = 0; attempt < 4; attempt++) {
      rig.runDue();
      rig.clock.advance(Duration.ofMinutes(10));
    }

    assertThat(calls).hasValue(4);
    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
    assertThat(rig.newest().attempt()).isEqualTo(4);
    assertThat(rig.number("SELECT lost FROM latchkey_step WHERE name = 'ask'")).isZero();
  }

  private String failThrice() throws IOException {
    if (calls.incrementAndGet() <= 3) {
      throw new IOException("no answer");
    }
    return "at last";
  }

  @Test
  void failuresBetweenLostCallsDoNotMakeThemForgotten() {
    rig.send("build", "lane");
    runAndDieInMidCall();
    rig.handler("build", task -> ask(task, this::fail));
    rig.runDue();
    rig.clock.advance(Duration.ofMinutes(10));
    rig.closeInbox();

    runAndDieInMidCall();
    runAndDieInMidCall();
    run();

    assertThat(calls).hasValue(4);
    assertThat(rig.newest().state()).isEqualTo(WorkState.HELD);
    assertThat(rig.newest().attempt()).isEqualTo(2);
  }

  private String fail() throws IOException {
    throw new IOException("no answer to call " + calls.incrementAndGet());
  }

  @Test
  void crashBeforeTheCallLosesNone() {
    openWith(LostCall.HOLD);
    rig.send("build", "lane");
    rig.take();
    rig.killInbox();

    run();

    assertThat(rig.newest().outcome()).isEqualTo("call 1");
  }

  @Test
  void otherStepOfTheSameWorkIsNoLostCall() {
    openWith(LostCall.HOLD);
    rig.send("build", "lane");
    runAndDieInMidCall();

    rig.handler("build", task -> Outcome.done(task.paidStep("ask", "other", TEXT, this::answer)));
    rig.runDue();

    assertThat(rig.newest().outcome()).isEqualTo("call 2");
  }
}
