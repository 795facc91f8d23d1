package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.kv.Codec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What calls of paid steps reserve of limits of their own, and what they are billed.
@ParameterizedClass
@EnumSource(Storage.class)
final class ReservationTest {

  private static final Codec<String> TEXT = Codec.text();
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Instant OVER = HandClock.START.plus(HOUR);
  private static final Limit TOKENS = new Limit("tokens", 100, HOUR);
  private static final String CHARGES =
      """
      SELECT work || ' ' || bucket || ' ' || units || ' ' || state
        || CASE ambiguous WHEN 1 THEN ' ambiguous' ELSE '' END
      FROM latchkey_charge ORDER BY work, bucket, ref
      """;

  private final Rig rig;

  /// The limits of the works that the router makes.
  private List<Limit> limits = List.of();

  /// What was charged each time somebody looked.
  private final List<String> seen = new ArrayList<>();

  ReservationTest(Storage storage, @TempDir Path directory) {
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

  private static List<Reservation> tokens(long units) {
    return List.of(new Reservation(TOKENS, units));
  }

  /// Makes works of a kind ask for so many tokens, and be billed that.
  private void handler(String kind, long estimate, long used) {
    rig.handler(
        kind,
        task -> {
          task.paidStep("ask", "", tokens(estimate), TEXT, bill -> answer(bill, used));
          return Outcome.done();
        });
  }

  private static String answer(Bill bill, long used) {
    bill.used("tokens", used);
    return "answer";
  }

  private List<String> charges() {
    return rig.texts(CHARGES);
  }

  @Test
  void estimateIsReservedBeforeTheCallAndSettledToTheBill() {
    rig.handler(
        "ask",
        task -> {
          task.paidStep(
              "ask",
              "",
              tokens(80),
              TEXT,
              bill -> {
                seen.addAll(charges());
                return answer(bill, 30);
              });
          return Outcome.done();
        });
    rig.send("ask", "a");

    rig.runDue();

    assertThat(seen).containsExactly("1 tokens 80 RESERVED");
    assertThat(charges()).containsExactly("1 tokens 30 SETTLED");
    assertThat(rig.inbox().story(1).orElseThrow().steps().getFirst().usage())
        .containsExactly(Map.entry("tokens", 30L));
  }

  @Test
  void restGoesBackToWhoeverWaitsForIt() {
    handler("next", 60, 60);
    rig.handler(
        "first",
        task -> {
          task.paidStep(
              "ask",
              "",
              tokens(80),
              TEXT,
              bill -> {
                rig.send("next", "b");
                rig.runDue();
                seen.add(rig.work(2).state() + " " + rig.work(2).reason());
                return answer(bill, 40);
              });
          return Outcome.done();
        });
    rig.send("first", "a");

    rig.runDue();

    assertThat(seen).containsExactly("WAITING LIMIT");
    assertThat(rig.events).contains(new Event.Postponed(2, WaitReason.LIMIT, OVER));
    assertThat(rig.work(2).state()).isEqualTo(WorkState.DONE);
    assertThat(charges()).containsExactly("1 tokens 40 SETTLED", "2 tokens 60 SETTLED");
  }

  @Test
  void refusedCallWaitsWithItsStepsKeptAndIsGrantedItsReservationAtTheClaim() {
    handler("first", 80, 80);
    rig.handler(
        "next",
        task -> {
          seen.addAll(charges());
          task.step("look", "", TEXT, () -> "looked " + seen.add("look"));
          task.paidStep("ask", "", tokens(60), TEXT, bill -> "answer");
          return Outcome.done();
        });
    rig.send("first", "a");
    rig.send("next", "b");
    rig.runDue();
    WorkView refused = rig.work(2);

    rig.clock.set(OVER.minusMillis(1));
    int early = rig.runDue();
    rig.clock.set(OVER);
    int due = rig.runDue();

    assertThat(refused.state()).isEqualTo(WorkState.WAITING);
    assertThat(refused.reason()).isEqualTo(WaitReason.LIMIT);
    assertThat(refused.attempt()).isEqualTo(1);
    assertThat(refused.nextAt()).isEqualTo(OVER);
    assertThat(early).isZero();
    assertThat(due).isEqualTo(1);
    assertThat(seen)
        .containsExactly(
            "1 tokens 80 SETTLED", "look", "1 tokens 80 SETTLED", "2 tokens 60 RESERVED");
    assertThat(rig.work(2).state()).isEqualTo(WorkState.DONE);
    assertThat(rig.work(2).attempt()).isEqualTo(1);
    assertThat(charges()).containsExactly("1 tokens 80 SETTLED", "2 tokens 60 SETTLED");
  }

  @Test
  void reservationGrantedAtTheClaimGoesBackIfItIsNotUsed() {
    handler("first", 80, 80);
    handler("last", 100, 100);
    rig.handler(
        "next",
        task -> {
          if (rig.clock.instant().isBefore(OVER)) {
            task.paidStep("ask", "", tokens(60), TEXT, bill -> "answer");
          }
          return Outcome.done("without asking");
        });
    rig.send("first", "a");
    rig.send("next", "b");
    rig.send("last", "c");
    rig.runDue();

    rig.clock.set(OVER);
    rig.runDue();

    assertThat(rig.work(2).outcome()).isEqualTo("without asking");
    assertThat(rig.work(3).state()).isEqualTo(WorkState.DONE);
    assertThat(charges())
        .containsExactly("1 tokens 80 SETTLED", "2 tokens 60 RELEASED", "3 tokens 100 SETTLED");
  }

  @Test
  void grantedReservationServesACallThatAsksForLessAndNotOneForMore() {
    List<Long> estimates = new ArrayList<>(List.of(60L, 50L, 60L, 70L, 70L));
    handler("first", 80, 80);
    rig.handler(
        "next",
        task -> {
          task.paidStep("ask", "", tokens(estimates.removeFirst()), TEXT, bill -> "answer");
          return Outcome.done();
        });
    rig.send("first", "a");
    rig.send("next", "b");
    rig.runDue();
    rig.clock.set(OVER);
    rig.runDue();
    rig.send("next", "c");
    rig.runDue();

    rig.clock.set(OVER.plus(HOUR));
    rig.runDue();

    assertThat(estimates).isEmpty();
    assertThat(rig.inbox().stats().works()).containsEntry(WorkState.DONE, 3L);
    assertThat(charges())
        .containsExactly("1 tokens 80 SETTLED", "2 tokens 50 SETTLED", "3 tokens 70 SETTLED");
  }

  @Test
  void reservationAboveItsLimitIsDeadAndChargesNothing() {
    handler("ask", 101, 1);
    rig.send("ask", "a");

    rig.runDue();

    assertThat(rig.work(1).state()).isEqualTo(WorkState.DEAD);
    assertThat(rig.work(1).error())
        .contains("step ask reserves 101 units of bucket tokens, whose limit is 100");
    assertThat(charges()).isEmpty();
  }

  @Test
  void reservationOfOneOfTheWorksOwnLimitsIsDeadAndGivesTheUnitBack() {
    limits = List.of(TOKENS);
    handler("ask", 10, 1);
    rig.send("ask", "a");

    rig.runDue();

    assertThat(rig.work(1).state()).isEqualTo(WorkState.DEAD);
    assertThat(rig.work(1).error())
        .contains("reserves of bucket tokens, of which its work takes a unit as a whole");
    assertThat(charges()).containsExactly("1 tokens 1 RELEASED");
  }

  @Test
  void oneBucketTwiceInACallIsDead() {
    Reservation ten = new Reservation(TOKENS, 10);
    rig.handler(
        "ask",
        task -> Outcome.done(task.paidStep("ask", "", List.of(ten, ten), TEXT, bill -> "answer")));
    rig.send("ask", "a");

    rig.runDue();

    assertThat(rig.work(1).error()).contains("step ask reserves of bucket tokens twice");
    assertThat(charges()).isEmpty();
  }

  @Test
  void failedCallIsChargedByItsBillAndAmbiguouslyWithoutOne() {
    rig.handler("silent", task -> fail(task, bill -> {}));
    rig.handler("knowing", task -> fail(task, bill -> bill.used("tokens", 7)));
    rig.handler("free", task -> fail(task, Bill::nothing));
    for (String kind : List.of("silent", "knowing", "free")) {
      rig.send(kind, kind);
    }

    rig.runDue();

    assertThat(charges())
        .containsExactly(
            "1 tokens 30 SETTLED ambiguous", "2 tokens 7 SETTLED", "3 tokens 0 RELEASED");
    assertThat(rig.inbox().works(10))
        .allSatisfy(work -> assertThat(work.reason()).isEqualTo(WaitReason.RETRY));
  }

  private static Outcome fail(Task task, Consumer<Bill> bills) throws IOException {
    return Outcome.done(
        task.<String, IOException>paidStep(
            "ask",
            "",
            tokens(30),
            TEXT,
            bill -> {
              bills.accept(bill);
              throw new IOException("no answer");
            }));
  }

  @Test
  void callAgainAfterAFailureReservesOnceMore() {
    rig.handler(
        "ask",
        task ->
            task.attempt() == 1
                ? fail(task, bill -> {})
                : Outcome.done(
                    task.paidStep("ask", "", tokens(30), TEXT, bill -> answer(bill, 20))));
    rig.send("ask", "a");
    rig.runDue();

    rig.clock.advance(Duration.ofMinutes(10));
    rig.runDue();

    assertThat(rig.work(1).state()).isEqualTo(WorkState.DONE);
    assertThat(charges()).containsExactly("1 tokens 30 SETTLED ambiguous", "1 tokens 20 SETTLED");
  }

  @Test
  void billAboveTheEstimateIsRecordedAsItIs() {
    handler("ask", 60, 150);
    handler("next", 1, 1);
    rig.send("ask", "a");
    rig.send("next", "b");

    rig.runDue();

    assertThat(charges()).containsExactly("1 tokens 150 SETTLED");
    assertThat(rig.work(2).nextAt()).isEqualTo(OVER);
  }

  @Test
  void callWithoutABillHasUsedWhatItReserved() {
    rig.handler(
        "ask", task -> Outcome.done(task.paidStep("ask", "", tokens(60), TEXT, bill -> "answer")));
    rig.send("ask", "a");

    rig.runDue();

    assertThat(charges()).containsExactly("1 tokens 60 SETTLED");
  }

  @Test
  void crashInMidCallLeavesTheReservationSpentAndListedAsAmbiguous() {
    rig.handler(
        "ask",
        task -> Outcome.done(task.paidStep("ask", "", tokens(60), TEXT, bill -> dieAfter(bill))));
    rig.send("ask", "a");

    rig.inbox().handle(rig.take());

    assertThat(rig.work(1).state()).isEqualTo(WorkState.READY);
    assertThat(charges()).containsExactly("1 tokens 60 SETTLED ambiguous");
    assertThat(rig.inbox().story(1).orElseThrow().charges())
        .singleElement()
        .satisfies(charge -> assertThat(charge.ambiguous()).isTrue())
        .satisfies(charge -> assertThat(charge.units()).isEqualTo(60))
        .satisfies(charge -> assertThat(charge.ref()).startsWith("1/ask/").endsWith("/1"));
  }

  /// The process dies after the bill was written and before anything was kept.
  private String dieAfter(Bill bill) {
    bill.used("tokens", 5);
    rig.killInbox();
    rig.inbox();
    return "never kept";
  }

  @Test
  void severalReservationsAreAllMadeOrNone() {
    Limit calls = new Limit("calls", 1, HOUR.multipliedBy(2));
    rig.handler(
        "ask",
        task ->
            Outcome.done(
                task.paidStep(
                    "ask",
                    "",
                    List.of(new Reservation(TOKENS, 10), new Reservation(calls, 1)),
                    TEXT,
                    bill -> "answer")));
    rig.send("ask", "a");
    rig.send("ask", "b");

    rig.runDue();

    assertThat(charges()).containsExactly("1 calls 1 SETTLED", "1 tokens 10 SETTLED");
    assertThat(rig.work(2).reason()).isEqualTo(WaitReason.LIMIT);
    assertThat(rig.work(2).nextAt()).isEqualTo(OVER.plus(HOUR));
  }

  @Test
  void billsOfOtherBucketsOrBelowZeroAreRefused() {
    rig.handler(
        "ask",
        task ->
            Outcome.done(
                task.paidStep(
                    "ask",
                    "",
                    tokens(10),
                    TEXT,
                    bill -> {
                      assertThatIllegalArgumentException()
                          .isThrownBy(() -> bill.used("other", 1))
                          .withMessage("step ask has reserved nothing of bucket other");
                      assertThatIllegalArgumentException()
                          .isThrownBy(() -> bill.used("tokens", -1))
                          .withMessage("units used of bucket tokens are -1");
                      return "answer";
                    })));
    rig.send("ask", "a");

    rig.runDue();

    assertThat(rig.work(1).outcome()).isEqualTo("answer");
    assertThat(charges()).containsExactly("1 tokens 10 SETTLED");
  }

  @Test
  void worksUnitGoesBackWhenItsFirstCallIsRefusedAndIsTakenWithTheReservation() {
    Limit reviews = new Limit("reviews", 1, HOUR);
    handler("ask", 80, 80);
    rig.send("ask", "a");
    rig.runDue();
    limits = List.of(reviews);
    rig.send("ask", "b");
    rig.runDue();
    List<String> refused = charges();

    rig.clock.set(OVER);
    rig.runDue();

    assertThat(refused).containsExactly("1 tokens 80 SETTLED", "2 reviews 1 RELEASED");
    assertThat(charges())
        .containsExactly("1 tokens 80 SETTLED", "2 reviews 1 SETTLED", "2 tokens 80 SETTLED");
  }

  @Test
  void worksSpentUnitIsNotTakenAgainWhenALaterCallIsRefused() {
    limits = List.of(new Limit("reviews", 1, HOUR.multipliedBy(3)));
    rig.handler(
        "ask",
        task -> {
          task.paidStep("ask", "1", tokens(80), TEXT, bill -> "answer");
          task.paidStep("ask", "2", tokens(80), TEXT, bill -> "answer");
          return Outcome.done();
        });
    rig.send("ask", "a");
    rig.runDue();
    WorkView refused = rig.work(1);

    rig.clock.set(OVER);
    rig.runDue();

    assertThat(refused.reason()).isEqualTo(WaitReason.LIMIT);
    assertThat(refused.nextAt()).isEqualTo(OVER);
    assertThat(rig.work(1).state()).isEqualTo(WorkState.DONE);
    assertThat(charges())
        .containsExactly("1 reviews 1 SETTLED", "1 tokens 80 SETTLED", "1 tokens 80 SETTLED");
  }

  @Test
  void reservationsOfNothingAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Reservation(TOKENS, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Reservation(TOKENS, -1));
  }
}
