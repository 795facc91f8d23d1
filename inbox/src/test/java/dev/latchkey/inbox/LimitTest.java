package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.kv.Codec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Which works a limit admits, and when.
@ParameterizedClass
@EnumSource(Storage.class)
final class LimitTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final String CHARGES =
      "SELECT bucket || ' ' || ref || ' ' || state FROM latchkey_charge ORDER BY bucket, ref";

  private final Rig rig;

  /// The limits of a lane's works.
  private final Map<String, List<Limit>> limits = new HashMap<>();

  /// The works in the order in which they ran.
  private final List<Long> runs = new ArrayList<>();

  LimitTest(Storage storage, @TempDir Path directory) {
    rig =
        Rig.open(
            storage,
            directory,
            options ->
                options.withRouter(delivery ->
                    Routing.to(
                        Rig.route(delivery).works().stream()
                            .map(work ->
                                work.withLimits(limits.getOrDefault(work.lane(), List.of())))
                            .toList())));
    rig.handler("paying", this::pay);
    rig.handler("free", task -> done(runs.add(task.id())));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Outcome pay(Task task) {
    runs.add(task.id());
    return Outcome.done(task.paidStep("pay", "", Codec.text(), () -> "paid"));
  }

  private static Outcome done(boolean ignored) {
    return Outcome.done();
  }

  private void send(String kind, String lane, Limit... limits) {
    this.limits.put(lane, List.of(limits));
    rig.send(kind, lane);
  }

  @Test
  void limitAdmitsItsUnitsAndPostponesTheRestToTheEarliestInstant() {
    Limit two = new Limit("acme", 2, HOUR);
    send("paying", "a", two);
    rig.runDue();
    rig.clock.advance(Duration.ofMinutes(20));
    send("paying", "b", two);
    rig.runDue();
    rig.clock.advance(Duration.ofMinutes(20));
    send("paying", "c", two);

    rig.runDue();

    assertThat(runs).containsExactly(1L, 2L);
    assertThat(rig.work(3).state()).isEqualTo(WorkState.WAITING);
    assertThat(rig.work(3).reason()).isEqualTo(WaitReason.LIMIT);
    assertThat(rig.work(3).attempt()).isEqualTo(1);
    assertThat(rig.work(3).epoch()).isZero();
    assertThat(rig.work(3).nextAt()).isEqualTo(HandClock.START.plus(HOUR));
    assertThat(rig.texts(CHARGES)).containsExactly("acme 1 SETTLED", "acme 2 SETTLED");
    assertThat(rig.events)
        .contains(new Event.Postponed(3, WaitReason.LIMIT, HandClock.START.plus(HOUR)));
  }

  @Test
  void postponedWorkRunsAtThatInstantAndNotAMillisecondBefore() {
    Limit one = new Limit("acme", 1, HOUR);
    send("paying", "a", one);
    send("paying", "b", one);
    rig.runDue();

    rig.clock.set(HandClock.START.plus(HOUR).minusMillis(1));
    int early = rig.runDue();
    rig.clock.set(HandClock.START.plus(HOUR));
    int due = rig.runDue();

    assertThat(early).isZero();
    assertThat(due).isEqualTo(1);
    assertThat(runs).containsExactly(1L, 2L);
  }

  @Test
  void windowSlidesInsteadOfStartingAnew() {
    Limit two = new Limit("acme", 2, HOUR);

    for (int minute = 0; minute <= 120; minute++) {
      if (minute % 25 == 0) {
        send("paying", "lane" + minute, two);
      }
      rig.runDue();
      rig.clock.advance(Duration.ofMinutes(1));
    }

    assertThat(rig.inbox().works(10).reversed())
        .extracting(work -> minutesIn(work.claimedAt()))
        .containsExactly(0L, 25L, 60L, 85L, 120L);
  }

  private static long minutesIn(@Nullable Instant instant) {
    return instant == null ? -1 : Duration.between(HandClock.START, instant).toMinutes();
  }

  @Test
  void releaseWakesWaitingWorksOldestFirst() {
    Limit one = new Limit("acme", 1, HOUR);
    rig.inbox()
        .handler(
            "holds",
            task -> {
              runs.add(task.id());
              if (task.id() == 1) {
                for (String lane : List.of("b", "c", "d")) {
                  send("free", lane, one);
                }
                assertThat(rig.inbox().runDue()).isZero();
              }
              return Outcome.done();
            });
    send("holds", "a", one);

    rig.runDue();

    assertThat(runs).containsExactly(1L, 2L, 3L, 4L);
    assertThat(rig.events)
        .contains(new Event.Postponed(2, WaitReason.LIMIT, HandClock.START.plus(HOUR)));
    assertThat(rig.inbox().stats().works()).containsEntry(WorkState.DONE, 4L);
    assertThat(rig.texts(CHARGES)).allMatch(charge -> charge.endsWith("RELEASED"));
  }

  @Test
  void deadWorkThatPaidNothingGivesItsChargeBack() {
    Limit one = new Limit("acme", 1, HOUR);
    rig.inbox().handler("hopeless", task -> Outcome.dead("no"));
    send("hopeless", "a", one);
    send("paying", "b", one);

    rig.runDue();

    assertThat(runs).containsExactly(2L);
    assertThat(rig.texts(CHARGES)).containsExactly("acme 1 RELEASED", "acme 2 SETTLED");
  }

  @Test
  void chargeIsSpentOnceThePaidCallHasBegunEvenIfItFails() {
    Limit one = new Limit("acme", 1, HOUR);
    rig.inbox()
        .handler(
            "unlucky",
            task -> {
              task.paidStep("pay", "", Codec.text(), LimitTest::fail);
              return Outcome.done();
            });
    send("unlucky", "a", one);

    rig.runDue();

    assertThat(rig.work(1).state()).isEqualTo(WorkState.DEAD);
    assertThat(rig.texts(CHARGES)).containsExactly("acme 1 SETTLED");
  }

  private static String fail() {
    throw new PermanentFailure("card declined");
  }

  @Test
  void retryTakesNoSecondCharge() {
    Limit one = new Limit("acme", 1, HOUR);
    rig.inbox()
        .handler(
            "flaky",
            task -> {
              runs.add(task.id());
              task.paidStep("pay", "", Codec.text(), () -> "paid");
              if (task.attempt() < 3) {
                throw new IOException("after paying");
              }
              return Outcome.done();
            });
    send("flaky", "a", one);

    for (int minute = 0; minute < 30; minute++) {
      rig.runDue();
      rig.clock.advance(Duration.ofMinutes(1));
    }

    assertThat(runs).containsExactly(1L, 1L, 1L);
    assertThat(rig.texts(CHARGES)).containsExactly("acme 1 SETTLED");
    assertThat(rig.number("SELECT at FROM latchkey_charge"))
        .isEqualTo(HandClock.START.toEpochMilli());
  }

  @Test
  void runThatEndsBeforeItPaysGivesItsUnitToWhoIsNext() {
    Limit one = new Limit("acme", 1, HOUR);
    rig.inbox()
        .handler(
            "flaky",
            task -> {
              runs.add(task.id());
              if (task.attempt() == 1) {
                throw new RetryAt(HandClock.START.plusSeconds(60), "before paying");
              }
              return pay(task);
            });
    send("flaky", "a", one);
    send("paying", "b", one);

    rig.runDue();
    rig.clock.advance(Duration.ofMinutes(1));
    rig.runDue();

    assertThat(runs).containsExactly(1L, 2L);
    assertThat(rig.work(1).reason()).isEqualTo(WaitReason.LIMIT);
    assertThat(rig.work(1).attempt()).isEqualTo(2);
    assertThat(rig.work(2).state()).isEqualTo(WorkState.DONE);
  }

  @Test
  void unpaidChargeThatLeftTheWindowIsTakenAnewAndNotInAddition() {
    Limit one = new Limit("acme", 1, HOUR);
    Instant back = HandClock.START.plus(HOUR.multipliedBy(2));
    rig.inbox()
        .handler(
            "patient",
            task -> rig.clock.instant().isBefore(back) ? Outcome.later(back, "later") : pay(task));
    send("patient", "a", one);
    rig.runDue();
    rig.clock.set(back.minus(Duration.ofMinutes(10)));
    send("paying", "b", one);
    rig.runDue();

    rig.clock.set(back);
    rig.runDue();
    WorkView refused = rig.work(1);
    rig.clock.advance(Duration.ofMinutes(50));
    rig.runDue();

    assertThat(refused.reason()).isEqualTo(WaitReason.LIMIT);
    assertThat(refused.nextAt()).isEqualTo(back.plus(Duration.ofMinutes(50)));
    assertThat(runs).containsExactly(2L, 1L);
    assertThat(rig.texts(CHARGES)).containsExactly("acme 1 SETTLED", "acme 2 SETTLED");
  }

  @Test
  void severalLimitsAdmitAllOrNone() {
    Limit wide = new Limit("owner", 10, HOUR);
    Limit narrow = new Limit("repository", 1, Duration.ofMinutes(10));
    Limit narrower = new Limit("pull", 1, Duration.ofMinutes(30));
    send("paying", "a", wide, narrow, narrower);
    send("paying", "b", wide, narrow, narrower);

    rig.runDue();

    assertThat(rig.work(2).nextAt()).isEqualTo(HandClock.START.plus(Duration.ofMinutes(30)));
    assertThat(rig.texts(CHARGES))
        .containsExactly("owner 1 SETTLED", "pull 1 SETTLED", "repository 1 SETTLED");
  }

  @Test
  void fullBucketHoldsUpNobodyElse() {
    send("paying", "a", new Limit("acme", 1, HOUR));
    send("paying", "b", new Limit("acme", 1, HOUR));
    send("paying", "c", new Limit("other", 1, HOUR));
    send("free", "d");

    rig.runDue();

    assertThat(runs).containsExactly(1L, 3L, 4L);
  }

  @Test
  void moreRefusedWorksThanOneLookTakesStillLeaveRoomForTheLast() {
    Limit one = new Limit("acme", 1, HOUR);
    for (int lane = 0; lane < 150; lane++) {
      send("paying", "lane" + lane, one);
    }
    send("free", "last");

    rig.runDue();

    assertThat(runs).containsExactly(1L, 151L);
    assertThat(rig.inbox().stats().works()).containsEntry(WorkState.WAITING, 149L);
  }

  @Test
  void chargesInTheFutureCountWhenTheClockMovedBack() {
    Limit one = new Limit("acme", 1, HOUR);
    send("paying", "a", one);
    rig.runDue();
    rig.clock.set(HandClock.START.minus(Duration.ofDays(1)));
    send("paying", "b", one);

    rig.runDue();

    assertThat(runs).containsExactly(1L);
    assertThat(rig.work(2).nextAt()).isEqualTo(HandClock.START.plus(HOUR));
  }

  @Test
  void limitsWithoutUnitsOrWindowAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Limit("acme", 0, HOUR));
    assertThatIllegalArgumentException().isThrownBy(() -> new Limit("acme", -1, HOUR));
    assertThatIllegalArgumentException().isThrownBy(() -> new Limit("acme", 1, Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> new Limit("acme", 1, HOUR.negated()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limit("acme", 1, Duration.ofDays(3_661)));
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            NewWork.of("paying", "a")
                .withLimits(new Limit("acme", 1, HOUR), new Limit("acme", 2, HOUR)))
        .withMessageContaining("names a bucket twice");
  }

  @Test
  void unitGivenBackAdmitsWhoWaitsAlsoAfterTheClockWasSetBack() {
    Limit one = new Limit("acme", 1, HOUR);
    send("paying", "a", one);
    send("paying", "b", one);
    Claims.Taken first = rig.take();
    rig.runDue();
    rig.clock.advance(HOUR.multipliedBy(2));
    rig.inbox().settle(first.claim(), new Ending.Dead("before it paid"));

    rig.clock.set(HandClock.START);
    rig.runDue();

    assertThat(runs).containsExactly(2L);
  }

  @Test
  void usageTellsWhatIsSpentWhoWaitsAndWhenTheNextUnitIsFree() {
    Limit two = new Limit("acme", 2, HOUR);
    send("paying", "a", two);
    rig.runDue();
    rig.clock.advance(Duration.ofMinutes(20));
    send("paying", "b", two);
    send("paying", "c", two);
    send("free", "d");
    rig.runDue();
    Instant first = rig.clock.instant().minus(Duration.ofMinutes(20));

    LimitUsage usage = rig.inbox().usage(two);

    assertThat(usage).isEqualTo(new LimitUsage(two, 2, 1, first.plus(HOUR)));
    assertThat(usage.free()).isZero();
    assertThat(rig.inbox().limits()).containsExactly(usage);
  }

  @Test
  void usageOfALimitThatNobodyHasMetIsNothing() {
    Limit untouched = new Limit("nobody", 5, HOUR);

    assertThat(rig.inbox().usage(untouched)).isEqualTo(new LimitUsage(untouched, 0, 0, null));
    assertThat(rig.inbox().usage(untouched).free()).isEqualTo(5);
    assertThat(rig.inbox().limits()).isEmpty();
  }

  @Test
  void limitIsListedUntilItsChargesHaveLeftTheWindow() {
    Limit one = new Limit("acme", 1, HOUR);
    send("paying", "a", one);
    rig.runDue();

    rig.clock.advance(HOUR.minusMillis(1));
    assertThat(rig.inbox().limits()).hasSize(1);
    rig.clock.advance(Duration.ofMillis(1));

    assertThat(rig.inbox().limits()).isEmpty();
    assertThat(rig.inbox().usage(one).used()).isZero();
  }
}
