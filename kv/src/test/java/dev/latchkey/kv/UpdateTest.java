package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// `update` and `touch`: changes of an entry that is there.
@ParameterizedClass
@EnumSource(Place.class)
class UpdateTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final Place place;
  private final HandClock clock = new HandClock();
  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  UpdateTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults().withClock(clock));
    words = database.store(StoreSpec.of("words", Codec.text()).expireAfter(HOUR));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void updateAppliesTheChangeToTheInitialValueAndThenToWhatIsThere() {
    assertThat(words.update("a", "x", value -> value + "1")).isEqualTo("x1");
    assertThat(words.update("a", "x", value -> value + "2")).isEqualTo("x12");

    assertThat(words.get("a")).contains("x12");
  }

  @Test
  void newEntryOfAnUpdateGetsTheDefaultExpiryAndOneThatIsThereKeepsItsDeadline() {
    words.update("new", "", value -> value + "1");
    words.put("lasting", "1", Expiry.never());
    clock.advance(Duration.ofMinutes(1));

    words.update("new", "", value -> value + "2");
    words.update("lasting", "", value -> value + "2");

    assertThat(words.entry("new").orElseThrow().expiresAt()).isEqualTo(HandClock.START.plus(HOUR));
    assertThat(words.entry("lasting").orElseThrow().expiresAt()).isNull();
  }

  @Test
  void updateOfAnExpiredEntryBeginsAnew() {
    words.put("a", "old");
    clock.advance(HOUR);

    assertThat(words.update("a", "x", value -> value + "1")).isEqualTo("x1");

    assertThat(words.entry("a").orElseThrow().expiresAt())
        .isEqualTo(HandClock.START.plus(HOUR).plus(HOUR));
  }

  @Test
  void updatesOfManyCallersAreAllApplied() throws Exception {
    Callers callers = Callers.onVirtualThreads();
    for (int i = 0; i < 20; i++) {
      callers.start(() -> {
        for (int j = 0; j < 5; j++) {
          words.update("n", "0", value -> String.valueOf(Integer.parseInt(value) + 1));
        }
      });
    }

    assertThat(callers.join()).isEmpty();

    assertThat(words.get("n")).contains("100");
  }

  @Test
  void updateThatAlwaysLosesItsRaceIsDoneInATransaction() {
    AtomicInteger applied = new AtomicInteger();

    words.update(
        "a",
        "",
        value -> {
          // Somebody else is quicker each time, except where the change holds the writer.
          if (applied.incrementAndGet() <= 3) {
            words.put("a", "other " + applied);
          }
          return value + "+";
        });

    assertThat(words.get("a")).contains("other 3+");
    assertThat(applied).hasValue(4);
  }

  @Test
  void changeThatThrowsChangesNothing() {
    words.put("a", "1");
    Entry<String> before = words.entry("a").orElseThrow();

    assertThatThrownBy(() ->
            words.update(
                "a",
                "x",
                value -> {
                  throw new IllegalStateException("on purpose");
                }))
        .hasMessage("on purpose");

    assertThat(words.entry("a")).contains(before);
  }

  @Test
  void updateInATransactionIsAPartOfIt() {
    assertThatThrownBy(() ->
            database.transact(() -> {
              words.update("a", "x", value -> value + "1");
              assertThat(words.update("a", "x", value -> value + "2")).isEqualTo("x12");
              throw new IllegalStateException("on purpose");
            }))
        .hasMessage("on purpose");

    assertThat(words.contains("a")).isFalse();
  }

  @Test
  void touchGivesAnotherDeadlineAndVersionAndLeavesTheValue() {
    words.put("a", "1");
    Entry<String> before = words.entry("a").orElseThrow();

    assertThat(words.touch("a", Expiry.after(DAY))).isTrue();

    Entry<String> after = words.entry("a").orElseThrow();
    assertThat(after.value()).isEqualTo("1");
    assertThat(after.expiresAt()).isEqualTo(HandClock.START.plus(DAY));
    assertThat(after.version()).isNotEqualTo(before.version());
    assertThat(words.compareAndSet(before, "2")).isFalse();
  }

  @Test
  void touchMayTakeTheDeadlineAway() {
    words.put("a", "1");

    assertThat(words.touch("a", Expiry.never())).isTrue();

    clock.advance(DAY);
    assertThat(words.get("a")).contains("1");
    assertThat(words.entry("a").orElseThrow().expiresAt()).isNull();
  }

  @Test
  void touchOfWhatIsNotThereIsFalse() {
    words.put("a", "1");
    clock.advance(HOUR);

    assertThat(words.touch("a", Expiry.never())).isFalse();
    assertThat(words.touch("b", Expiry.never())).isFalse();
    assertThat(words.touch("b", Expiry.at(Instant.EPOCH))).isFalse();
    assertThat(words.contains("a")).isFalse();
  }

  @Test
  void touchWithADeadlineThatHasPassedRemovesTheEntry() {
    words.put("a", "1");
    words.put("b", "1");

    assertThat(words.touch("a", Expiry.at(HandClock.START))).isTrue();
    assertThat(words.touch("b", Expiry.at(Instant.MIN))).isTrue();

    assertThat(words.contains("a")).isFalse();
    assertThat(words.contains("b")).isFalse();
    assertThat(words.touch("a", Expiry.never())).isFalse();
  }

  @Test
  void changeThatWritesItsOwnEntryIsRefused() {
    assertThatThrownBy(() ->
            words.update(
                "own",
                "",
                before -> {
                  words.put("own", before + "inner");
                  return before + "outer";
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("wrote the entry");
  }
}
