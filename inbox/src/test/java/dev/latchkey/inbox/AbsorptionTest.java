package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Codec;
import java.io.IOException;
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

/// What a live work takes over from the deliveries that it absorbs.
@ParameterizedClass
@EnumSource(Storage.class)
final class AbsorptionTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Instant SOON = HandClock.START.plusSeconds(60);
  private static final String CHARGES =
      "SELECT bucket || ' ' || ref || ' ' || state FROM latchkey_charge ORDER BY bucket, ref";

  private final Rig rig;

  /// What the router makes of the next delivery.
  private NewWork next = NewWork.of("build", "lane");

  /// The subjects with which works ran, after the ids of their works.
  private final List<String> runs = new ArrayList<>();

  AbsorptionTest(Storage storage, @TempDir Path directory) {
    rig = Rig.open(storage, directory, options -> options.withRouter(delivery -> Routing.to(next)));
    rig.handler("build", this::run);
    rig.handler("paying", this::pay);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Outcome run(Task task) {
    runs.add(task.id() + " " + task.subject());
    return Outcome.done();
  }

  private Outcome pay(Task task) {
    task.paidStep("pay", "", Codec.text(), () -> "paid");
    return run(task);
  }

  private void send(String kind, String lane, String subject, Limit... limits) {
    next = NewWork.of(kind, lane).withSubject(subject).withLimits(limits);
    rig.send(kind, lane);
  }

  private static Limit one(String bucket) {
    return new Limit(bucket, 1, HOUR);
  }

  @Test
  void readyWorkRunsWithTheNewestSubject() {
    send("build", "lane", "old name");
    send("build", "lane", "new name");
    send("build", "lane", "newest name");

    rig.runDue();

    assertThat(runs).containsExactly("1 newest name");
    assertThat(rig.newest().subject()).isEqualTo("newest name");
  }

  @Test
  void duplicateOfAnOlderDeliveryBringsNoOldSubjectBack() {
    Delivery first = Rig.delivery("first", "build", "lane");
    next = NewWork.of("build", "lane").withSubject("old name");
    rig.inbox().accept(first);
    send("build", "lane", "new name");
    next = next.withSubject("old name");

    rig.inbox().accept(first);
    rig.runDue();

    assertThat(runs).containsExactly("1 new name");
  }

  @Test
  void kindAndLaneOfTheAbsorbingWorkStay() {
    next = NewWork.of("build", "lane", "key");
    rig.send("any", "");
    next = NewWork.of("other", "elsewhere", "key");

    rig.send("any", "");

    assertThat(rig.inbox().works(10)).hasSize(1);
    assertThat(rig.newest().kind()).isEqualTo("build");
    assertThat(rig.newest().lane()).isEqualTo("lane");
  }

  @Test
  void workThatWaitsForItsRetryRunsWithTheNewestSubject() {
    rig.handler("flaky", task -> task.attempt() == 1 ? fail() : run(task));
    send("flaky", "lane", "old name");
    rig.runDue();
    send("flaky", "lane", "new name");
    WorkView waiting = rig.newest();

    rig.clock.advance(HOUR);
    rig.runDue();

    assertThat(waiting.reason()).isEqualTo(WaitReason.RETRY);
    assertThat(runs).containsExactly("1 new name");
  }

  private static Outcome fail() throws IOException {
    throw new IOException("by design");
  }

  @Test
  void runningWorkKeepsItsSubjectAndIsRetriedWithTheOneThatCameMeanwhile() {
    rig.handler(
        "flaky",
        task -> {
          if (task.attempt() == 1) {
            send("flaky", "lane", "new name", one("new"));
            run(task);
            return fail();
          }
          return pay(task);
        });
    send("flaky", "lane", "old name", one("old"));

    rig.runDue();
    rig.clock.advance(HOUR);
    rig.runDue();

    assertThat(runs).containsExactly("1 old name", "1 new name");
    assertThat(rig.inbox().works(10)).hasSize(1);
    assertThat(rig.texts(CHARGES)).containsExactly("new 1 SETTLED", "old 1 RELEASED");
    assertThat(
            rig.texts(
                "SELECT work || ' ' || d.id FROM latchkey_cause"
                    + " JOIN latchkey_delivery d ON seq = delivery"))
        .containsExactly("1 d1", "1 d2");
    assertThat(rig.number("SELECT COUNT(*) FROM latchkey_line WHERE demands <> ''")).isZero();
  }

  @Test
  void runningWorkThatComesBackLaterHasTheSubjectThatCameMeanwhile() {
    rig.handler(
        "patient",
        task -> {
          if (rig.clock.instant().isBefore(SOON)) {
            send("patient", "lane", "new name");
            return Outcome.later(SOON, "later");
          }
          return run(task);
        });
    send("patient", "lane", "old name");
    rig.runDue();

    rig.clock.set(SOON);
    rig.runDue();

    assertThat(runs).containsExactly("1 new name");
  }

  @Test
  void workGivenBackHasTheSubjectAndLimitsThatCameMeanwhile() {
    send("build", "lane", "old name", one("old"));
    rig.take();
    send("build", "lane", "new name", one("new"));

    rig.closeInbox();
    rig.handler("build", this::run);
    rig.runDue();

    assertThat(runs).containsExactly("1 new name");
    assertThat(rig.texts(CHARGES)).containsExactly("new 1 RELEASED", "old 1 RELEASED");
  }

  @Test
  void workIsJudgedByTheNewestLimits() {
    send("paying", "a", "first", one("full"));
    send("paying", "b", "free at first");
    send("paying", "c", "limited at first", one("full"));
    send("paying", "b", "then limited", one("full"));
    send("paying", "c", "then free");

    rig.runDue();

    assertThat(runs).containsExactly("1 first", "3 then free");
    assertThat(rig.work(2).reason()).isEqualTo(WaitReason.LIMIT);
    assertThat(rig.work(2).nextAt()).isEqualTo(HandClock.START.plus(HOUR));
  }

  @Test
  void workThatWaitsForALimitIsJudgedAnewAtOnceByTheNewest() {
    send("paying", "a", "first", one("full"));
    send("paying", "b", "refused", one("full"));
    rig.runDue();
    WorkView refused = rig.work(2);

    send("paying", "b", "admitted", new Limit("full", 2, HOUR));
    rig.runDue();

    assertThat(refused.reason()).isEqualTo(WaitReason.LIMIT);
    assertThat(runs).containsExactly("1 first", "2 admitted");
  }

  @Test
  void workThatWaitsForALimitWaitsOnUnderTheSameLimits() {
    Limit uneven = new Limit("full", 1, HOUR.plusNanos(1));
    send("paying", "a", "first", uneven);
    send("paying", "b", "old name", uneven);
    rig.runDue();

    send("paying", "b", "new name", uneven);

    assertThat(rig.work(2).state()).isEqualTo(WorkState.WAITING);
    assertThat(rig.work(2).subject()).isEqualTo("new name");
    assertThat(rig.work(2).nextAt()).isEqualTo(HandClock.START.plus(HOUR).plusMillis(1));
  }

  @Test
  void unspentUnitUnderAChangedLimitIsTakenAnewByTheNewOne() {
    rig.handler(
        "patient",
        task -> rig.clock.instant().isBefore(SOON) ? Outcome.later(SOON, "later") : pay(task));
    Limit two = new Limit("acme", 2, HOUR);
    send("paying", "a", "first", two);
    send("patient", "b", "within two", two);
    rig.runDue();

    send("patient", "b", "not within one", one("acme"));
    rig.clock.set(SOON);
    rig.runDue();

    assertThat(runs).containsExactly("1 first");
    assertThat(rig.work(2).reason()).isEqualTo(WaitReason.LIMIT);
    assertThat(rig.texts(CHARGES)).containsExactly("acme 1 SETTLED", "acme 2 RELEASED");
  }

  @Test
  void spentUnitStaysSpentAndIsNotTakenTwiceUnderAChangedLimit() {
    rig.handler(
        "patient",
        task -> {
          pay(task);
          return rig.clock.instant().isBefore(SOON) ? Outcome.later(SOON, "on") : Outcome.done();
        });
    send("patient", "a", "old name", one("changed"), one("gone"));
    rig.runDue();

    send("patient", "a", "new name", new Limit("changed", 1, HOUR.multipliedBy(2)));
    rig.clock.set(SOON);
    rig.runDue();

    assertThat(runs).containsExactly("1 old name", "1 new name");
    assertThat(rig.texts(CHARGES)).containsExactly("changed 1 SETTLED", "gone 1 SETTLED");
  }
}
