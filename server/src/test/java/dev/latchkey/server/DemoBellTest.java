package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class DemoBellTest {
  private final DemoBell bell = new DemoBell();

  @Test
  void whatHoldsAlreadyIsNotWaitedFor() throws InterruptedException {
    assertThat(bell.await(() -> true, Duration.ZERO)).isTrue();
  }

  @Test
  void whatNeverHoldsIsWaitedForNoLongerThanAllowed() throws InterruptedException {
    assertThat(bell.await(() -> false, Duration.ofMillis(20))).isFalse();
  }

  @Test
  void theBellHasTheConditionAskedAgain() throws InterruptedException {
    var happened = new AtomicBoolean();
    var asked = new CountDownLatch(1);
    Thread.ofVirtual()
        .start(() -> {
          awaited(asked);
          happened.set(true);
          bell.ring();
        });

    var holds =
        bell.await(
            () -> {
              asked.countDown();
              return happened.get();
            },
            Duration.ofSeconds(20));

    assertThat(holds).isTrue();
  }

  @Test
  void silenceIsNoRingForAWhile() throws InterruptedException {
    bell.ring();

    assertThat(bell.awaitSilence(Duration.ofMillis(20), Duration.ofSeconds(20))).isTrue();
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
