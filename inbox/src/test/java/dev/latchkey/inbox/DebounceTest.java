package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// How works wait for things to become quiet.
@ParameterizedClass
@EnumSource(Storage.class)
final class DebounceTest {

  private static final Duration QUIET = Duration.ofMinutes(10);
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private final Rig rig;

  /// What the router makes of the next delivery.
  private NewWork next = NewWork.of("build", "lane");

  /// The works which ran, with their subjects and the minutes since the start.
  private final List<String> runs = new ArrayList<>();

  DebounceTest(Storage storage, @TempDir Path directory) {
    rig = Rig.open(storage, directory, options -> options.withRouter(delivery -> Routing.to(next)));
    rig.handler("build", this::run);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Outcome run(Task task) {
    long minutes = Duration.between(HandClock.START, rig.clock.instant()).toMinutes();
    runs.add(task.id() + " " + task.subject() + " " + minutes);
    return Outcome.done();
  }

  private void send(String kind, String subject, Duration quiet, Duration longest) {
    next = NewWork.of(kind, "lane").withSubject(subject).withDebounce(quiet, longest);
    rig.send("any", "");
  }

  private void send(String subject) {
    send("build", subject, QUIET, LONGEST);
  }

  private static Instant minute(long minutes) {
    return HandClock.START.plus(Duration.ofMinutes(minutes));
  }

  /// Runs what is due at each minute up to that one.
  private void runUntilMinute(long last) {
    while (rig.clock.instant().isBefore(minute(last))) {
      rig.runDue();
      rig.clock.advance(Duration.ofMinutes(1));
    }
    rig.runDue();
  }

  @Test
  void workBeginsOnceItHasBeenQuietAndNotAMillisecondBefore() {
    send("first");
    runUntilMinute(5);
    send("second");

    WorkView waiting = rig.newest();
    rig.clock.set(minute(15).minusMillis(1));
    int early = rig.runDue();
    rig.clock.set(minute(15));
    rig.runDue();

    assertThat(waiting.reason()).isEqualTo(WaitReason.DELAY);
    assertThat(waiting.nextAt()).isEqualTo(minute(15));
    assertThat(early).isZero();
    assertThat(runs).containsExactly("1 second 15");
    assertThat(rig.newest().attempt()).isEqualTo(1);
    assertThat(rig.inbox().story(1).orElseThrow().deliveries()).hasSize(2);
  }

  @Test
  void workBeginsAtTheLatestAfterItsMaximumHoweverManyCome() {
    for (int minute = 0; minute < 30; minute += 3) {
      runUntilMinute(minute);
      send("at " + minute);
    }

    runUntilMinute(60);

    assertThat(runs).containsExactly("1 at 27 30");
  }

  @Test
  void maximumCountsFromTheFirstDeliveryAndNotFromTheLastRun() {
    send("first");
    runUntilMinute(10);
    send("second");
    runUntilMinute(19);
    send("third");

    runUntilMinute(60);

    assertThat(runs).containsExactly("1 first 10", "2 third 29");
  }

  @Test
  void deliveryWithoutDebounceLetsItBeginAtOnce() {
    send("patient");
    runUntilMinute(1);

    send("build", "urgent", Duration.ZERO, Duration.ZERO);
    rig.runDue();

    assertThat(runs).containsExactly("1 urgent 1");
  }

  @Test
  void shorterDebounceOfALaterDeliveryCounts() {
    send("first");
    runUntilMinute(4);

    send("build", "second", Duration.ofMinutes(2), Duration.ofMinutes(5));
    runUntilMinute(60);

    assertThat(runs).containsExactly("1 second 5");
  }

  @Test
  void workThatIsReadyIsNotMadeToWait() {
    send("build", "urgent", Duration.ZERO, Duration.ZERO);

    send("patient");
    rig.runDue();

    assertThat(runs).containsExactly("1 patient 0");
  }

  @Test
  void quietIsNotWaitedForAgainByARetry() {
    rig.handler(
        "flaky",
        task -> {
          if (task.attempt() == 1) {
            throw new RetryAt(minute(20), "not yet");
          }
          return run(task);
        });
    send("flaky", "first", Duration.ZERO, Duration.ZERO);
    rig.runDue();
    runUntilMinute(19);

    send("flaky", "second", QUIET, LONGEST);
    WorkView waiting = rig.newest();
    send("flaky", "third", Duration.ZERO, Duration.ZERO);
    runUntilMinute(60);

    assertThat(waiting.reason()).isEqualTo(WaitReason.RETRY);
    assertThat(waiting.nextAt()).isEqualTo(minute(20));
    assertThat(runs).containsExactly("1 third 20");
  }

  @Test
  void handlersOwnDelayIsNotMoved() {
    rig.handler(
        "later",
        task ->
            rig.clock.instant().isBefore(minute(20))
                ? Outcome.later(minute(20), "later")
                : run(task));
    send("later", "first", Duration.ZERO, Duration.ZERO);
    rig.runDue();
    runUntilMinute(19);

    send("later", "second", QUIET, LONGEST);
    WorkView waiting = rig.newest();
    send("later", "third", Duration.ZERO, Duration.ZERO);
    runUntilMinute(60);

    assertThat(waiting.reason()).isEqualTo(WaitReason.DELAY);
    assertThat(waiting.nextAt()).isEqualTo(minute(20));
    assertThat(runs).containsExactly("1 third 20");
  }

  @Test
  void nextOfARunningWorkWaitsForItsOwnQuiet() {
    rig.handler(
        "busy",
        task -> {
          if (task.id() == 1) {
            send("busy", "next", QUIET, LONGEST);
          }
          return run(task);
        });
    send("busy", "first", Duration.ZERO, Duration.ZERO);

    runUntilMinute(60);

    assertThat(runs).containsExactly("1 first 0", "2 next 10");
  }

  @Test
  void failedWorkThatTakesOverTheNextKeepsItsRetrysTime() {
    rig.handler(
        "flaky",
        task -> {
          if (task.attempt() == 1) {
            send("flaky", "next", QUIET, LONGEST);
            throw new RetryAt(minute(3), "not yet");
          }
          return run(task);
        });
    send("flaky", "first", Duration.ZERO, Duration.ZERO);

    runUntilMinute(60);

    assertThat(runs).containsExactly("1 next 3");
  }

  @Test
  void debounceOutlivesTheProcess() {
    send("first");
    runUntilMinute(5);

    rig.closeInbox();
    rig.handler("build", this::run);
    send("second");
    runUntilMinute(60);

    assertThat(runs).containsExactly("1 second 15");
  }

  @Test
  void debouncesOutOfBoundsAreRefused() {
    Duration week = Duration.ofDays(7);

    assertThat(new Debounce(week, Duration.ofDays(30)).quiet()).isEqualTo(week);
    assertThatIllegalArgumentException().isThrownBy(() -> new Debounce(QUIET.negated(), LONGEST));
    assertThatIllegalArgumentException().isThrownBy(() -> new Debounce(LONGEST, QUIET));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Debounce(week.plusMillis(1), Duration.ofDays(30)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Debounce(QUIET, Duration.ofDays(30).plusMillis(1)));
  }
}
