package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DemoTrapTest {
  private final DemoBell bell = new DemoBell();
  private final DemoTrap trap = new DemoTrap("somewhere", bell);

  @Test
  void aTrapThatIsNotArmedLetsEverybodyPass() {
    trap.passed();

    assertThat(trap.caught()).isFalse();
  }

  @Test
  void anArmedTrapHoldsTheFirstUntilItIsReleased() throws InterruptedException {
    trap.arm();
    var held = Thread.ofVirtual().start(trap::passed);
    var caught = bell.await(trap::caught, Duration.ofSeconds(20));
    trap.passed();
    var heldMeanwhile = held.isAlive();

    trap.release();
    held.join();

    assertThat(caught).isTrue();
    assertThat(heldMeanwhile).isTrue();
  }

  @Test
  void aReleasedTrapNeverCatches() {
    trap.arm();
    trap.release();

    trap.passed();

    assertThat(trap.caught()).isFalse();
  }
}
