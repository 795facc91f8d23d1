package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The manual: a shop that is told of payments by webhooks, and sends a receipt for each order
/// once.
@Timeout(60)
final class TutorialTest {

  private static final StoreSpec<String> RECEIPTS = StoreSpec.of("receipts", Codec.text());

  @TempDir Path directory;

  /// What comes in: the sender's id makes a delivery the same, however often it is sent.
  private static Delivery webhook(String id, String order) {
    byte[] body = order.getBytes(StandardCharsets.UTF_8);
    return new Delivery("payments", id, "order.paid", Map.of("X-Event", "order.paid"), body);
  }

  @Test
  void tenLinesToAnInbox() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);

    try (Database database = Database.open(directory.resolve("shop.db"));
        Inbox inbox = Inbox.open(database, InboxOptions.of(TutorialTest::route))) {
      inbox.handler("receipt", task -> sendReceipt(task, sent));
      inbox.start();

      // Durable once accept returns: now the sender may be answered 202.
      Receipt receipt = inbox.accept(webhook("evt_1", "order 7"));

      assertThat(receipt).isEqualTo(Receipt.ACCEPTED);
      assertThat(inbox.accept(webhook("evt_1", "order 7"))).isEqualTo(Receipt.DUPLICATE);
      sent.await();
    }
  }

  /// A router says what a delivery asks for. Works of a lane never run at the same time.
  private static Routing route(Delivery delivery) {
    String order = new String(delivery.body(), StandardCharsets.UTF_8);
    return Routing.to(NewWork.of("receipt", order).withSubject(order));
  }

  private static Outcome sendReceipt(Task task, CountDownLatch sent) {
    sent.countDown();
    return Outcome.done("sent for " + task.subject());
  }

  @Test
  void stepsAreKeptSoThatATryAgainDoesOnlyWhatIsMissing() {
    HandClock clock = new HandClock();
    AtomicInteger rendered = new AtomicInteger();
    AtomicInteger mailed = new AtomicInteger();

    try (Database database = Database.open(directory.resolve("shop.db"));
        Inbox inbox = Inbox.open(database, InboxOptions.of(TutorialTest::route).withClock(clock))) {
      Store<String> receipts = database.store(RECEIPTS);
      inbox.handler(
          "receipt",
          task -> {
            // Kept by name and input, together with the application's own write.
            String text =
                task.step(
                    "render",
                    task.subject(),
                    Codec.text(),
                    () -> "receipt " + rendered.incrementAndGet(),
                    result -> receipts.put(task.subject(), result));
            // Costs something: that it begins is durable before it does.
            task.paidStep("mail", text, Codec.text(), () -> mail(text, mailed));
            return Outcome.done();
          });
      inbox.accept(webhook("evt_1", "order 7"));

      // Tests step an inbox by hand: run what is due, set the clock, run what is due then.
      inbox.runDue();
      clock.advance(Duration.ofMinutes(1));
      inbox.runDue();

      assertThat(rendered).hasValue(1);
      assertThat(mailed).hasValue(2);
      assertThat(receipts.get("order 7")).contains("receipt 1");
      assertThat(inbox.works(1).getFirst().state()).isEqualTo(WorkState.DONE);
      assertThat(inbox.works(1).getFirst().attempt()).isEqualTo(2);
    }
  }

  private static String mail(String text, AtomicInteger mailed) {
    if (mailed.incrementAndGet() == 1) {
      throw new IllegalStateException("mail server is down");
    }
    return "mailed " + text;
  }

  @Test
  void limitsPostponeWhatTheyRefuse() {
    HandClock clock = new HandClock();
    Limit perHour = new Limit("receipts", 1, Duration.ofHours(1));
    Router router = delivery -> Routing.to(route(delivery).works().getFirst().withLimits(perHour));

    try (Database database = Database.open(directory.resolve("shop.db"));
        Inbox inbox = Inbox.open(database, InboxOptions.of(router).withClock(clock))) {
      inbox.handler(
          "receipt", task -> Outcome.done(task.paidStep("mail", "", Codec.text(), () -> "mailed")));
      inbox.accept(webhook("evt_1", "order 7"));
      inbox.accept(webhook("evt_2", "order 8"));
      inbox.runDue();

      WorkView postponed = inbox.works(1).getFirst();

      assertThat(postponed.reason()).isEqualTo(WaitReason.LIMIT);
      assertThat(postponed.nextAt()).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
      assertThat(inbox.stats().works()).containsEntry(WorkState.DONE, 1L);
    }
  }

  @Test
  void burstsBecomeOneWorkWhichWaitsUntilTheyAreOver() {
    HandClock clock = new HandClock();
    Router router =
        delivery ->
            Routing.to(
                NewWork.of("receipt", "order 7", delivery.kind())
                    .withSubject(delivery.id())
                    .withDebounce(Duration.ofSeconds(60), Duration.ofMinutes(10)));

    try (Database database = Database.open(directory.resolve("shop.db"));
        Inbox inbox = Inbox.open(database, InboxOptions.of(router).withClock(clock))) {
      inbox.handler("receipt", task -> Outcome.done(task.subject() + " of " + task.deliveries()));
      inbox.accept(webhook("evt_1", "order 7"));
      clock.advance(Duration.ofSeconds(40));
      inbox.accept(webhook("evt_2", "order 7"));
      clock.advance(Duration.ofSeconds(40));
      int early = inbox.runDue();
      clock.advance(Duration.ofSeconds(20));
      inbox.runDue();

      assertThat(early).isZero();
      assertThat(inbox.works(10)).hasSize(1);
      assertThat(inbox.works(1).getFirst().outcome())
          .isEqualTo("evt_2 of [payments/evt_1, payments/evt_2]");
    }
  }

  @Test
  void deliveriesCancelWhatTheyMakePointlessAndTheUrgentGoesFirst() {
    List<String> ran = new ArrayList<>();
    Router router =
        delivery ->
            switch (delivery.id()) {
              case "refund" ->
                  Routing.ignore()
                      .cancelling(Cancellation.ofLane("order 7", "the order was refunded"));
              case "urgent" -> Routing.to(NewWork.of("receipt", "order 9").withPriority(1));
              default -> route(delivery);
            };

    try (Database database = Database.open(directory.resolve("shop.db"));
        Inbox inbox = Inbox.open(database, InboxOptions.of(router))) {
      inbox.handler("receipt", 4, task -> Outcome.done("" + ran.add(task.lane())));
      inbox.accept(webhook("evt_1", "order 7"));
      inbox.accept(webhook("evt_2", "order 8"));
      inbox.accept(webhook("urgent", "order 9"));
      inbox.accept(webhook("refund", "order 7"));
      inbox.runDue();

      assertThat(ran).containsExactly("order 9", "order 8");
      assertThat(inbox.works(WorkQuery.newest(10).withStates(WorkState.CANCELLED)))
          .extracting(WorkView::outcome)
          .containsExactly("the order was refunded");
    }
  }

  @Test
  void callsReserveWhatTheyMayUseAndAreBilledWhatTheyDid() {
    HandClock clock = new HandClock();
    Limit tokens = Limit.parse("tokens", "1000/day", ZoneOffset.UTC);

    try (Database database = Database.open(directory.resolve("shop.db"));
        Inbox inbox = Inbox.open(database, InboxOptions.of(TutorialTest::route).withClock(clock))) {
      inbox.handler(
          "receipt",
          task ->
              Outcome.done(
                  task.paidStep(
                      "ask",
                      task.subject(),
                      List.of(new Reservation(tokens, 600)),
                      Codec.text(),
                      bill -> {
                        bill.used("tokens", 450);
                        return "answer";
                      })));
      inbox.accept(webhook("evt_1", "order 7"));
      inbox.accept(webhook("evt_2", "order 8"));
      inbox.runDue();

      WorkStory first = inbox.story(1).orElseThrow();
      WorkStory second = inbox.story(2).orElseThrow();
      assertThat(first.charges()).extracting(WorkStory.ChargeView::units).containsExactly(450L);
      assertThat(second.why())
          .isEqualTo("the limit of 1000 on tokens is full until 2026-03-02T00:00:00Z");
    }
  }

  @Test
  void whatWasMissedIsFetchedAndWhatIsThereIsLookedAt() throws Exception {
    DeliverySource sender =
        new DeliverySource() {
          @Override
          public String name() {
            return "payments";
          }

          @Override
          public Page list(Instant since, @Nullable String cursor) {
            return new Page(List.of(new Sent("evt_1", "1001", since.plusSeconds(1))), null);
          }

          @Override
          public Optional<Delivery> fetch(Sent sent) {
            return Optional.of(webhook(sent.id(), "order 7"));
          }
        };

    try (Database database = Database.open(directory.resolve("shop.db"));
        Inbox inbox = Inbox.open(database, InboxOptions.of(TutorialTest::route))) {
      inbox.handler("receipt", task -> Outcome.done());
      // Both happen by themselves once it is started: catching up every 10 minutes.
      inbox.source(sender, 100);
      inbox.resync("orders", Duration.ofHours(1), () -> List.of(NewWork.of("receipt", "order 8")));

      CatchUpReport report = inbox.catchUp("payments");
      int named = inbox.resync("orders");
      inbox.runDue();

      assertThat(report.stored()).isEqualTo(1);
      assertThat(named).isEqualTo(1);
      assertThat(inbox.works(10)).extracting(WorkView::lane).containsExactly("order 8", "order 7");
    }
  }

  @Test
  void operatorsSeeWhyAndPutThingsRight() {
    AtomicInteger tries = new AtomicInteger();

    try (Database database = Database.open(directory.resolve("shop.db"));
        Inbox inbox =
            Inbox.open(database, InboxOptions.of(TutorialTest::route).withMaxBacklog(1))) {
      inbox.handler(
          "receipt",
          task -> {
            if (tries.incrementAndGet() == 1) {
              throw new PermanentFailure("no address");
            }
            return Outcome.done("sent");
          });
      inbox.accept(webhook("evt_1", "order 7"));
      inbox.runDue();
      String why = inbox.story(1).orElseThrow().why();
      List<Long> again = inbox.replay(1);
      assertThatExceptionOfType(InboxException.Unavailable.class)
          .isThrownBy(() -> inbox.accept(webhook("evt_2", "order 8")))
          .withMessageContaining("limit 1");
      inbox.runDue();

      assertThat(why).isEqualTo("dead: PermanentFailure: no address");
      assertThat(again).containsExactly(2L);
      assertThat(inbox.story(2).orElseThrow().replayOf()).isEqualTo(1);
      assertThat(inbox.works(1).getFirst().outcome()).isEqualTo("sent");
      assertThat(inbox.accept(webhook("evt_2", "order 8"))).isEqualTo(Receipt.ACCEPTED);
    }
  }
}
