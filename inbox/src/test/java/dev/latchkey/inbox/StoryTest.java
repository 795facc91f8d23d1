package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.latchkey.kv.Codec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Everybody can see what became of a work, and why it waits.
@ParameterizedClass
@EnumSource(Storage.class)
final class StoryTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final Rig rig;
  private List<Limit> limits = List.of();

  StoryTest(Storage storage, @TempDir Path directory) {
    rig =
        Rig.open(
            storage,
            directory,
            options ->
                options.withRouter(delivery ->
                    Routing.to(Rig.route(delivery).works().getFirst().withLimits(limits))));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private String why(long work) {
    return rig.inbox().story(work).orElseThrow().why();
  }

  private static Instant after(Duration duration) {
    return HandClock.START.plus(duration);
  }

  @Test
  void deadWorkTellsItsWholeStory() {
    Limit perHour = new Limit("acme", 30, HOUR);
    Limit tokens = new Limit("tokens", 1_000, HOUR);
    limits = List.of(perHour);
    rig.handler(
        "build",
        task -> {
          task.step("plan", "", Codec.text(), () -> "a plan");
          task.paidStep(
              "ask",
              "",
              List.of(new Reservation(tokens, 100)),
              Codec.text(),
              bill -> {
                bill.used("tokens", 42);
                return "answer";
              });
          if (task.attempt() == 1) {
            throw new RetryAt(after(HOUR), "503");
          }
          throw new PermanentFailure("no such branch");
        });
    rig.send("build", "lane");
    rig.send("build", "lane");
    rig.inbox().accept(Rig.delivery("d1", "build", "lane"));
    rig.runDue();
    rig.clock.advance(HOUR);
    rig.runDue();

    WorkStory story = rig.inbox().story(1).orElseThrow();

    assertThat(story.why()).isEqualTo("dead: PermanentFailure: no such branch");
    assertThat(story.deliveries())
        .containsExactly(
            new WorkStory.CauseView("test", "d1", "build", Via.WEBHOOK, HandClock.START, 1),
            new WorkStory.CauseView("test", "d2", "build", Via.WEBHOOK, HandClock.START, 0));
    assertThat(story.runs())
        .containsExactly(
            new WorkStory.RunView(
                1, 1, HandClock.START, HandClock.START, "WAITING/RETRY", "RetryAt: 503"),
            new WorkStory.RunView(
                2, 2, after(HOUR), after(HOUR), "DEAD", "PermanentFailure: no such branch"));
    assertThat(story.steps())
        .containsExactlyInAnyOrder(
            new WorkStory.StepView("plan", 0, 0, HandClock.START, HandClock.START, 6, Map.of()),
            new WorkStory.StepView(
                "ask", 1, 0, HandClock.START, HandClock.START, 6, Map.of("tokens", 42L)));
    assertThat(story.charges())
        .extracting(WorkStory.ChargeView::bucket, WorkStory.ChargeView::units)
        .containsExactly(tuple("acme", 1L), tuple("tokens", 42L));
    assertThat(story.limits()).containsExactly(perHour);
    assertThat(story.replayOf()).isNull();
  }

  @Test
  void workThatIsReadySaysWhatItIsBehind() {
    rig.send("build", "lane a");
    rig.send("build", "lane b");
    String first = why(1);
    String second = why(2);
    rig.take();

    assertThat(first).isEqualTo("ready, as soon as a worker for its kind is idle");
    assertThat(second).isEqualTo("work 1 of its lane goes first");
    assertThat(why(1)).isEqualTo("runs");
    assertThat(why(2)).isEqualTo("work 1 of its lane runs");
  }

  @Test
  void workThatWaitsSaysForWhatAndUntilWhen() {
    limits = List.of(new Limit("acme", 1, HOUR));
    rig.handler(
        "build", task -> Outcome.done(task.paidStep("ask", "", Codec.text(), () -> "answer")));
    rig.handler("later", task -> Outcome.later(after(HOUR), "the build is not there yet"));
    rig.handler(
        "failing",
        task -> {
          throw new RetryAt(after(HOUR), "503");
        });
    rig.send("build", "a");
    rig.send("build", "b");
    limits = List.of();
    rig.send("later", "c");
    rig.send("failing", "d");
    rig.runDue();
    rig.send("build", "e");
    rig.inbox().hold(5);

    assertThat(why(2)).isEqualTo("the limit of 1 on acme is full until " + after(HOUR));
    assertThat(why(3)).isEqualTo("delayed until " + after(HOUR) + ": the build is not there yet");
    assertThat(why(4)).isEqualTo("to be tried again until " + after(HOUR) + ": RetryAt: 503");
    assertThat(why(5)).isEqualTo("held until an operator releases it");
  }

  @Test
  void nextTimeOfAWorkBehindALimitIsThatOfItsGateAlsoAfterTheChargesChanged() {
    limits = List.of(new Limit("acme", 1, HOUR));
    rig.handler(
        "build", task -> Outcome.done(task.paidStep("ask", "", Codec.text(), () -> "answer")));
    rig.send("build", "a");
    rig.send("build", "b");
    rig.send("build", "c");
    rig.runDue();
    rig.clock.advance(HOUR);
    rig.runDue();

    assertThat(rig.work(3).nextAt()).isEqualTo(after(HOUR.multipliedBy(2)));
  }

  @Test
  void thereIsNoStoryOfNothing() {
    assertThat(rig.inbox().story(1)).isEmpty();
  }

  @Test
  void listsAreFilteredAndPaged() {
    rig.handler("build", task -> Outcome.done());
    rig.handler("dead", task -> Outcome.dead("by design"));
    for (int i = 0; i < 5; i++) {
      rig.send("build", "lane" + i % 2 + " key" + i);
      rig.send("dead", "lane" + i % 2 + " dead" + i);
      rig.clock.advance(HOUR);
    }
    rig.runDue();
    WorkQuery two = WorkQuery.newest(2);

    List<WorkView> page = rig.inbox().works(two.withKind("build"));
    List<WorkView> next = rig.inbox().works(two.withKind("build").before(page.getLast().id()));

    assertThat(page).extracting(WorkView::id).containsExactly(9L, 7L);
    assertThat(next).extracting(WorkView::id).containsExactly(5L, 3L);
    assertThat(rig.inbox().works(WorkQuery.newest(100).withStates(WorkState.DEAD)))
        .extracting(WorkView::id)
        .containsExactly(10L, 8L, 6L, 4L, 2L);
    assertThat(rig.inbox().works(WorkQuery.newest(100).withLane("lane1").withKind("dead")))
        .extracting(WorkView::id)
        .containsExactly(8L, 4L);
    assertThat(
            rig.inbox()
                .works(WorkQuery.newest(100).between(after(HOUR), after(HOUR.multipliedBy(2)))))
        .extracting(WorkView::id)
        .containsExactly(4L, 3L);
    assertThat(rig.inbox().works(WorkQuery.newest(100).withStates(WorkState.DONE, WorkState.DEAD)))
        .hasSize(10);
  }

  @Test
  void statisticsTellWhatHappenedLately() {
    rig.handler("build", task -> Outcome.done());
    rig.send("build", "a");
    rig.send("build", "b");
    rig.runDue();
    rig.clock.advance(Duration.ofSeconds(60));
    rig.send("build", "c");
    rig.inbox().accept(Rig.delivery("d3", "build", "c"));

    InboxStats.Recent recent = rig.inbox().stats().recent();

    assertThat(recent).isEqualTo(new InboxStats.Recent(3, 2, 0, 1, 0));
  }
}
