package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.KvException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of a paid answer while another holds the writer.
@ParameterizedClass
@EnumSource(Storage.class)
@Timeout(60)
final class PaidAnswerTest {

  private static final Codec<String> TEXT = Codec.text();
  private static final String STEPS = "SELECT state || ' ' || call FROM latchkey_step";

  private final Rig rig;
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch mayRelease = new CountDownLatch(1);
  private final FutureTask<Boolean> holder;
  private final CountDownLatch held = new CountDownLatch(1);

  PaidAnswerTest(Storage storage, @TempDir Path directory) {
    rig = Rig.open(storage, directory, Duration.ofMillis(200), Duration.ZERO);
    holder = new FutureTask<>(this::hold);
  }

  @AfterEach
  void close() {
    mayRelease.countDown();
    rig.close();
  }

  private boolean hold() throws InterruptedException {
    return rig.database.<Boolean, InterruptedException>transact(() -> {
      held.countDown();
      return mayRelease.await(30, TimeUnit.SECONDS);
    });
  }

  /// A paid call, during which another begins to hold the writer.
  private String callAndLoseTheWriter() throws InterruptedException {
    Thread.startVirtualThread(holder);
    held.await();
    return "answer " + calls.incrementAndGet();
  }

  /// Lets the other go, and waits until it is gone.
  private void release() {
    mayRelease.countDown();
    while (!holder.isDone()) {
      Thread.onSpinWait();
    }
  }

  /// Takes the work sent, for a task whose steps pause in this way between two tries.
  private Run take(Steps.Pause pause) {
    rig.send("build", "lane");
    Tables tables = Tables.of(rig.database);
    InboxOptions options = InboxOptions.of(Rig::route).withClock(rig.clock);
    Steps steps = new Steps(rig.database, options, tables, pause);
    Herald herald = new Herald(rig.events::add, new Tally(rig.clock));
    return new Run(steps, tables.causes(), herald, rig.clock, rig.take());
  }

  @Test
  void answerIsKeptOnceTheWriterIsFreeAndNotPaidAgain() throws Exception {
    AtomicInteger pauses = new AtomicInteger();
    Run run =
        take(() -> {
          if (pauses.incrementAndGet() == 2) {
            release();
          }
          return false;
        });

    String first = run.paidStep("ask", "", TEXT, this::callAndLoseTheWriter);
    String again = run.paidStep("ask", "", TEXT, this::callAndLoseTheWriter);

    assertThat(holder.get()).isTrue();
    assertThat(pauses).hasValueGreaterThanOrEqualTo(2);
    assertThat(first).isEqualTo("answer 1");
    assertThat(again).isEqualTo("answer 1");
    assertThat(calls).hasValue(1);
    assertThat(rig.texts(STEPS)).containsExactly("DONE 1");
    assertThat(rig.events).containsOnlyOnce(new Event.StepKept(claim(run), "ask"));
  }

  private static Claim claim(Run run) {
    return new Claim(run.id(), run.kind(), run.lane(), run.key(), run.attempt(), run.epoch());
  }

  @Test
  void interruptDoesNotLoseTheAnswerAndIsKeptForAfterwards() {
    Run run =
        take(() -> {
          throw new AssertionError("an interrupt is no reason to pause");
        });

    String answer =
        run.paidStep(
            "ask",
            "",
            TEXT,
            () -> {
              Thread.currentThread().interrupt();
              return "answer";
            });

    assertThat(Thread.interrupted()).isTrue();
    assertThat(answer).isEqualTo("answer");
    assertThat(rig.texts(STEPS)).containsExactly("DONE 1");
  }

  @Test
  void interruptDuringThePauseDoesNotEndTheTrying() throws Exception {
    Run run =
        take(() -> {
          release();
          Thread.currentThread().interrupt();
          return false;
        });

    String answer = run.paidStep("ask", "", TEXT, this::callAndLoseTheWriter);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(holder.get()).isTrue();
    assertThat(answer).isEqualTo("answer 1");
    assertThat(rig.texts(STEPS)).containsExactly("DONE 1");
  }

  @Test
  void runThatIsOverMeanwhileStopsTrying() {
    Run run =
        take(() -> {
          release();
          rig.database.update("UPDATE latchkey_work SET epoch = epoch + 1");
          return false;
        });

    assertThatExceptionOfType(InboxException.Superseded.class)
        .isThrownBy(() -> run.paidStep("ask", "", TEXT, this::callAndLoseTheWriter));

    assertThat(rig.texts(STEPS)).containsExactly("INTENT 1");
  }

  @Test
  void closingEndsTheTryingAndTheNextInboxCallsOnceMore() throws Exception {
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    rig.handler("build", task -> askAndTell(task, told));
    rig.inbox().start();
    rig.send("build", "lane");
    held.await();

    rig.closeInbox();
    Throwable failure = told.get();
    release();
    assertThat(holder.get()).isTrue();
    rig.handler("build", task -> Outcome.done(task.paidStep("ask", "", TEXT, this::call)));
    rig.runDue();

    assertThat(failure).isInstanceOf(KvException.Unavailable.class);
    assertThat(rig.newest().outcome()).isEqualTo("answer 2");
    assertThat(rig.newest().attempt()).isEqualTo(1);
    assertThat(rig.texts(STEPS)).containsExactly("DONE 2");
  }

  private Outcome askAndTell(Task task, CompletableFuture<Throwable> told)
      throws InterruptedException {
    try {
      return Outcome.done(task.paidStep("ask", "", TEXT, this::callAndLoseTheWriter));
    } catch (KvException failure) {
      told.complete(failure);
      throw failure;
    }
  }

  private String call() {
    return "answer " + calls.incrementAndGet();
  }
}
