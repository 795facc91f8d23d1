package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.kv.Codec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Limits for a day of the calendar, and limits as people write them.
@ParameterizedClass
@EnumSource(Storage.class)
final class DayLimitTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId UTC = ZoneId.of("UTC");

  private final Rig rig;
  private List<Limit> limits = List.of(Limit.perDay("acme", 2, BERLIN));

  /// When works ran.
  private final List<String> runs = new ArrayList<>();

  DayLimitTest(Storage storage, @TempDir Path directory) {
    rig =
        Rig.open(
            storage,
            directory,
            options ->
                options.withRouter(delivery ->
                    Routing.to(Rig.route(delivery).works().getFirst().withLimits(limits))));
    rig.handler(
        "pay",
        task -> {
          runs.add(rig.clock.instant().toString());
          return Outcome.done(task.paidStep("pay", "", Codec.text(), () -> "paid"));
        });
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static Instant midnight(String day, ZoneId zone) {
    return LocalDate.parse(day).atStartOfDay(zone).toInstant();
  }

  private void sendAndRun(int works) {
    for (int i = 0; i < works; i++) {
      long lane = rig.inbox().stats().works().values().stream().mapToLong(Long::longValue).sum();
      rig.send("pay", "lane" + lane);
    }
    rig.runDue();
  }

  private List<Instant> waitingUntil() {
    return rig.inbox().works(100).stream()
        .filter(work -> work.reason() == WaitReason.LIMIT)
        .map(work -> work.nextAt() == null ? Instant.MAX : work.nextAt())
        .toList();
  }

  @Test
  void dayEndsAtMidnightInItsZoneAndNotAMillisecondBefore() {
    rig.clock.set(Instant.parse("2026-06-10T21:59:00Z"));
    sendAndRun(4);
    List<Instant> until = waitingUntil();

    rig.clock.set(Instant.parse("2026-06-10T21:59:59.999Z"));
    int early = rig.runDue();
    rig.clock.set(Instant.parse("2026-06-10T22:00:00Z"));
    int due = rig.runDue();

    assertThat(until).hasSize(2).containsOnly(midnight("2026-06-11", BERLIN));
    assertThat(early).isZero();
    assertThat(due).isEqualTo(2);
  }

  @Test
  void chargeAtMidnightBelongsToTheDayThatBegins() {
    rig.clock.set(midnight("2026-06-10", BERLIN).minusMillis(1));
    sendAndRun(2);
    rig.clock.set(midnight("2026-06-10", BERLIN));
    sendAndRun(3);

    assertThat(runs).hasSize(4);
    assertThat(waitingUntil()).containsExactly(midnight("2026-06-11", BERLIN));
  }

  @Test
  void wholeDaysUnitsMayBeUsedInItsLastMinuteAndAgainInTheNext() {
    rig.clock.set(midnight("2026-06-11", BERLIN).minusSeconds(60));
    sendAndRun(4);

    rig.clock.set(midnight("2026-06-11", BERLIN));
    rig.runDue();

    assertThat(runs).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-29, 2026-03-30, 23",
    "2026-10-25, 2026-10-26, 25",
    "2026-06-10, 2026-06-11, 24"
  })
  void dayIsAsLongAsItIsInItsZone(String day, String next, long hours) {
    rig.clock.set(midnight(day, BERLIN));
    sendAndRun(3);

    rig.clock.advance(Duration.ofHours(hours).minusMillis(1));
    int early = rig.runDue();
    rig.clock.advance(Duration.ofMillis(1));
    int due = rig.runDue();

    assertThat(early).isZero();
    assertThat(due).isEqualTo(1);
    assertThat(runs.getLast()).isEqualTo(midnight(next, BERLIN).toString());
  }

  @Test
  void hourThatComesTwiceIsOfOneDay() {
    rig.clock.set(Instant.parse("2026-10-25T00:30:00Z"));
    sendAndRun(1);
    rig.clock.set(Instant.parse("2026-10-25T01:30:00Z"));
    sendAndRun(2);

    assertThat(runs).hasSize(2);
    assertThat(waitingUntil()).containsExactly(midnight("2026-10-26", BERLIN));
  }

  @Test
  void dayWithoutMidnightBeginsWhenItDoes() {
    ZoneId santiago = ZoneId.of("America/Santiago");
    limits = List.of(Limit.perDay("acme", 1, santiago));
    Instant begins = Instant.parse("2026-09-06T04:00:00Z");
    rig.clock.set(begins.minusMillis(1));
    sendAndRun(2);

    rig.clock.set(begins);
    int due = rig.runDue();

    assertThat(begins.atZone(santiago).getHour()).isEqualTo(1);
    assertThat(due).isEqualTo(1);
  }

  @Test
  void chargesInTheFutureCountWhenTheClockMovedBackToTheDayBefore() {
    rig.clock.set(midnight("2026-06-10", BERLIN));
    sendAndRun(1);
    rig.clock.set(midnight("2026-06-10", BERLIN).minusSeconds(1));
    sendAndRun(2);

    assertThat(runs).hasSize(2);
    assertThat(waitingUntil()).containsExactly(midnight("2026-06-10", BERLIN));
  }

  @Test
  void limitFilledByTheFutureAloneOpensAfterThatDay() {
    rig.clock.set(midnight("2026-06-10", BERLIN));
    sendAndRun(2);
    rig.clock.set(midnight("2026-06-01", BERLIN));
    sendAndRun(1);

    List<Instant> until = waitingUntil();
    rig.clock.set(midnight("2026-06-11", BERLIN));
    rig.runDue();

    assertThat(until).containsExactly(midnight("2026-06-11", BERLIN));
    assertThat(runs).hasSize(3);
  }

  @Test
  void clockMovedBackWithinTheDayChangesNothing() {
    rig.clock.set(Instant.parse("2026-06-10T12:00:00Z"));
    sendAndRun(2);
    rig.clock.set(Instant.parse("2026-06-10T08:00:00Z"));

    sendAndRun(1);

    assertThat(runs).hasSize(2);
    assertThat(waitingUntil()).containsExactly(midnight("2026-06-11", BERLIN));
  }

  @Test
  void dayOfAnotherZoneIsJudgedByItself() {
    rig.clock.set(Instant.parse("2026-06-10T22:30:00Z"));
    sendAndRun(2);

    limits = List.of(Limit.perDay("acme", 2, UTC));
    sendAndRun(1);
    rig.clock.set(midnight("2026-06-11", UTC));
    rig.runDue();

    assertThat(runs)
        .containsExactly("2026-06-10T22:30:00Z", "2026-06-10T22:30:00Z", "2026-06-11T00:00:00Z");
  }

  @Test
  void dayAndRollingLimitsAreBothAsked() {
    limits =
        List.of(Limit.perDay("acme", 2, BERLIN), new Limit("burst", 1, Duration.ofMinutes(10)));
    rig.clock.set(midnight("2026-06-11", BERLIN).minus(Duration.ofMinutes(30)));
    sendAndRun(3);
    List<Instant> first = waitingUntil();

    rig.clock.advance(Duration.ofMinutes(10));
    int second = rig.runDue();
    rig.clock.advance(Duration.ofMinutes(10));
    int third = rig.runDue();

    assertThat(second).isEqualTo(1);
    assertThat(third).isZero();
    assertThat(first).containsOnly(midnight("2026-06-11", BERLIN).minus(Duration.ofMinutes(20)));
    assertThat(runs).hasSize(2);
    assertThat(waitingUntil()).containsExactly(midnight("2026-06-11", BERLIN));
  }

  @Test
  void limitsArePlainToRead() {
    assertThat(Limit.parse("acme", "30/1h", UTC))
        .isEqualTo(new Limit("acme", 30, Duration.ofHours(1)));
    assertThat(Limit.parse("acme", "1/90s", UTC))
        .isEqualTo(new Limit("acme", 1, Duration.ofSeconds(90)));
    assertThat(Limit.parse("acme", "5/15m", UTC))
        .isEqualTo(new Limit("acme", 5, Duration.ofMinutes(15)));
    assertThat(Limit.parse("acme", "1000000000000/3660d", UTC))
        .isEqualTo(new Limit("acme", 1_000_000_000_000L, Duration.ofDays(3_660)));
    assertThat(Limit.parse("acme", "200/day", BERLIN)).isEqualTo(Limit.perDay("acme", 200, BERLIN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "30",
        "30/",
        "/1h",
        "30/h",
        "30/1",
        "30/1w",
        "30/1H",
        "30/1 h",
        " 30/1h",
        "30/1h ",
        "-1/1h",
        "+1/1h",
        "1.5/1h",
        "30/-1h",
        "30/days",
        "30/1day",
        "30/Day",
        "0/1h",
        "0/day",
        "30/0h",
        "1000000000001/1h",
        "99999999999999/1h",
        "1/3661d",
        "1/9999999999s",
        "٣/1h"
      })
  void limitsWrittenOtherwiseAreRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Limit.parse("acme", text, UTC));
  }

  @Test
  void refusedTextIsNamedWithWhatIsAllowed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Limit.parse("acme", "30 per\nhour", UTC))
        .withMessage(
            "limit is \"30 per hour\", allowed are such as 30/1h (s, m, h, d) and 200/day");
  }
}
