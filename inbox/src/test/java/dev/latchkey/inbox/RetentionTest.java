package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.kv.Codec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What is over goes after its time, and nothing else does.
@ParameterizedClass
@EnumSource(Storage.class)
final class RetentionTest {

  private static final Duration DAY = Duration.ofDays(1);
  private static final String BODIES =
      "SELECT id FROM latchkey_delivery WHERE body IS NOT NULL ORDER BY seq";

  private final Rig rig;
  private List<Limit> limits = List.of();

  RetentionTest(Storage storage, @TempDir Path directory) {
    rig =
        Rig.open(
            storage,
            directory,
            options ->
                options.withRouter(delivery ->
                    delivery.kind().equals("ignored")
                        ? Routing.ignore()
                        : Routing.to(Rig.route(delivery).works().getFirst().withLimits(limits))));
    rig.handler(
        "build", task -> Outcome.done(task.paidStep("ask", "", Codec.text(), () -> "answer")));
    rig.handler("broken", task -> Outcome.dead("by design"));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private long rows(String table) {
    return rig.number("SELECT COUNT(*) FROM latchkey_" + table);
  }

  @Test
  void bodiesAndStepsGoSevenDaysAfterTheWorkEndedAndTheRestAfterThirty() {
    rig.send("build", "lane");
    rig.runDue();

    rig.clock.advance(DAY.multipliedBy(7).minusMillis(1));
    int early = rig.inbox().sweep();
    rig.clock.advance(Duration.ofMillis(1));
    int onTime = rig.inbox().sweep();
    List<String> bodies = rig.texts(BODIES);
    long steps = rows("step");
    WorkView kept = rig.newest();
    rig.clock.advance(DAY.multipliedBy(23));
    rig.inbox().sweep();

    assertThat(early).isZero();
    assertThat(onTime).isEqualTo(1);
    assertThat(bodies).isEmpty();
    assertThat(steps).isZero();
    assertThat(kept.outcome()).isEqualTo("answer");
    for (String table : List.of("work", "delivery", "cause", "run", "charge", "step")) {
      assertThat(rows(table)).as(table).isZero();
    }
  }

  @Test
  void aDeliveryWithoutABodyIsStillKnown() {
    rig.send("build", "lane");
    rig.runDue();
    rig.clock.advance(DAY.multipliedBy(29));
    rig.inbox().sweep();

    Receipt receipt = rig.inbox().accept(Rig.delivery("d1", "build", "lane"));

    assertThat(rig.texts(BODIES)).isEmpty();
    assertThat(receipt).isEqualTo(Receipt.DUPLICATE);
  }

  @Test
  void aBodyStaysUntilTheLastOfItsWorksIsOver() {
    rig.send("build", "lane");
    rig.send("build", "lane");
    rig.runDue();
    rig.inbox().replay(1);
    rig.clock.advance(DAY.multipliedBy(8));

    rig.inbox().sweep();
    List<String> whileOneWaits = rig.texts(BODIES);
    rig.runDue();
    rig.clock.advance(DAY.multipliedBy(7));
    rig.inbox().sweep();

    assertThat(whileOneWaits).containsExactly("d1", "d2");
    assertThat(rig.texts(BODIES)).isEmpty();
  }

  @Test
  void whatIsDeadStaysUntilItIsResolved() {
    rig.send("broken", "lane");
    rig.runDue();
    rig.clock.advance(DAY.multipliedBy(400));
    rig.inbox().sweep();
    List<String> bodies = rig.texts(BODIES);
    WorkView dead = rig.newest();

    rig.inbox().dismiss(1);
    WorkView dismissed = rig.newest();
    rig.clock.advance(DAY.multipliedBy(30));
    rig.inbox().sweep();

    assertThat(bodies).containsExactly("d1");
    assertThat(dead.resolved()).isFalse();
    assertThat(dismissed.resolved()).isTrue();
    assertThat(rig.inbox().works(10)).isEmpty();
    assertThat(rows("delivery")).isZero();
  }

  @Test
  void whatIgnoredDeliveriesSaidGoesAndTheirIdsLater() {
    rig.send("ignored", "x");
    rig.clock.advance(DAY.multipliedBy(7));
    rig.inbox().sweep();
    List<String> bodies = rig.texts(BODIES);
    long known = rows("delivery");
    rig.clock.advance(DAY.multipliedBy(23));
    rig.inbox().sweep();

    assertThat(bodies).isEmpty();
    assertThat(known).isEqualTo(1);
    assertThat(rows("delivery")).isZero();
  }

  @Test
  void whatStillCountsInALongWindowOutlivesItsWork() {
    limits = List.of(new Limit("year", 1, DAY.multipliedBy(365)));
    rig.send("build", "a");
    rig.runDue();
    rig.clock.advance(DAY.multipliedBy(60));
    rig.inbox().sweep();
    rig.send("build", "b");
    rig.runDue();

    assertThat(rig.newest().reason()).isEqualTo(WaitReason.LIMIT);
    assertThat(rows("charge")).isEqualTo(1);
    rig.clock.advance(DAY.multipliedBy(305));
    rig.runDue();
    rig.inbox().sweep();
    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
    assertThat(rig.texts("SELECT ref FROM latchkey_charge")).containsExactly("2");
  }

  @Test
  void moreThanAFewAreRemovedAtOnce() {
    for (int i = 0; i < 501; i++) {
      rig.send("build", "lane" + i);
    }
    rig.runDue();
    rig.clock.advance(DAY.multipliedBy(30));

    rig.inbox().sweep();

    assertThat(rows("work") + rows("delivery")).isZero();
  }

  @Test
  void liveWorksAndTheirDeliveriesStayHoweverOld() {
    rig.send("build", "lane");
    rig.inbox().hold(1);
    rig.clock.advance(DAY.multipliedBy(400));

    int removed = rig.inbox().sweep();

    assertThat(removed).isZero();
    assertThat(rig.texts(BODIES)).containsExactly("d1");
  }

  @Test
  void boundsOfRetention() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Retention(Duration.ofMinutes(59), DAY));
    assertThatIllegalArgumentException().isThrownBy(() -> new Retention(DAY, DAY.minusMillis(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Retention(DAY, DAY.multipliedBy(3_661)));
  }
}
