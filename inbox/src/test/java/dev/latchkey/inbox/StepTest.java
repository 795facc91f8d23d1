package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.io.IOException;
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

/// What steps keep, and what a run that is over can't change.
@ParameterizedClass
@EnumSource(Storage.class)
final class StepTest {

  private static final Codec<String> TEXT = Codec.text();
  private static final StoreSpec<String> NOTES = StoreSpec.of("notes", TEXT);

  private final Rig rig;

  StepTest(Storage storage, @TempDir Path directory) {
    rig = Rig.open(storage, directory);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  /// Takes the running work away, as an owner would that believes its worker dead.
  private void takeAway(long work) {
    rig.database.update(
        """
        UPDATE latchkey_work
        SET state = 'READY', front = 1, owner = NULL, epoch = epoch + 1 WHERE id = ?
        """,
        work);
  }

  /// Runs the work until it ends, however often it is tried.
  private void runToTheEnd() {
    for (int i = 0; i < 20; i++) {
      rig.runDue();
      rig.clock.advance(Duration.ofMinutes(10));
    }
  }

  @Test
  void keptStepIsNotRunAgainByTheNextAttempt() {
    AtomicInteger calls = new AtomicInteger();
    List<String> results = new ArrayList<>();
    rig.handler(
        "build",
        task -> {
          results.add(task.step("fetch", "v1", TEXT, () -> "call " + calls.incrementAndGet()));
          if (task.attempt() < 3) {
            throw new IOException("after the step");
          }
          return Outcome.done();
        });
    rig.send("build", "lane");

    runToTheEnd();

    assertThat(results).containsExactly("call 1", "call 1", "call 1");
    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
  }

  @Test
  void otherNameOrInputOrWorkIsAnotherStep() {
    AtomicInteger calls = new AtomicInteger();
    rig.handler(
        "build",
        task -> {
          task.step("fetch", "v1", TEXT, () -> "call " + calls.incrementAndGet());
          task.step("fetch", "v2", TEXT, () -> "call " + calls.incrementAndGet());
          task.step("check", "v1", TEXT, () -> "call " + calls.incrementAndGet());
          return Outcome.done(task.step("fetch", "v1", TEXT, () -> "never"));
        });
    rig.send("build", "a");
    rig.send("build", "b");

    rig.runDue();

    assertThat(calls).hasValue(6);
    assertThat(rig.work(1).outcome()).isEqualTo("call 1");
    assertThat(rig.work(2).outcome()).isEqualTo("call 4");
  }

  @Test
  void stepThatThrowsKeepsNothingAndRunsAgain() {
    AtomicInteger calls = new AtomicInteger();
    rig.handler("build", task -> Outcome.done(task.step("fetch", "", TEXT, () -> flaky(calls))));
    rig.send("build", "lane");

    runToTheEnd();

    assertThat(calls).hasValue(2);
    assertThat(rig.newest().outcome()).isEqualTo("fetched");
  }

  private static String flaky(AtomicInteger calls) throws IOException {
    if (calls.incrementAndGet() == 1) {
      throw new IOException("timed out");
    }
    return "fetched";
  }

  @Test
  void resultIsWhatWasKeptAlsoTheFirstTime() {
    Codec<String> lossy = Codec.of(text -> TEXT.encode(text.strip()), TEXT::decode);
    rig.handler("build", task -> Outcome.done("[" + task.step("s", "", lossy, () -> " x ") + "]"));
    rig.send("build", "lane");

    rig.runDue();

    assertThat(rig.newest().outcome()).isEqualTo("[x]");
  }

  @Test
  void writesAlongsideCommitWithTheResultOnce() {
    Store<String> notes = rig.database.store(NOTES);
    AtomicInteger writes = new AtomicInteger();
    rig.handler(
        "build",
        task -> {
          task.step(
              "note",
              "",
              TEXT,
              () -> "noted",
              result -> notes.put("note", result + writes.incrementAndGet()));
          if (task.attempt() == 1) {
            throw new IOException("after the step");
          }
          return Outcome.done();
        });
    rig.send("build", "lane");

    runToTheEnd();

    assertThat(writes).hasValue(1);
    assertThat(notes.get("note")).contains("noted1");
  }

  @Test
  void writesAlongsideThatThrowUndoTheStep() {
    Store<String> notes = rig.database.store(NOTES);
    AtomicInteger calls = new AtomicInteger();
    rig.handler(
        "build",
        task -> {
          task.step(
              "note",
              "",
              TEXT,
              () -> "call " + calls.incrementAndGet(),
              result -> {
                notes.put("attempt" + task.attempt(), result);
                if (task.attempt() == 1) {
                  throw new IllegalStateException("alongside");
                }
              });
          return Outcome.done();
        });
    rig.send("build", "lane");

    runToTheEnd();

    assertThat(calls).hasValue(2);
    assertThat(notes.contains("attempt1")).isFalse();
    assertThat(notes.get("attempt2")).contains("call 2");
  }

  @Test
  void intentIsCommittedBeforeThePaidCall() {
    List<String> seen = new ArrayList<>();
    String sql = "SELECT name || ' ' || state || ' ' || call FROM latchkey_step";
    rig.handler(
        "build",
        task -> {
          task.paidStep(
              "ask",
              "",
              TEXT,
              () -> {
                seen.addAll(rig.texts(sql));
                return "answer";
              });
          return Outcome.done();
        });
    rig.send("build", "lane");

    rig.runDue();

    assertThat(seen).containsExactly("ask INTENT 1");
    assertThat(rig.texts(sql)).containsExactly("ask DONE 1");
    assertThat(rig.events).contains(new Event.CallStarted(claim(1, 1, 1), "ask", 1));
    assertThat(rig.events).contains(new Event.StepKept(claim(1, 1, 1), "ask"));
  }

  private static Claim claim(long work, int attempt, long epoch) {
    return new Claim(work, "build", "lane", "lane", attempt, epoch);
  }

  @Test
  void paidCallThatFailedIsCalledOnceMoreAndThenNeverAgain() {
    AtomicInteger calls = new AtomicInteger();
    rig.handler(
        "build",
        task -> {
          String answer = task.paidStep("ask", "", TEXT, () -> flaky(calls));
          if (task.attempt() < 5) {
            throw new IOException("after the answer");
          }
          return Outcome.done(answer);
        });
    rig.send("build", "lane");

    runToTheEnd();

    assertThat(calls).hasValue(2);
    assertThat(rig.number("SELECT call FROM latchkey_step")).isEqualTo(2);
    assertThat(rig.newest().outcome()).isEqualTo("fetched");
  }

  @Test
  void supersededRunKeepsNoStepNorItsWrites() {
    Store<String> notes = rig.database.store(NOTES);
    List<Throwable> thrown = new ArrayList<>();
    rig.handler(
        "build",
        task -> {
          if (task.epoch() == 1) {
            takeAway(task.id());
            try {
              task.step("s", "", TEXT, () -> "zombie", result -> notes.put("by", result));
            } catch (InboxException.Superseded superseded) {
              thrown.add(superseded);
              throw superseded;
            }
          }
          return Outcome.done(task.step("s", "", TEXT, () -> "successor"));
        });
    rig.send("build", "lane");

    rig.runDue();

    assertThat(thrown).hasSize(1);
    assertThat(notes.contains("by")).isFalse();
    assertThat(rig.newest().outcome()).isEqualTo("successor");
    assertThat(rig.newest().epoch()).isEqualTo(3);
    assertThat(rig.newest().attempt()).isEqualTo(1);
  }

  @Test
  void supersededRunIsToldBeforeItPays() {
    AtomicInteger calls = new AtomicInteger();
    rig.handler(
        "build",
        task -> {
          if (task.epoch() == 1) {
            takeAway(task.id());
          }
          task.paidStep("ask", "", TEXT, () -> "call " + calls.incrementAndGet());
          return Outcome.done();
        });
    rig.send("build", "lane");

    rig.runDue();

    assertThat(calls).hasValue(1);
    assertThat(rig.number("SELECT call FROM latchkey_step")).isEqualTo(1);
  }

  @Test
  void supersededRunCanNeitherFinishNorFailNorPostponeTheWork() {
    List<Handler> zombies =
        List.of(
            task -> Outcome.done("zombie"),
            task -> Outcome.dead("zombie"),
            task -> Outcome.later(HandClock.START.plusSeconds(60), "zombie"),
            task -> {
              throw new IOException("zombie");
            });
    rig.handler(
        "build",
        task -> {
          int turn = (int) task.epoch() / 2;
          if (turn < zombies.size()) {
            takeAway(task.id());
            return zombies.get(turn).handle(task);
          }
          return Outcome.done("last");
        });
    rig.send("build", "lane");

    int runs = rig.runDue();

    assertThat(runs).isEqualTo(5);
    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
    assertThat(rig.newest().outcome()).isEqualTo("last");
    assertThat(rig.newest().error()).isEmpty();
    assertThat(rig.newest().attempt()).isEqualTo(1);
  }

  @Test
  void zombieChangesNothingWhileItsSuccessorRuns() {
    List<Handler> zombies =
        List.of(
            task -> Outcome.done("zombie"),
            task -> Outcome.dead("zombie"),
            task -> Outcome.later(HandClock.START.plusSeconds(60), "zombie"),
            task -> {
              throw new IOException("zombie");
            },
            task -> Outcome.done(task.step("s", "", TEXT, () -> "zombie")),
            task -> Outcome.done(task.paidStep("s", "", TEXT, () -> "zombie")));
    rig.handler("build", task -> zombies.get((int) task.id() - 1).handle(succeeded(task)));
    for (int lane = 0; lane < zombies.size(); lane++) {
      rig.send("build", "lane" + lane);
    }

    rig.runDue();

    assertThat(rig.inbox().works(10))
        .hasSize(zombies.size())
        .allSatisfy(work -> assertThat(work.state()).isEqualTo(WorkState.RUNNING))
        .allSatisfy(work -> assertThat(work.epoch()).isEqualTo(2))
        .allSatisfy(work -> assertThat(work.outcome() + work.error()).isEmpty());
    assertThat(rig.number("SELECT COUNT(*) FROM latchkey_step")).isZero();
  }

  /// Lets a successor run the work, and returns the task of the run that is over.
  private Task succeeded(Task task) {
    rig.database.update("UPDATE latchkey_work SET epoch = epoch + 1 WHERE id = ?", task.id());
    return task;
  }

  @Test
  void supersededRunDoesNotAbsorbTheNextWorkOfItsKey() {
    rig.handler(
        "build",
        task -> {
          if (task.id() == 2) {
            return Outcome.done();
          }
          rig.database.update(
              "UPDATE latchkey_work SET state = 'DEAD', owner = NULL, epoch = 9, ended_at = 0"
                  + " WHERE id = 1");
          rig.send("build", "lane");
          throw new IOException("zombie");
        });
    rig.send("build", "lane");

    rig.runDue();

    assertThat(rig.work(1).state()).isEqualTo(WorkState.DEAD);
    assertThat(rig.work(1).error()).isEmpty();
    assertThat(rig.work(2).state()).isEqualTo(WorkState.DONE);
  }

  @Test
  void resultBeyondTheLimitIsAPermanentFailure() {
    rig.handler(
        "build",
        task -> {
          task.paidStep("ask", "", Codec.bytes(), () -> new byte[(16 << 20) + 1]);
          return Outcome.done();
        });
    rig.send("build", "lane");

    rig.runDue();

    assertThat(rig.newest().state()).isEqualTo(WorkState.DEAD);
    assertThat(rig.newest().error()).contains("ask").contains("16777217");
  }

  @Test
  void stepsNameIsBoundedAndItsInputIsNot() {
    rig.handler(
        "build",
        task -> {
          task.step("s", "i".repeat(1 << 20), TEXT, () -> "fine");
          return Outcome.done(task.step("s".repeat(201), "", TEXT, () -> "never"));
        });
    rig.send("build", "lane");

    rig.runDue();

    assertThat(rig.newest().error()).contains("step's name has 201 characters, limit 200");
    assertThat(rig.number("SELECT COUNT(*) FROM latchkey_step")).isEqualTo(1);
  }
}
