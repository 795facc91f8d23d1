package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// How an inbox ends, and who may open the next.
@ParameterizedClass
@EnumSource(Storage.class)
@Timeout(60)
final class CloseTest {

  private final Storage storage;
  private final Path directory;
  private @Nullable Rig opened;

  CloseTest(Storage storage, @TempDir Path directory) {
    this.storage = storage;
    this.directory = directory;
  }

  private Rig open(Duration drainTimeout) {
    Rig rig = Rig.open(storage, directory, options -> options.withDrainTimeout(drainTimeout));
    opened = rig;
    return rig;
  }

  @AfterEach
  void close() {
    if (opened != null) {
      opened.close();
    }
  }

  @Test
  void closingWaitsForTheWorkUnderWay() throws Exception {
    Rig rig = open(Duration.ofSeconds(30));
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    rig.handler(
        "build",
        task -> {
          running.countDown();
          mayEnd.await();
          return Outcome.done("in time");
        });
    rig.inbox().start();
    rig.send("build", "lane");
    rig.send("build", "lane next");
    running.await();

    Future<?> closing = inBackground(rig::closeInbox);
    while (rig.inbox().health() != InboxHealth.CLOSED) {
      Thread.onSpinWait();
    }
    Receipt meanwhile = rig.send("build", "other");
    mayEnd.countDown();
    closing.get();

    assertThat(meanwhile).isEqualTo(Receipt.ACCEPTED);
    assertThat(rig.work(1).outcome()).isEqualTo("in time");
    assertThat(rig.work(2).state()).isEqualTo(WorkState.READY);
    assertThat(rig.work(3).state()).isEqualTo(WorkState.READY);
  }

  private static Future<?> inBackground(Runnable action) {
    FutureTask<?> task = new FutureTask<>(action, true);
    Thread.startVirtualThread(task);
    return task;
  }

  @Test
  void workThatTakesTooLongIsHandedBackUncountedAndItsRunChangesNothing() throws Exception {
    Rig rig = open(Duration.ZERO);

    Throwable told = closeInMidRun(rig);

    assertThat(told).isInstanceOf(InboxException.Superseded.class);
    assertThat(rig.newest().state()).isEqualTo(WorkState.READY);
    assertThat(rig.newest().attempt()).isEqualTo(1);
    assertThat(rig.newest().epoch()).isEqualTo(2);
    assertThat(rig.events).contains(new Event.HandedBack(1));
  }

  @Test
  void handedBackWorkIsDoneByTheNextInbox() throws Exception {
    Rig rig = open(Duration.ZERO);
    closeInMidRun(rig);

    rig.handler("build", task -> Outcome.done("by the next"));
    rig.runDue();

    assertThat(rig.newest().outcome()).isEqualTo("by the next");
    assertThat(rig.newest().epoch()).isEqualTo(3);
  }

  /// Closes the inbox while a handler runs that doesn't end, and returns what that handler is told
  /// when it is interrupted and tries one more step.
  private static Throwable closeInMidRun(Rig rig) throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    rig.handler(
        "build",
        task -> {
          running.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException interrupted) {
            told.complete(zombieStep(task));
          }
          return Outcome.done("too late");
        });
    rig.inbox().start();
    rig.send("build", "lane");
    running.await();
    rig.closeInbox();
    return told.get(30, TimeUnit.SECONDS);
  }

  private static Throwable zombieStep(Task task) {
    try {
      return new AssertionError(task.step("s", "", Codec.text(), () -> "kept by a zombie"));
    } catch (InboxException failure) {
      return failure;
    }
  }

  @Test
  void closingTwiceHasNoEffectAndNothingIsAcceptedAfterwards() {
    Rig rig = open(Duration.ZERO);
    Inbox inbox = rig.inbox();

    inbox.close();
    inbox.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> inbox.accept(Rig.delivery("one", "build", "lane")))
        .withMessage("inbox is closed");
    assertThatIllegalStateException().isThrownBy(inbox::start);
  }

  @Test
  void closingAfterTheDatabaseDoesNoHarm() {
    Rig rig = open(Duration.ZERO);
    Inbox inbox = rig.inbox();
    rig.database.close();

    inbox.close();

    assertThat(inbox.health()).isEqualTo(InboxHealth.CLOSED);
  }

  @Test
  void secondInboxOfADatabaseIsRefusedUntilTheFirstIsClosed() {
    Rig rig = open(Duration.ZERO);
    InboxOptions options = InboxOptions.of(Rig::route);
    Inbox first = rig.inbox();

    assertThatIllegalStateException().isThrownBy(() -> Inbox.open(rig.database, options));
    first.close();
    try (Inbox second = Inbox.open(rig.database, options)) {
      assertThat(second.health()).isEqualTo(InboxHealth.OPEN);
    }
  }

  @Test
  void refusedInboxLeavesTheWorksOfTheFirstAlone() {
    Rig rig = open(Duration.ZERO);
    rig.handler(
        "build",
        task -> {
          assertThatIllegalStateException()
              .isThrownBy(() -> Inbox.open(rig.database, InboxOptions.of(Rig::route)));
          return Outcome.done();
        });
    rig.send("build", "lane");

    rig.runDue();

    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
    assertThat(rig.newest().epoch()).isEqualTo(1);
  }

  @Test
  void secondInboxOfAFileIsRefusedByAnotherHandleToo() {
    Rig rig = open(Duration.ZERO);
    rig.inbox();

    try (Database other = storage.open(directory)) {
      if (storage == Storage.FILE) {
        assertThatIllegalStateException()
            .isThrownBy(() -> Inbox.open(other, InboxOptions.of(Rig::route)));
      } else {
        Inbox.open(other, InboxOptions.of(Rig::route)).close();
      }
    }
  }

  @Test
  void tablesOfANewerReleaseAreRefusedAndLeftAlone() {
    Rig rig = open(Duration.ZERO);
    rig.send("build", "lane");
    rig.closeInbox();
    rig.database.update("UPDATE latchkey_schema SET version = 99");

    assertThatExceptionOfType(InboxException.Unusable.class)
        .isThrownBy(rig::inbox)
        .withMessage("the inbox's tables have version 99, and this release knows versions up to 2");
    rig.database.update("UPDATE latchkey_schema SET version = 2");

    assertThat(rig.newest().state()).isEqualTo(WorkState.READY);
  }
}
