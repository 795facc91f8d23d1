package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of works whose handlers fail or ask to come back.
@ParameterizedClass
@EnumSource(Storage.class)
final class RetryTest {

  private static final RetryPolicy THREE =
      new RetryPolicy(3, Duration.ofSeconds(10), Duration.ofSeconds(15));

  private final Storage storage;
  private final Path directory;
  private Rig rig;

  RetryTest(Storage storage, @TempDir Path directory) {
    this.storage = storage;
    this.directory = directory;
    rig = Rig.open(storage, directory);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private void openWithThreeAttempts(long seed) {
    rig.close();
    rig =
        Rig.open(
            storage, directory, options -> options.withRetry(THREE).withRandom(new Random(seed)));
  }

  private static Instant due(WorkView work) {
    return Objects.requireNonNull(work.nextAt());
  }

  @Test
  void failedWorkIsTriedAgainAfterItsBackoffAndNotBefore() {
    openWithThreeAttempts(7);
    List<Integer> attempts = new ArrayList<>();
    rig.handler(
        "flaky",
        task -> {
          attempts.add(task.attempt());
          if (attempts.size() == 1) {
            throw new IOException("connection reset");
          }
          return Outcome.done("second time");
        });
    rig.send("flaky", "lane");

    rig.runDue();
    WorkView waiting = rig.newest();
    rig.clock.set(due(waiting).minusMillis(1));
    int early = rig.runDue();
    rig.clock.set(due(waiting));
    rig.runDue();

    assertThat(waiting.state()).isEqualTo(WorkState.WAITING);
    assertThat(waiting.reason()).isEqualTo(WaitReason.RETRY);
    assertThat(waiting.error()).isEqualTo("IOException: connection reset");
    assertThat(early).isZero();
    assertThat(attempts).containsExactly(1, 2);
    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
    assertThat(rig.newest().outcome()).isEqualTo("second time");
  }

  @Test
  void afterTheLastAttemptTheWorkIsDeadWithItsError() {
    openWithThreeAttempts(7);
    rig.handler("broken", task -> failing("attempt " + task.attempt()));
    rig.send("broken", "lane");

    int runs = 0;
    for (int i = 0; i < 10; i++) {
      runs += rig.runDue();
      rig.clock.advance(Duration.ofSeconds(15));
    }

    assertThat(runs).isEqualTo(3);
    assertThat(rig.newest().state()).isEqualTo(WorkState.DEAD);
    assertThat(rig.newest().attempt()).isEqualTo(3);
    assertThat(rig.newest().error()).isEqualTo("IllegalStateException: attempt 3");
  }

  private static Outcome failing(String message) {
    throw new IllegalStateException(message);
  }

  @Test
  void backoffIsSpreadOverTheWholeRangeAndNeverBeyondItsCap() {
    openWithThreeAttempts(42);
    rig.handler("broken", task -> failing("no"));
    List<Duration> first = new ArrayList<>();
    List<Duration> second = new ArrayList<>();

    for (int work = 0; work < 100; work++) {
      rig.send("broken", "lane" + work);
      rig.runDue();
      first.add(Duration.between(rig.clock.instant(), due(rig.newest())));
      rig.clock.set(due(rig.newest()));
      rig.runDue();
      second.add(Duration.between(rig.clock.instant(), due(rig.newest())));
      rig.clock.advance(Duration.ofSeconds(15));
      rig.runDue();
    }

    assertThat(first).allSatisfy(wait -> assertThat(wait).isBetween(seconds(0), seconds(10)));
    assertThat(first).anySatisfy(wait -> assertThat(wait).isLessThan(seconds(1)));
    assertThat(first).anySatisfy(wait -> assertThat(wait).isGreaterThan(seconds(9)));
    assertThat(second).allSatisfy(wait -> assertThat(wait).isBetween(seconds(0), seconds(15)));
    assertThat(second).anySatisfy(wait -> assertThat(wait).isGreaterThan(seconds(10)));
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void backoffDoublesUpToItsCapHoweverManyAttempts() {
    RetryPolicy policy = new RetryPolicy(100, Duration.ofDays(1), Duration.ofDays(7));

    assertThat(policy.longestAfter(1)).isEqualTo(Duration.ofDays(1));
    assertThat(policy.longestAfter(2)).isEqualTo(Duration.ofDays(2));
    assertThat(policy.longestAfter(3)).isEqualTo(Duration.ofDays(4));
    assertThat(policy.longestAfter(4)).isEqualTo(Duration.ofDays(7));
    assertThat(policy.longestAfter(100)).isEqualTo(Duration.ofDays(7));
  }

  @Test
  void failureThatNamesItsTimeIsTriedAgainThenAndCounts() {
    Instant later = HandClock.START.plus(Duration.ofHours(3));
    rig.handler(
        "limited",
        task -> {
          throw new RetryAt(later, "quota spent");
        });
    rig.send("limited", "lane");

    rig.runDue();

    assertThat(rig.newest().state()).isEqualTo(WorkState.WAITING);
    assertThat(rig.newest().reason()).isEqualTo(WaitReason.RETRY);
    assertThat(rig.newest().nextAt()).isEqualTo(later);
    assertThat(rig.newest().attempt()).isEqualTo(2);
  }

  @Test
  void failureThatAlwaysNamesThePresentEndsDead() {
    openWithThreeAttempts(7);
    rig.handler(
        "limited",
        task -> {
          throw new RetryAt(Instant.MIN, "now");
        });
    rig.send("limited", "lane");

    int runs = rig.runDue();

    assertThat(runs).isEqualTo(3);
    assertThat(rig.newest().state()).isEqualTo(WorkState.DEAD);
  }

  @Test
  void permanentFailureIsDeadAtOnce() {
    rig.handler(
        "gone",
        task -> {
          throw new PermanentFailure("repository was deleted");
        });
    rig.send("gone", "lane");

    rig.runDue();

    assertThat(rig.newest().state()).isEqualTo(WorkState.DEAD);
    assertThat(rig.newest().error()).isEqualTo("PermanentFailure: repository was deleted");
    assertThat(rig.newest().endedAt()).isEqualTo(HandClock.START);
  }

  @Test
  void handlerMaySayDead() {
    rig.handler("closed", task -> Outcome.dead("nothing to do here"));
    rig.send("closed", "lane");

    rig.runDue();

    assertThat(rig.newest().state()).isEqualTo(WorkState.DEAD);
    assertThat(rig.newest().error()).isEqualTo("nothing to do here");
  }

  @Test
  void laterWaitsUntilThenWithoutAnAttempt() {
    Instant tomorrow = HandClock.START.plus(Duration.ofDays(1));
    List<Integer> attempts = new ArrayList<>();
    rig.handler(
        "patient",
        task -> {
          attempts.add(task.attempt());
          return rig.clock.instant().isBefore(tomorrow)
              ? Outcome.later(tomorrow, "not open yet")
              : Outcome.done();
        });
    rig.send("patient", "lane");

    rig.runDue();
    WorkView waiting = rig.newest();
    rig.clock.set(tomorrow);
    rig.runDue();

    assertThat(waiting.reason()).isEqualTo(WaitReason.DELAY);
    assertThat(waiting.nextAt()).isEqualTo(tomorrow);
    assertThat(waiting.outcome()).isEqualTo("not open yet");
    assertThat(attempts).containsExactly(1, 1);
    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
  }

  @Test
  void laterInThePastIsASecondFromNowAndNeverBeyondTheCalendar() {
    rig.handler("eager", task -> Outcome.later(Instant.MIN, "at once"));
    rig.handler("never", task -> Outcome.later(Instant.MAX, "never"));
    rig.send("eager", "a");
    rig.send("never", "b");

    int runs = rig.runDue();

    assertThat(runs).isEqualTo(2);
    assertThat(rig.work(1).nextAt()).isEqualTo(HandClock.START.plusSeconds(1));
    assertThat(rig.work(2).nextAt()).isAfter(Instant.parse("9000-01-01T00:00:00Z"));
  }

  @Test
  void kindWithoutHandlerIsDeadWithThatReason() {
    rig.send("unheard-of", "lane");

    rig.runDue();

    assertThat(rig.newest().state()).isEqualTo(WorkState.DEAD);
    assertThat(rig.newest().error()).isEqualTo("no handler for kind unheard-of");
  }

  @Test
  void errorsAndNullsOfAHandlerAreFailures() {
    rig.handler(
        "error",
        task -> {
          throw new AssertionError("broken");
        });
    rig.handler("null", RetryTest::nothing);
    rig.send("error", "a");
    rig.send("null", "b");

    rig.runDue();

    assertThat(rig.work(1).error()).isEqualTo("AssertionError: broken");
    assertThat(rig.work(2).error()).isEqualTo("NullPointerException: handler returned null");
    assertThat(rig.work(2).reason()).isEqualTo(WaitReason.RETRY);
  }

  @SuppressWarnings("NullAway") // What a caller without null checks may do.
  private static Outcome nothing(Task task) {
    return null;
  }

  @Test
  void errorIsCutAndOnOneLine() {
    rig.handler("broken", task -> failing("a\nb\0" + "c".repeat(1_000) + "\ud800"));
    rig.send("broken", "lane");

    rig.runDue();

    assertThat(rig.newest().error()).startsWith("IllegalStateException: a b ccc").hasSize(500);
  }

  @Test
  void workThatFailsAbsorbsTheNextOneOfItsKeyWithItsDeliveries() {
    List<List<String>> causes = new ArrayList<>();
    rig.handler("flaky", task -> failOnceWhileOneMoreComes(task, causes));
    rig.send("flaky", "lane");

    rig.runDue();
    List<WorkView> works = rig.inbox().works(10);
    rig.clock.advance(Duration.ofHours(1));
    rig.runDue();

    assertThat(works).extracting(WorkView::id).containsExactly(1L);
    assertThat(causes).containsExactly(List.of("test/d1"), List.of("test/d1", "test/d2"));
    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
  }

  private Outcome failOnceWhileOneMoreComes(Task task, List<List<String>> causes)
      throws IOException {
    causes.add(task.deliveries());
    if (task.attempt() == 1) {
      rig.send("flaky", "lane");
      throw new IOException("connection reset");
    }
    return Outcome.done();
  }

  @Test
  void idOfAnAbsorbedWorkIsNeverUsedAgain() {
    rig.handler("flaky", task -> failOnceWhileOneMoreComes(task, new ArrayList<>()));
    rig.send("flaky", "lane");
    rig.runDue();

    rig.send("flaky", "other");

    assertThat(rig.newest().id()).isEqualTo(3);
  }

  @Test
  void policiesWithoutBoundsAreRefused() {
    Duration second = Duration.ofSeconds(1);

    assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(0, second, second));
    assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(101, second, second));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryPolicy(1, Duration.ZERO, second));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryPolicy(1, second.plusMillis(1), second));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryPolicy(1, second, Duration.ofDays(8)));
  }
}
