package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.github.RepositoryRef;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.DatabaseOptions;
import dev.latchkey.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WritesTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final PullRef PULL = new PullRef(new RepositoryRef(1, 2, "acme", "web"), 7);
  private static final String NAME = "summary";

  private final ManualClock clock = ManualClock.at(START);
  private final Database database = Database.inMemory(DatabaseOptions.defaults().withClock(clock));

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatWasNeverSentNeedsNoPatience() {
    Writes writes = writes();

    writes.requireSettled(PULL, NAME);

    assertThat(writes.isSettled(PULL, NAME)).isTrue();
    assertThat(writes.isLate(PULL, "")).isFalse();
  }

  @Test
  void whatWasAnsweredNeedsNone() {
    Writes writes = writes();

    String answer = writes.send(PULL, NAME, () -> "done");

    assertThat(answer).isEqualTo("done");
    assertThat(writes.isSettled(PULL, NAME)).isTrue();
    assertThat(writes.latePulls()).isEmpty();
  }

  @Test
  void aWriteThatDidNotEndSettlesAWindowAfterIt() {
    Writes writes = writes();
    clock.advance(Duration.ofSeconds(5));
    cutOff(writes);

    Writes.NotSettled refusal = refusal(writes);

    assertThat(refusal.until()).isEqualTo(START.plusSeconds(35));
  }

  @Test
  void aWriteOfADeadProcessCanHaveBeenSentUntilThisOneStarted() {
    cutOff(writes());
    clock.advance(Duration.ofSeconds(20));

    Writes successor = writes();

    assertThat(refusal(successor).until()).isEqualTo(START.plusSeconds(50));
  }

  @Test
  void butNotLaterThanItsDeadline() {
    cutOff(writes());
    clock.advance(Duration.ofHours(1));

    Writes successor = writes();

    assertThat(successor.isSettled(PULL, NAME)).isTrue();
  }

  @Test
  void onceItIsSettledItMayBeLookedForAndMayStillComeLate() {
    cutOff(writes());
    clock.advance(Duration.ofMinutes(10));
    Writes successor = writes();

    successor.requireSettled(PULL, NAME);

    assertThat(successor.late(PULL, "")).containsExactly(NAME);
    assertThat(successor.latePulls()).containsExactly(PULL);
  }

  @Test
  void aLaterWriteThatIsAnsweredDoesNotMakeTheLostOneForgotten() {
    cutOff(writes());
    clock.advance(Duration.ofMinutes(10));
    Writes successor = writes();

    var _ = successor.send(PULL, NAME, () -> "done");

    assertThat(successor.isSettled(PULL, NAME)).isTrue();
    assertThat(successor.isLate(PULL, NAME)).isTrue();
  }

  @Test
  void afterSomeHoursNothingIsReckonedWith() {
    cutOff(writes());

    clock.advance(Writes.LATEST);

    assertThat(writes().latePulls()).isEmpty();
  }

  private Writes writes() {
    return new Writes(database, clock, WINDOW);
  }

  /// A sender which ends in mid-call, as a process does that is killed.
  private static void cutOff(Writes writes) {
    assertThatThrownBy(() ->
            writes.send(
                PULL,
                NAME,
                () -> {
                  throw new IllegalStateException("killed");
                }))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Writes.NotSettled refusal(Writes writes) {
    return catchThrowableOfType(Writes.NotSettled.class, () -> writes.requireSettled(PULL, NAME));
  }
}
