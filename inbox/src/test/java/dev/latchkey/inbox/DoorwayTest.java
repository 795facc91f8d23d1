package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Deliveries are kept out while there is no room for them.
@Timeout(60)
@ParameterizedClass
@EnumSource(Storage.class)
final class DoorwayTest {

  private final Storage storage;
  private final Path directory;
  private Rig rig;

  DoorwayTest(Storage storage, @TempDir Path directory) {
    this.storage = storage;
    this.directory = directory;
    rig = Rig.open(storage, directory, options -> options.withMaxBacklog(3));
  }

  private void reopen(UnaryOperator<InboxOptions> change) {
    rig.close();
    rig = Rig.open(storage, directory, change);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private void assertRefused(String id, String reason) {
    assertThatExceptionOfType(InboxException.Unavailable.class)
        .isThrownBy(() -> rig.inbox().accept(Rig.delivery(id, "build", id)))
        .withMessageContaining(reason);
    assertThat(rig.texts("SELECT id FROM latchkey_delivery")).doesNotContain(id);
  }

  @Test
  void backlogThatIsFullIsRefusedUntilAWorkHasEnded() {
    rig.handler("build", task -> Outcome.done());
    rig.send("build", "a");
    rig.send("build", "b");
    rig.send("build", "c");
    assertRefused("refused", "3 works have not ended, limit 3");

    rig.runDue();

    assertThat(rig.send("build", "d")).isEqualTo(Receipt.ACCEPTED);
  }

  @Test
  void whatWaitsIsHeldOrRunsCountsAndWhatIsDeadOrCancelledDoesNot() {
    rig.handler("later", task -> Outcome.later(rig.clock.instant().plusSeconds(60), "later"));
    rig.handler("dead", task -> Outcome.dead("dead"));
    rig.send("later", "a");
    rig.send("dead", "b");
    rig.runDue();
    rig.send("build", "c");
    rig.inbox().cancel(3, "not wanted");
    rig.send("build", "d");
    rig.inbox().hold(4);
    rig.send("build", "e");
    rig.take();

    assertRefused("refused", "3 works have not ended");
  }

  @Test
  void absorbedDeliveriesNeedNoRoomOfTheirOwnButAreRefusedToo() {
    rig.send("build", "a");
    rig.send("build", "a");
    rig.send("build", "b");
    rig.send("build", "c");

    assertRefused("a", "3 works have not ended");
  }

  @Test
  void backlogIsCountedAtOpening() {
    rig.send("build", "a");
    rig.send("build", "b");
    rig.send("build", "c");
    rig.closeInbox();

    assertRefused("refused", "3 works have not ended");
  }

  @Test
  void aTransactionOfTheCallersThatWasUndoneCountsOnlyUntilTheNextCounting() {
    Inbox open = rig.inbox();
    for (int i = 0; i < 3; i++) {
      String lane = "lane" + i;
      assertThatThrownBy(() ->
              rig.database.transact(() -> {
                open.accept(Rig.delivery(lane, "build", lane));
                throw new IllegalStateException("by design");
              }))
          .hasMessage("by design");
    }
    rig.closeInbox();

    assertThat(rig.send("build", "a")).isEqualTo(Receipt.ACCEPTED);
  }

  @Test
  void bytesInFlightAreBoundedButForASingleBody() throws Exception {
    CountDownLatch routing = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    reopen(options ->
        options
            .withMaxBytesInFlight(10)
            .withRouter(delivery -> {
              if (delivery.id().equals("first")) {
                routing.countDown();
                awaitUninterruptibly(mayGoOn);
              }
              return Rig.route(delivery);
            }));
    byte[] large = "a body of more than ten bytes".getBytes(StandardCharsets.UTF_8);
    FutureTask<Receipt> first =
        new FutureTask<>(
            () -> rig.inbox().accept(new Delivery("test", "first", "build", Map.of(), large)));
    Inbox inbox = rig.inbox();
    Thread.startVirtualThread(first);
    routing.await();

    assertRefused("second", "29 bytes are on their way already, limit 10");
    mayGoOn.countDown();

    assertThat(first.get()).isEqualTo(Receipt.ACCEPTED);
    assertThat(inbox.accept(Rig.delivery("second", "build", "b"))).isEqualTo(Receipt.ACCEPTED);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this", e);
    }
  }

  @Test
  void aDiskThatIsNearlyFullRefusesWhereThereIsADisk() {
    reopen(options -> options.withMinFreeBytes(Long.MAX_VALUE));

    if (storage == Storage.FILE) {
      assertRefused("refused", "bytes are free on the disk, limit " + Long.MAX_VALUE);
    } else {
      assertThat(rig.send("build", "a")).isEqualTo(Receipt.ACCEPTED);
    }
  }

  @Test
  void lookingAtTheDiskCanBeLeftOut() {
    reopen(options -> options.withMinFreeBytes(0));

    assertThat(rig.send("build", "a")).isEqualTo(Receipt.ACCEPTED);
  }
}
