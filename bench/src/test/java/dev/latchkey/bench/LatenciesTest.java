package dev.latchkey.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @Test
  void quantilesOfShortTimesAreExact() {
    LongStream.rangeClosed(1, 100).forEach(latencies::record);

    assertThat(latencies.quantile(0.5)).isEqualTo(50);
    assertThat(latencies.quantile(0.99)).isEqualTo(99);
    assertThat(latencies.quantile(1)).isEqualTo(100);
    assertThat(latencies.longest()).isEqualTo(100);
    assertThat(latencies.count()).isEqualTo(100);
  }

  @Test
  void aQuantileIsAtMostASixtyFourthTooLong() {
    for (long nanos = 1; nanos < 1L << 40; nanos = nanos * 3 / 2 + 1) {
      Latencies one = new Latencies();
      one.record(nanos);
      // Otherwise the longest would bound it.
      one.record((1L << 40) - 1);

      assertThat(one.quantile(0.5)).isBetween(nanos, nanos + nanos / 64);
    }
  }

  @Test
  void quantilesOfLongTimesAreNear() {
    LongStream.rangeClosed(1, 10_000).map(i -> i * 1_000).forEach(latencies::record);

    assertThat((double) latencies.quantile(0.99)).isCloseTo(9.9e6, Percentage.withPercentage(1.6));
    assertThat((double) latencies.quantile(0.5)).isCloseTo(5e6, Percentage.withPercentage(1.6));
  }

  @Test
  void addingIsAsIfRecordedByOne() {
    Latencies other = new Latencies();
    LongStream.rangeClosed(1, 50).forEach(latencies::record);
    LongStream.rangeClosed(51, 100).forEach(other::record);

    latencies.add(other);

    assertThat(latencies.count()).isEqualTo(100);
    assertThat(latencies.quantile(0.75)).isEqualTo(75);
    assertThat(latencies.longest()).isEqualTo(100);
  }

  @Test
  void withoutCallsThereAreNoTimes() {
    assertThat(latencies.quantile(0.99)).isZero();
    assertThat(latencies.longest()).isZero();
  }

  @Test
  void timesBeyondTheRangeAreBounded() {
    latencies.record(-1);
    latencies.record(Long.MAX_VALUE);

    assertThat(latencies.quantile(0.5)).isZero();
    assertThat((double) latencies.longest()).isCloseTo(1L << 40, within(1.0));
  }
}
