package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Place.class)
class CountersTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration HALF = Duration.ofMinutes(30);

  private final Place place;
  private final HandClock clock = new HandClock();
  @TempDir Path directory;
  private Database database;
  private Counters hits;
  private Counters perHour;

  CountersTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults().withClock(clock));
    hits = database.counters("hits", Expiry.never());
    perHour = database.counters("per_hour", Expiry.after(HOUR));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void counterStartsAtZeroAndAddsUp() {
    assertThat(hits.get("a")).isZero();

    assertThat(hits.add("a", 2)).isEqualTo(2);
    assertThat(hits.add("a", 40)).isEqualTo(42);

    assertThat(hits.get("a")).isEqualTo(42);
    assertThat(hits.get("b")).isZero();
  }

  @Test
  void countMayBeNegative() {
    assertThat(hits.add("a", -3)).isEqualTo(-3);
    assertThat(hits.add("a", 1)).isEqualTo(-2);
    assertThat(hits.add("least", Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);

    assertThat(hits.get("a")).isEqualTo(-2);
    assertThat(hits.get("least")).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void additionThatExceedsALongIsRefusedAndTheCountUnchanged() {
    hits.add("a", Long.MAX_VALUE);
    hits.add("b", Long.MIN_VALUE);

    assertThatThrownBy(() -> hits.add("a", 1)).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> hits.add("b", -1)).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> hits.tryAdd("a", 1, Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> hits.tryAdd("b", -1, 0)).isInstanceOf(ArithmeticException.class);

    assertThat(hits.get("a")).isEqualTo(Long.MAX_VALUE);
    assertThat(hits.get("b")).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void overflowInATransactionLeavesTheRestOfIt() {
    hits.add("a", Long.MAX_VALUE);

    database.transact(() -> {
      hits.add("before", 1);
      assertThatThrownBy(() -> hits.add("a", 1)).isInstanceOf(ArithmeticException.class);
      hits.add("after", 1);
    });

    assertThat(List.of(hits.get("before"), hits.get("after"))).containsExactly(1L, 1L);
    assertThat(hits.get("a")).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void tryAddAddsUpToTheMaximumAndNoFurther() {
    assertThat(hits.tryAdd("a", 2, 3)).isTrue();
    assertThat(hits.tryAdd("a", 1, 3)).isTrue();
    assertThat(hits.tryAdd("a", 1, 3)).isFalse();

    assertThat(hits.get("a")).isEqualTo(3);
    assertThat(hits.tryAdd("a", -1, 3)).isTrue();
    assertThat(hits.get("a")).isEqualTo(2);
  }

  @Test
  void refusedTryAddStartsNoCounter() {
    assertThat(perHour.tryAdd("a", 5, 4)).isFalse();

    assertThat(perHour.remove("a")).isFalse();
  }

  @Test
  void tryAddOfManyCallersNeverExceedsTheMaximum() throws Exception {
    AtomicInteger admitted = new AtomicInteger();
    Callers callers = Callers.onVirtualThreads();
    for (int i = 0; i < 40; i++) {
      callers.start(() -> {
        if (hits.tryAdd("a", 1, 25)) {
          admitted.incrementAndGet();
        }
      });
    }

    assertThat(callers.join()).isEmpty();

    assertThat(admitted).hasValue(25);
    assertThat(hits.get("a")).isEqualTo(25);
  }

  @Test
  void additionsOfManyCallersAreAllCounted() throws Exception {
    Callers callers = Callers.onVirtualThreads();
    for (int i = 0; i < 20; i++) {
      callers.start(() -> {
        for (int j = 0; j < 5; j++) {
          hits.add("a", 1);
        }
      });
    }

    assertThat(callers.join()).isEmpty();

    assertThat(hits.get("a")).isEqualTo(100);
  }

  @Test
  void firstAdditionStartsTheExpiryAndLaterOnesDoNotProlongIt() {
    perHour.add("a", 1);
    clock.advance(HALF);
    perHour.add("a", 1);
    clock.advance(HALF.minusMillis(1));
    assertThat(perHour.get("a")).isEqualTo(2);

    clock.advance(Duration.ofMillis(1));

    assertThat(perHour.get("a")).isZero();
    assertThat(perHour.remove("a")).isFalse();
    assertThat(perHour.add("a", 5)).isEqualTo(5);
    clock.advance(HALF);
    assertThat(perHour.tryAdd("a", 1, 6)).isTrue();
    clock.advance(HALF);
    assertThat(perHour.get("a")).isZero();
  }

  @Test
  void tryAddStartsAnewAfterTheExpiry() {
    assertThat(perHour.tryAdd("a", 3, 3)).isTrue();
    assertThat(perHour.tryAdd("a", 1, 3)).isFalse();

    clock.advance(HOUR);

    assertThat(perHour.tryAdd("a", 3, 3)).isTrue();
    assertThat(perHour.get("a")).isEqualTo(3);
  }

  @Test
  void refusedTryAddDoesNotProlongTheExpiry() {
    perHour.add("a", 3);
    clock.advance(HALF);
    assertThat(perHour.tryAdd("a", 1, 3)).isFalse();

    clock.advance(HALF);

    assertThat(perHour.get("a")).isZero();
  }

  @Test
  void counterOfAPastExpiryIsAbsentAtOnce() {
    Counters past = database.counters("past", Expiry.at(Instant.EPOCH));

    assertThat(past.add("a", 3)).isEqualTo(3);

    assertThat(past.get("a")).isZero();
    assertThat(past.remove("a")).isFalse();
  }

  @Test
  void expiryIsEachCallersOwn() {
    Counters lasting = database.counters("per_hour", Expiry.never());
    lasting.add("lasting", 1);
    perHour.add("hourly", 1);

    clock.advance(HOUR);

    assertThat(perHour.get("lasting")).isEqualTo(1);
    assertThat(lasting.get("hourly")).isZero();
  }

  @Test
  void removeSaysWhetherThereWasOneEvenAtZero() {
    hits.add("a", 1);
    hits.add("zero", 1);
    hits.add("zero", -1);

    assertThat(hits.remove("a")).isTrue();
    assertThat(hits.remove("a")).isFalse();
    assertThat(hits.get("a")).isZero();
    assertThat(hits.remove("zero")).isTrue();
    assertThat(hits.remove("zero")).isFalse();
  }

  @Test
  void removedCounterStartsItsExpiryAnew() {
    perHour.add("a", 1);
    clock.advance(HALF);
    perHour.remove("a");

    perHour.add("a", 1);

    clock.advance(HALF);
    assertThat(perHour.get("a")).isEqualTo(1);
  }

  @Test
  void countersJoinTheTransaction() {
    assertThatThrownBy(() ->
            database.transact(() -> {
              hits.add("a", 1);
              assertThat(hits.get("a")).isEqualTo(1);
              hits.tryAdd("a", 1, 5);
              assertThat(hits.get("a")).isEqualTo(2);
              throw new IllegalStateException("on purpose");
            }))
        .hasMessage("on purpose");

    assertThat(hits.get("a")).isZero();
  }

  @Test
  void keysFollowTheRulesOfStores() {
    hits.add("k".repeat(512), 1);
    for (String key : new String[] {"", "k".repeat(513), "a\0b", "\ud83d"}) {
      assertThatThrownBy(() -> hits.get(key)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> hits.add(key, 1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> hits.tryAdd(key, 1, 1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> hits.remove(key)).isInstanceOf(IllegalArgumentException.class);
    }
    for (String name : new String[] {"", "Hits", "1st", "a-b", "a".repeat(49)}) {
      assertThatThrownBy(() -> database.counters(name, Expiry.never()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
