package dev.latchkey.github;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SecondaryLimitTest {
  private final SecondaryLimit limit = new SecondaryLimit();
  private final Instant start = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void theWaitDoublesEachTimeUpToABound() {
    Instant now = start;

    for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 32}) {
      Instant until = limit.until(now);

      assertThat(Duration.between(now, until)).isEqualTo(Duration.ofMinutes(minutes));
      now = until;
    }
  }

  @Test
  void answersToWhatWasSentBeforeDoNotProlongIt() {
    Instant until = limit.until(start);

    assertThat(limit.until(start.plusSeconds(30))).isEqualTo(until);
    assertThat(limit.until(until)).isEqualTo(until.plusSeconds(120));
  }

  @Test
  void afterAQuietTimeItIsAMinuteAgain() {
    Instant until = limit.until(start);
    Instant later = until.plusSeconds(60);

    assertThat(limit.until(later)).isEqualTo(later.plusSeconds(60));
  }
}
