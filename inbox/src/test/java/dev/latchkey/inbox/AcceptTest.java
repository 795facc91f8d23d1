package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.kv.KvException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What is kept when a delivery comes.
@ParameterizedClass
@EnumSource(Storage.class)
final class AcceptTest {

  private final Rig rig;

  AcceptTest(Storage storage, @TempDir Path directory) {
    rig = Rig.open(storage, directory);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void knownIdIsADuplicateAndMakesNoWork() {
    Delivery delivery = Rig.delivery("one", "build", "lane");
    rig.inbox().accept(delivery);

    Receipt again = rig.inbox().accept(delivery);
    rig.inbox().accept(delivery);

    assertThat(again).isEqualTo(Receipt.DUPLICATE);
    assertThat(rig.inbox().works(10)).hasSize(1);
    assertThat(rig.inbox().stats().accepted()).isEqualTo(1);
    assertThat(rig.inbox().stats().duplicates()).isEqualTo(2);
  }

  @Test
  void sameIdFromAnotherSourceIsAnotherDelivery() {
    rig.inbox().accept(new Delivery("a", "one", "build", Map.of(), bytes("lane")));

    Receipt receipt = rig.inbox().accept(new Delivery("b", "one", "build", Map.of(), bytes("x")));

    assertThat(receipt).isEqualTo(Receipt.ACCEPTED);
    assertThat(rig.inbox().works(10)).hasSize(2);
  }

  @Test
  void sameIdWithAnotherBodyIsADuplicateAndTheFirstBodyStays() {
    rig.inbox().accept(Rig.delivery("one", "build", "first"));

    Receipt receipt = rig.inbox().accept(Rig.delivery("one", "build", "second"));

    assertThat(receipt).isEqualTo(Receipt.DUPLICATE);
    assertThat(rig.texts("SELECT CAST(body AS TEXT) FROM latchkey_delivery"))
        .containsExactly("first");
    assertThat(rig.inbox().works(10)).extracting(WorkView::lane).containsExactly("first");
  }

  @Test
  void ofManyConcurrentCallersWithOneIdOneIsAccepted() throws Exception {
    int callers = 64;
    Delivery delivery = Rig.delivery("one", "build", "lane");
    Inbox inbox = rig.inbox();

    List<Receipt> receipts = atOnce(callers, () -> inbox.accept(delivery));

    assertThat(receipts).containsOnlyOnce(Receipt.ACCEPTED);
    assertThat(Collections.frequency(receipts, Receipt.DUPLICATE)).isEqualTo(callers - 1);
    assertThat(inbox.works(10)).hasSize(1);
    assertThat(inbox.stats().duplicates()).isEqualTo(callers - 1);
  }

  @Test
  void ofManyConcurrentDeliveriesEachIsKept() throws Exception {
    Inbox inbox = rig.inbox();

    List<Receipt> receipts = atOnce(64, () -> rig.send("build", "lane"));

    assertThat(receipts).containsOnly(Receipt.ACCEPTED);
    assertThat(inbox.stats().accepted()).isEqualTo(64);
    assertThat(inbox.works(100)).hasSize(1);
    assertThat(rig.number("SELECT COUNT(*) FROM latchkey_cause")).isEqualTo(64);
  }

  @Test
  void readyWorkAbsorbsDeliveriesOfItsKeyAndRemembersThem() {
    rig.send("build", "lane key");

    Receipt receipt = rig.send("build", "lane key");

    List<List<String>> causes = new ArrayList<>();
    rig.handler("build", task -> done(causes.add(task.deliveries())));
    rig.runDue();
    assertThat(receipt).isEqualTo(Receipt.ACCEPTED);
    assertThat(causes).containsExactly(List.of("test/d1", "test/d2"));
  }

  @Test
  void whileAWorkRunsOneNextIsMade() {
    List<Long> runs = new ArrayList<>();
    rig.handler(
        "build",
        task -> {
          runs.add(task.id());
          if (runs.size() == 1) {
            rig.send("build", "lane key");
            rig.send("build", "lane key");
          }
          return Outcome.done();
        });

    rig.send("build", "lane key");
    rig.runDue();

    assertThat(runs).containsExactly(1L, 2L);
    assertThat(rig.inbox().works(10))
        .extracting(WorkView::state)
        .containsExactly(WorkState.DONE, WorkState.DONE);
  }

  @Test
  void deliveryWithoutWorkIsIgnoredAndKept() {
    InboxOptions options = InboxOptions.of(delivery -> Routing.ignore());
    try (Inbox inbox = Inbox.open(rig.database, options)) {
      Delivery delivery = Rig.delivery("one", "ping", "{}");

      Receipt receipt = inbox.accept(delivery);

      assertThat(receipt).isEqualTo(Receipt.IGNORED);
      assertThat(inbox.accept(delivery)).isEqualTo(Receipt.DUPLICATE);
      assertThat(inbox.stats().ignored()).isEqualTo(1);
      assertThat(inbox.stats().accepted()).isZero();
    }
  }

  @Test
  void routerThatThrowsLeavesTheDeliveryWithADeadWorkThatSaysWhy() {
    InboxOptions options =
        InboxOptions.of(delivery -> {
          throw new IllegalStateException("no such repository");
        });
    try (Inbox inbox = Inbox.open(rig.database, options)) {

      Receipt receipt = inbox.accept(Rig.delivery("one", "push", "{}"));

      assertThat(receipt).isEqualTo(Receipt.ACCEPTED);
      assertThat(inbox.works(10)).hasSize(1);
      assertThat(inbox.works(10).getFirst().state()).isEqualTo(WorkState.DEAD);
      assertThat(inbox.works(10).getFirst().error())
          .isEqualTo("router failed: IllegalStateException: no such repository");
      assertThat(
              rig.texts(
                  "SELECT d.id FROM latchkey_cause JOIN latchkey_delivery d ON seq = delivery"))
          .containsExactly("one");
    }
  }

  @Test
  void routerThatRunsOutOfStackLeavesTheDeliveryKept() {
    InboxOptions options = InboxOptions.of(AcceptTest::endless);
    try (Inbox inbox = Inbox.open(rig.database, options)) {

      inbox.accept(Rig.delivery("one", "push", "{}"));

      assertThat(inbox.works(1).getFirst().error()).contains("StackOverflowError");
    }
  }

  @SuppressWarnings("InfiniteRecursion") // The point of it.
  private static Routing endless(Delivery delivery) {
    return endless(delivery);
  }

  @Test
  void routerThatNamesTooManyWorksLeavesADeadOne() {
    NewWork work = NewWork.of("build", "lane");
    InboxOptions options = InboxOptions.of(delivery -> Routing.to(Collections.nCopies(101, work)));
    try (Inbox inbox = Inbox.open(rig.database, options)) {

      inbox.accept(Rig.delivery("one", "push", "{}"));

      assertThat(inbox.works(10)).hasSize(1);
      assertThat(inbox.works(1).getFirst().error()).contains("101").contains("100");
    }
  }

  @Test
  void bodyAtTheLimitIsKeptAndAboveItRefused() {
    InboxOptions options = InboxOptions.of(delivery -> Routing.ignore()).withMaxBodyBytes(3 << 20);
    try (Inbox inbox = Inbox.open(rig.database, options)) {
      inbox.accept(new Delivery("test", "one", "push", Map.of(), new byte[3 << 20]));

      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> inbox.accept(new Delivery("test", "two", "push", Map.of(), new byte[4 << 20])))
          .withMessage("body has 4194304 bytes, limit 3145728");

      assertThat(rig.texts("SELECT id FROM latchkey_delivery")).containsExactly("one");
    }
  }

  @Test
  void bodyAndHeadersAreKeptAsTheyCame() {
    byte[] body = {0, -1, 13, 10, 127, -128};
    Map<String, String> headers = Map.of("X-Event", "push", "User-Agent", "a: \"b\" ü");

    rig.inbox().accept(new Delivery("test", "one", "push", headers, body));

    assertThat(rig.texts("SELECT HEX(body) FROM latchkey_delivery"))
        .containsExactly(HexFormat.of().withUpperCase().formatHex(body));
    assertThat(rig.texts("SELECT headers FROM latchkey_delivery"))
        .containsExactly("User-Agent: a: \"b\" ü\nX-Event: push\n");
  }

  @Test
  void idsWhichCouldForgeALogLineAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rig.delivery("one\nevent=forged", "push", ""))
        .withMessage("id has a control character");
    assertThatIllegalArgumentException().isThrownBy(() -> Rig.delivery("", "push", ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rig.delivery("i".repeat(257), "push", ""))
        .withMessage("id has 257 characters, limit 256");
  }

  @Test
  void closedDatabaseIsTheCallersMistakeAndNoAcknowledgement() {
    Inbox inbox = rig.inbox();
    rig.database.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> inbox.accept(Rig.delivery("one", "push", "lane")));
  }

  @Test
  void writerThatIsBusyTooLongMakesItUnavailableWithTheCause() throws Exception {
    Inbox inbox = rig.inbox();
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> holder = other.submit(() -> hold(held, over));
      held.await();
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> inbox.accept(Rig.delivery("one", "push", "lane")))
          .isInstanceOf(InboxException.Unavailable.class)
          .hasCauseInstanceOf(KvException.Unavailable.class)
          .hasMessageContaining("test/one");

      assertThat(Thread.interrupted()).isTrue();
      over.countDown();
      assertThat(holder.get()).isTrue();
    }
    assertThat(inbox.accept(Rig.delivery("one", "push", "lane"))).isEqualTo(Receipt.ACCEPTED);
  }

  private boolean hold(CountDownLatch held, CountDownLatch over) throws InterruptedException {
    return rig.database.<Boolean, InterruptedException>transact(() -> {
      held.countDown();
      return over.await(30, TimeUnit.SECONDS);
    });
  }

  @Test
  void storedIsToldAfterTheCommitAndBeforeTheReceipt() {
    List<String> seen = new ArrayList<>();
    InboxOptions options =
        InboxOptions.of(Rig::route)
            .withListener(event -> seen.addAll(rig.texts("SELECT id FROM latchkey_delivery")));
    try (Inbox inbox = Inbox.open(rig.database, options)) {

      inbox.accept(Rig.delivery("one", "push", "lane"));

      assertThat(seen).containsExactly("one");
    }
  }

  @Test
  void listenerThatThrowsChangesNothing() {
    InboxOptions options =
        InboxOptions.of(Rig::route)
            .withListener(event -> {
              throw new AssertionError("from the listener");
            });
    try (Inbox inbox = Inbox.open(rig.database, options)) {
      inbox.handler("push", task -> Outcome.done());

      assertThat(inbox.accept(Rig.delivery("one", "push", "lane"))).isEqualTo(Receipt.ACCEPTED);
      inbox.runDue();

      assertThat(inbox.works(1).getFirst().state()).isEqualTo(WorkState.DONE);
    }
  }

  private static Outcome done(boolean ignored) {
    return Outcome.done();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static <T> List<T> atOnce(int callers, Callable<T> call) throws Exception {
    CountDownLatch together = new CountDownLatch(callers);
    List<T> results = new ArrayList<>();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        futures.add(
            pool.submit(() -> {
              together.countDown();
              together.await();
              return call.call();
            }));
      }
      for (Future<T> future : futures) {
        results.add(future.get());
      }
    }
    return results;
  }
}
