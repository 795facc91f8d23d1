package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
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
}
