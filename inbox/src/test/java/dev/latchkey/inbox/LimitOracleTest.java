package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Codec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random arrivals under limits, against an oracle that knows only the definition of a window.
final class LimitOracleTest {

  private static final int ARRIVALS = 150;

  @TempDir Path directory;

  private record Charge(String bucket, String ref, long at) {}

  private record Waiting(long work, String bucket, long units, long windowMillis) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void noWindowEverHoldsMoreThanItsUnitsAndNobodyWaitsInVain(long seed) {
    System.out.println("LimitOracleTest seed " + seed);
    Random random = new Random(seed);
    List<Limit> all = limits(random);
    try (Rig rig = open(random, all)) {
      rig.handler("any", task -> behave(task, rig, random));

      for (int arrival = 0; arrival < ARRIVALS; arrival++) {
        rig.send("any", "lane" + random.nextInt(40) + " key" + random.nextInt(60));
        advance(rig, random);
        rig.runDue();
        requireNobodyWaitsInVain(rig);
      }
      requireAllEnd(rig);

      requireWindowsHold(rig, all);
    }
  }

  private static List<Limit> limits(Random random) {
    List<Limit> limits = new ArrayList<>();
    for (String bucket : List.of("a", "b", "c")) {
      Duration window = Duration.ofMillis(1 + random.nextInt(600_000));
      limits.add(new Limit(bucket, 1 + random.nextInt(5), window));
    }
    return limits;
  }

  private Rig open(Random random, List<Limit> all) {
    return Rig.open(
        Storage.MEMORY,
        directory,
        options ->
            options
                .withRandom(random)
                .withRouter(delivery ->
                    Routing.to(
                        Rig.route(delivery).works().stream()
                            .map(work -> work.withLimits(some(random, all)))
                            .toList())));
  }

  private static List<Limit> some(Random random, List<Limit> all) {
    return all.stream().filter(limit -> random.nextBoolean()).toList();
  }

  private static Outcome behave(Task task, Rig rig, Random random) throws IOException {
    if (random.nextInt(3) > 0) {
      task.paidStep("pay", "", Codec.text(), () -> "paid");
    }
    if (random.nextInt(6) == 0) {
      // Makes the next work of the key, which this one may have to absorb, with other limits.
      rig.send("any", task.lane() + " " + task.key());
    }
    return switch (random.nextInt(6)) {
      case 0 -> throw new IOException("by chance");
      case 1 -> Outcome.later(rig.clock.instant().plusMillis(random.nextInt(900_000)), "by chance");
      default -> Outcome.done();
    };
  }

  private static void advance(Rig rig, Random random) {
    boolean toTheNextDue = random.nextInt(4) == 0;
    List<Long> due =
        rig.database.query(
            "SELECT next_at FROM latchkey_work WHERE state = 'WAITING' ORDER BY next_at LIMIT 1",
            row -> row.number(1));
    if (toTheNextDue && !due.isEmpty()) {
      long now = Math.max(due.getFirst(), rig.clock.millis());
      rig.clock.set(Instant.ofEpochMilli(now));
    } else {
      rig.clock.advance(Duration.ofMillis(random.nextInt(120_000)));
    }
  }

  private static List<Charge> charges(Rig rig) {
    return rig.database.query(
        "SELECT bucket, ref, at FROM latchkey_charge WHERE state <> 'RELEASED'",
        row -> new Charge(String.valueOf(row.text(1)), String.valueOf(row.text(2)), row.number(3)));
  }

  /// Each waiting work must be refused by one of its limits right now.
  private static void requireNobodyWaitsInVain(Rig rig) {
    long now = rig.clock.millis();
    List<Charge> charges = charges(rig);
    List<Waiting> waiting = new ArrayList<>();
    rig.database.query(
        """
        SELECT w.id, l.demands FROM latchkey_work w JOIN latchkey_line l ON l.id = w.line
        WHERE w.reason = 'LIMIT'
        """,
        row ->
            Demand.parseAll(String.valueOf(row.text(2))).stream()
                .map(demand -> waiting.add(waiting(row.number(1), demand.limit())))
                .toList());

    List<Long> refused =
        waiting.stream()
            .filter(limit ->
                charges.stream()
                        .filter(charge -> charge.bucket().equals(limit.bucket()))
                        .filter(charge -> charge.at() > now - limit.windowMillis())
                        .count()
                    >= limit.units())
            .map(Waiting::work)
            .toList();
    assertThat(refused)
        .containsAll(
            rig.database.query(
                "SELECT id FROM latchkey_work WHERE reason = 'LIMIT'", row -> row.number(1)));
  }

  private static Waiting waiting(long work, Limit limit) {
    return new Waiting(work, limit.bucket(), limit.units(), limit.window().leaves(0));
  }

  private static void requireAllEnd(Rig rig) {
    for (int turn = 0; turn < 2_000 && rig.number(UNENDED) > 0; turn++) {
      rig.clock.advance(Duration.ofMinutes(5));
      rig.runDue();
    }
    assertThat(rig.number(UNENDED)).isZero();
  }

  private static final String UNENDED =
      "SELECT COUNT(*) FROM latchkey_work WHERE state NOT IN ('DONE', 'DEAD')";

  /// The window that ends with a charge is as full as any, so these are all that need counting.
  private static void requireWindowsHold(Rig rig, List<Limit> all) {
    List<Charge> charges = charges(rig);
    assertThat(charges).isNotEmpty();
    for (Charge last : charges) {
      Limit limit =
          all.stream().filter(l -> l.bucket().equals(last.bucket())).findFirst().orElseThrow();
      long held =
          charges.stream()
              .filter(charge -> charge.bucket().equals(last.bucket()))
              .filter(charge -> charge.at() <= last.at())
              .filter(charge -> charge.at() > last.at() - limit.window().leaves(0))
              .count();
      assertThat(held).isBetween(1L, limit.units());
    }
  }
}
