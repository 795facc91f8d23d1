package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
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

/// What the application writes together with the end of a work, and how steps are told apart.
@ParameterizedClass
@EnumSource(Storage.class)
final class AlongsideTest {

  private static final Codec<String> TEXT = Codec.text();

  private final Rig rig;
  private final Store<String> notes;

  AlongsideTest(Storage storage, @TempDir Path directory) {
    rig = Rig.open(storage, directory);
    notes = rig.database.store(StoreSpec.of("notes", TEXT));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Outcome doneWith(String note) {
    return Outcome.done(note, () -> notes.put("note", note));
  }

  /// Runs the work until it ends, however often it is tried.
  private void runToTheEnd() {
    for (int i = 0; i < 20; i++) {
      rig.runDue();
      rig.clock.advance(Duration.ofMinutes(10));
    }
  }

  @Test
  void writesCommitTogetherWithTheEnd() {
    List<String> seen = new ArrayList<>();
    rig.handler(
        "build",
        task ->
            Outcome.done(
                "written",
                () -> {
                  notes.put("note", "written");
                  seen.add(rig.work(1).state() + " " + notes.get("note").orElse("nothing"));
                }));
    rig.send("build", "lane");

    rig.runDue();

    assertThat(seen).containsExactly("RUNNING written");
    assertThat(notes.get("note")).contains("written");
    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
    assertThat(rig.newest().outcome()).isEqualTo("written");
  }

  @Test
  void writesThatThrowAreAFailureAndCommitNothing() {
    AtomicInteger tries = new AtomicInteger();
    rig.handler("build", task -> Outcome.done("written", () -> throwAtFirst(tries)));
    rig.send("build", "lane");
    rig.runDue();
    WorkView failed = rig.newest();
    boolean written = notes.contains("try 1");

    runToTheEnd();

    assertThat(failed.reason()).isEqualTo(WaitReason.RETRY);
    assertThat(failed.attempt()).isEqualTo(2);
    assertThat(failed.error()).isEqualTo("IllegalStateException: try 1");
    assertThat(failed.outcome()).isEmpty();
    assertThat(written).isFalse();
    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
    assertThat(notes.contains("try 1")).isFalse();
    assertThat(notes.contains("try 2")).isTrue();
  }

  private void throwAtFirst(AtomicInteger tries) {
    String name = "try " + tries.incrementAndGet();
    notes.put(name, name);
    if (tries.get() == 1) {
      throw new IllegalStateException(name);
    }
  }

  @Test
  void writesThatFailForGoodMakeTheWorkDead() {
    rig.handler(
        "build",
        task ->
            Outcome.done(
                "written",
                () -> {
                  notes.put("note", "written");
                  throw new PermanentFailure("never");
                }));
    rig.send("build", "lane");

    rig.runDue();

    assertThat(rig.newest().state()).isEqualTo(WorkState.DEAD);
    assertThat(rig.newest().error()).contains("never");
    assertThat(notes.contains("note")).isFalse();
  }

  @Test
  void supersededRunWritesNothing() {
    AtomicInteger writes = new AtomicInteger();
    rig.handler(
        "build",
        task -> {
          if (task.epoch() == 1) {
            rig.database.update(
                """
                UPDATE latchkey_work
                SET state = 'READY', front = 1, owner = NULL, epoch = epoch + 1 WHERE id = ?
                """,
                task.id());
          }
          String by = "run " + task.epoch();
          return Outcome.done(
              by,
              () -> {
                writes.incrementAndGet();
                notes.put(by, by);
              });
        });
    rig.send("build", "lane");

    rig.runDue();

    assertThat(writes).hasValue(1);
    assertThat(notes.contains("run 1")).isFalse();
    assertThat(notes.contains("run 3")).isTrue();
    assertThat(rig.newest().outcome()).isEqualTo("run 3");
  }

  @Test
  void runTheProcessDiedInWritesNothing() {
    rig.handler("build", task -> doneWith("never"));
    rig.send("build", "lane");
    Claims.Taken taken = rig.take();
    Inbox dead = rig.inbox();
    Ending ending = dead.handle(taken);
    rig.killInbox();
    rig.handler("build", task -> doneWith("written"));

    if (ending != null) {
      dead.settle(taken.claim(), ending);
    }
    boolean written = notes.contains("note");
    rig.runDue();

    assertThat(ending).isNotNull();
    assertThat(written).isFalse();
    assertThat(notes.get("note")).contains("written");
  }

  @Test
  void suspendedRunWritesNothing() {
    rig.handler(
        "build",
        task -> {
          rig.inbox().cancel(task.id(), "no use");
          try {
            task.checkpoint();
          } catch (InboxException.Suspended swallowed) {
            return doneWith("never");
          }
          return Outcome.done();
        });
    rig.send("build", "lane");

    rig.runDue();

    assertThat(rig.newest().state()).isEqualTo(WorkState.CANCELLED);
    assertThat(notes.contains("note")).isFalse();
  }

  @Test
  void stepsAreKeptHoweverOftenTheWritesFail() {
    AtomicInteger calls = new AtomicInteger();
    rig.handler(
        "build",
        task -> {
          task.paidStep("ask", "", TEXT, () -> "call " + calls.incrementAndGet());
          int attempt = task.attempt();
          return Outcome.done(
              "",
              () -> {
                if (attempt < 3) {
                  throw new IllegalStateException("not yet");
                }
              });
        });
    rig.send("build", "lane");

    runToTheEnd();

    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
    assertThat(rig.newest().attempt()).isEqualTo(3);
    assertThat(calls).hasValue(1);
  }

  @Test
  void stepsDoNotNest() {
    List<String> bodies = new ArrayList<>();
    List<Handler> nesting =
        List.of(
            task -> Outcome.done(task.step("out", "", TEXT, () -> inner(task, bodies))),
            task -> Outcome.done(task.step("out", "", TEXT, () -> innerPaid(task, bodies))),
            task -> Outcome.done(task.paidStep("out", "", TEXT, () -> inner(task, bodies))),
            task -> Outcome.done(task.paidStep("out", "", TEXT, () -> innerPaid(task, bodies))));
    rig.handler("build", task -> nesting.get((int) task.id() - 1).handle(task));
    for (int i = 0; i < nesting.size(); i++) {
      rig.send("build", "lane" + i);
    }

    rig.runDue();

    assertThat(bodies).isEmpty();
    assertThat(rig.inbox().works(10))
        .hasSize(4)
        .allSatisfy(work -> assertThat(work.state()).isEqualTo(WorkState.DEAD))
        .allSatisfy(work ->
            assertThat(work.error())
                .contains("step in is called inside step out, steps don't nest"));
    assertThat(rig.texts("SELECT name FROM latchkey_step WHERE state = 'DONE'")).isEmpty();
  }

  private static String inner(Task task, List<String> bodies) {
    return task.step("in", "", TEXT, () -> "" + bodies.add("in"));
  }

  private static String innerPaid(Task task, List<String> bodies) {
    return task.paidStep("in", "", TEXT, () -> "" + bodies.add("in"));
  }

  @Test
  void stepsAfterAnotherOrAfterOneThatThrewAreNotNested() {
    rig.handler(
        "build",
        task -> {
          task.step("first", "", TEXT, () -> "first");
          try {
            task.<String, IllegalStateException>step(
                "second",
                "",
                TEXT,
                () -> {
                  throw new IllegalStateException("caught");
                });
          } catch (IllegalStateException caught) {
            return Outcome.done(task.step("third", "", TEXT, () -> "third"));
          }
          return Outcome.dead("not thrown");
        });
    rig.send("build", "lane");

    rig.runDue();

    assertThat(rig.newest().outcome()).isEqualTo("third");
  }

  @Test
  void checkpointInsideAStepIsAllowed() {
    rig.handler(
        "build",
        task ->
            Outcome.done(
                task.step(
                    "s",
                    "",
                    TEXT,
                    () -> {
                      task.checkpoint();
                      return "fine";
                    })));
    rig.send("build", "lane");

    rig.runDue();

    assertThat(rig.newest().outcome()).isEqualTo("fine");
  }

  @Test
  void stepWithAnotherInputIsAnotherStepAndThePaidOnesAreCountedByThemselves() {
    AtomicInteger calls = new AtomicInteger();
    rig.handler(
        "build",
        task -> {
          List<String> answers = new ArrayList<>();
          for (String input : List.of("v1", "v2", "v1", "", "v2", "v1 ")) {
            answers.add(task.paidStep("ask", input, TEXT, () -> "" + calls.incrementAndGet()));
            answers.add(task.step("look", input, TEXT, () -> "" + calls.incrementAndGet()));
          }
          return Outcome.done(String.join(" ", answers));
        });
    rig.send("build", "lane");

    rig.runDue();

    assertThat(rig.newest().outcome()).isEqualTo("1 2 3 4 1 2 5 6 3 4 7 8");
    assertThat(rig.texts("SELECT name || ' ' || call FROM latchkey_step WHERE name = 'ask'"))
        .containsExactly("ask 1", "ask 1", "ask 1", "ask 1");
  }

  @Test
  void stepAndPaidStepOfOneNameAndInputAreOne() {
    rig.handler(
        "build",
        task -> {
          String kept = task.step("s", "v1", TEXT, () -> "free");
          return Outcome.done(kept + " " + task.paidStep("s", "v1", TEXT, () -> "paid"));
        });
    rig.send("build", "lane");

    rig.runDue();

    assertThat(rig.newest().outcome()).isEqualTo("free free");
  }
}
