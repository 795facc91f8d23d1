package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.kv.KvException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A database that has stopped, here because somebody took its log away.
@Timeout(60)
final class StoppedTest {

  @TempDir Path directory;

  private Rig open() {
    return Rig.open(
        Storage.FILE, directory, options -> options.withDrainTimeout(Duration.ofSeconds(30)));
  }

  private void takeTheLogAway() throws Exception {
    Files.delete(directory.resolve("inbox.db-wal"));
  }

  @Test
  void nothingIsAcknowledgedAndTheHealthSaysSo() throws Exception {
    try (Rig rig = open()) {
      rig.inbox().start();
      takeTheLogAway();

      assertThatThrownBy(() -> rig.send("build", "lane"))
          .isInstanceOf(InboxException.Unavailable.class)
          .hasCauseInstanceOf(KvException.class);
      assertThat(rig.inbox().health()).isEqualTo(InboxHealth.STOPPED);
      assertThatThrownBy(() -> rig.send("build", "lane"))
          .isInstanceOf(InboxException.Unavailable.class)
          .hasCauseInstanceOf(KvException.Stopped.class);
    }
  }

  @Test
  void nothingIsAcknowledgedOnceTheLogWasReplaced() throws Exception {
    try (Rig rig = open()) {
      rig.send("build", "before");
      Path log = directory.resolve("inbox.db-wal");
      byte[] bytes = Files.readAllBytes(log);
      Files.delete(log);
      Files.write(log, bytes);

      assertThatThrownBy(() -> rig.send("build", "behind"))
          .isInstanceOf(InboxException.Unavailable.class)
          .hasCauseInstanceOf(KvException.class);
      assertThatThrownBy(() -> rig.send("build", "behind"))
          .isInstanceOf(InboxException.Unavailable.class);
    }
  }

  @Test
  void runThatCantBeKeptStopsTheWorkAndClosingStillEnds() throws Exception {
    try (Rig rig = open()) {
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch mayEnd = new CountDownLatch(1);
      rig.handler(
          "build",
          task -> {
            running.countDown();
            mayEnd.await();
            return Outcome.done();
          });
      Inbox inbox = rig.inbox();
      inbox.start();
      rig.send("build", "lane");
      running.await();

      takeTheLogAway();
      mayEnd.countDown();
      while (inbox.health() == InboxHealth.WORKING) {
        Thread.onSpinWait();
      }

      assertThat(inbox.health()).isEqualTo(InboxHealth.STOPPED);
      inbox.close();
      assertThat(inbox.health()).isEqualTo(InboxHealth.CLOSED);
      assertThat(rig.events).noneMatch(Event.Ended.class::isInstance);
    }
  }
}
