package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ManualClockTest {
  private final ManualClock clock = ManualClock.at("2026-01-01T00:00:00Z");

  @Test
  void standsStillUntilMoved() {
    Instant first = clock.instant();

    assertThat(clock.instant()).isEqualTo(first).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));

    assertThat(clock.advance(Duration.ofHours(1))).isEqualTo(clock.instant());
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-01T01:00:00Z"));
  }

  @Test
  void movesBackwardsToo() {
    clock.advance(Duration.ofMillis(-1));

    assertThat(clock.millis()).isEqualTo(Instant.parse("2025-12-31T23:59:59.999Z").toEpochMilli());

    clock.set(Instant.EPOCH);
    assertThat(clock).hasToString("1970-01-01T00:00:00Z");
  }

  @Test
  void losesNoMoveOfManyThreads() {
    int threads = 8;
    int moves = 1_000;

    try (var pool = Executors.newFixedThreadPool(threads)) {
      IntStream.range(0, threads * moves)
          .forEach(i -> pool.execute(() -> clock.advance(Duration.ofMillis(1))));
    }

    assertThat(clock.instant())
        .isEqualTo(Instant.parse("2026-01-01T00:00:00Z").plusMillis((long) threads * moves));
  }
}
