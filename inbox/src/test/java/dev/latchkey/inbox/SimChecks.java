package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What must be true of a simulation, while it runs and after all: by queries, and by what its
/// world knows by itself.
final class SimChecks {

  private static final String UNENDED =
      """
      SELECT COUNT(*) FROM latchkey_work WHERE state NOT IN ('DONE', 'DEAD', 'CANCELLED')
      """;
  private static final List<String> TABLES =
      List.of("work", "cause", "line", "gate", "run", "step", "charge");

  private final Simulation simulation;
  private final Database database;
  private final Map<Long, Long> epochs = new HashMap<>();

  SimChecks(Simulation simulation) {
    this.simulation = simulation;
    this.database = simulation.database;
  }

  private List<String> texts(String sql) {
    return database.query(sql, row -> String.valueOf(row.text(1)));
  }

  boolean isCurrent(Claim claim) {
    return !database
        .query(
            "SELECT 1 FROM latchkey_work WHERE id = ? AND epoch = ? AND state = 'RUNNING'",
            row -> true,
            claim.work(),
            claim.epoch())
        .isEmpty();
  }

  boolean isLive(Claim claim) {
    return !database
        .query(
            "SELECT 1 FROM latchkey_work WHERE id = ? AND state IN ('WAITING', 'HELD')",
            row -> true,
            claim.work())
        .isEmpty();
  }

  List<Long> running() {
    return database.query(
        "SELECT id FROM latchkey_work WHERE state = 'RUNNING'", row -> row.number(1));
  }

  long unended() {
    return database.query(UNENDED, row -> row.number(1)).getFirst();
  }

  void duringTheRun() {
    Queues.requireInOrder(database);
    epochsOnlyRise();
    windowsHold();
  }

  private void epochsOnlyRise() {
    database.query(
        "SELECT id, epoch FROM latchkey_work",
        row -> {
          long id = row.number(1);
          long epoch = row.number(2);
          assertThat(epoch)
              .as("epoch of work " + id)
              .isGreaterThanOrEqualTo(epochs.getOrDefault(id, 0L));
          epochs.put(id, epoch);
          return true;
        });
  }

  /// A unit or more that is held or spent.
  private record Held(String bucket, long at, long units) {}

  private List<Held> held() {
    return database.query(
        "SELECT bucket, at, units FROM latchkey_charge WHERE state <> 'RELEASED' ORDER BY at",
        row -> new Held(Objects.requireNonNull(row.text(1)), row.number(2), row.number(3)));
  }

  private static Limit limit(String bucket) {
    return bucket.equals("tokens")
        ? SimHandler.TOKENS
        : Objects.requireNonNull(Simulation.LIMITS.get(bucket));
  }

  /// The window that ends with a charge is as full as any, so these are all that need counting.
  private void windowsHold() {
    List<Held> all = held();
    for (Held last : all) {
      Limit limit = limit(last.bucket());
      long units =
          all.stream()
              .filter(other -> other.bucket().equals(last.bucket()))
              .filter(other -> other.at() <= last.at())
              .filter(other -> sameWindow(limit, other.at(), last.at()))
              .mapToLong(Held::units)
              .sum();
      assertThat(units)
          .as("units of " + limit + " at " + last.at())
          .isLessThanOrEqualTo(limit.units());
    }
  }

  private static boolean sameWindow(Limit limit, long at, long now) {
    return switch (limit.window()) {
      case Window.Rolling(var length) -> at > now - length.toMillis();
      case Window.Day(var zone) ->
          Instant.ofEpochMilli(at)
              .atZone(zone)
              .toLocalDate()
              .equals(Instant.ofEpochMilli(now).atZone(zone).toLocalDate());
    };
  }

  /// After a claim which had room for more: each work that waits for a limit must be refused by
  /// one.
  void nobodyWaitsInVain() {
    if (!texts("SELECT id FROM latchkey_work WHERE state = 'READY' AND front = 1").isEmpty()) {
      // A suspect has to run alone, and everybody waits for it.
      return;
    }
    long now = simulation.clock.millis();
    List<Held> all = held();
    List<String> inVain = new ArrayList<>();
    database.query(
        """
        SELECT w.id, l.demands FROM latchkey_work w JOIN latchkey_line l ON l.id = w.line
        WHERE w.reason = 'LIMIT' AND w.front = 1
        """,
        row -> {
          boolean refused =
              String.valueOf(row.text(2)).lines().anyMatch(line -> isRefused(line, all, now));
          return refused || inVain.add("work " + row.number(1) + " under " + row.text(2));
        });
    assertThat(inVain).as("works that wait in vain").isEmpty();
  }

  private static boolean isRefused(String demand, List<Held> all, long now) {
    long wanted = Long.parseLong(demand.substring(0, demand.indexOf('/')));
    Limit limit = limit(demand.substring(demand.indexOf(' ') + 1));
    long present =
        all.stream()
            .filter(other -> other.bucket().equals(limit.bucket()))
            .filter(other -> other.at() > now || sameWindow(limit, other.at(), now))
            .mapToLong(Held::units)
            .sum();
    return present + wanted > limit.units();
  }

  void afterAll() {
    assertThat(unended()).as("works that never ended").isZero();
    everythingAcknowledgedIsThere();
    outsideWasChangedOnce();
    callsWereBounded();
    chargesAreRight();
    worksAreRight();
    storesAreRight();
    sendingAgainChangesNothing();
    assertThat(database.check()).isEmpty();
  }

  private void everythingAcknowledgedIsThere() {
    List<String> kept = texts("SELECT id FROM latchkey_delivery WHERE source = 'test'");
    assertThat(kept).doesNotHaveDuplicates().containsAll(simulation.world.acknowledged);
    assertThat(
            texts(
                """
                SELECT id FROM latchkey_delivery d WHERE works > 0
                  AND NOT EXISTS (SELECT 1 FROM latchkey_cause c WHERE c.delivery = d.seq)
                """))
        .as("deliveries that led to nothing")
        .isEmpty();
  }

  private void outsideWasChangedOnce() {
    simulation.world.effects.forEach((thing, count) -> assertThat(count).as(thing).isEqualTo(1));
    for (String work : texts("SELECT id FROM latchkey_work WHERE state = 'DONE'")) {
      assertThat(simulation.world.effects).containsKey("effect of " + work);
    }
  }

  private void callsWereBounded() {
    assertThat(simulation.world.askedAgain).as("calls whose answer was kept").isEmpty();
    simulation.world.calls.forEach((name, count) ->
        assertThat(count)
            .as("calls of " + name)
            .isLessThanOrEqualTo(1 + simulation.world.interrupted.getOrDefault(name, 0)));
  }

  private void chargesAreRight() {
    assertThat(texts("SELECT ref FROM latchkey_charge WHERE bucket <> 'tokens' AND ref <> work"))
        .as("charges not keyed by their work")
        .isEmpty();
    assertThat(texts("SELECT ref FROM latchkey_charge WHERE state = 'RESERVED'")).isEmpty();
    database.query(
        """
        SELECT DISTINCT work FROM latchkey_charge WHERE bucket <> 'tokens' AND state = 'SETTLED'
        """,
        row -> assertThat(simulation.world.paid).contains(row.number(1)));
    Map<Long, Long> settled = new HashMap<>();
    database.query(
        """
        SELECT work, SUM(units) FROM latchkey_charge
        WHERE bucket = 'tokens' AND state = 'SETTLED' AND ambiguous = 0 GROUP BY work
        """,
        row -> settled.put(row.number(1), row.number(2)));
    simulation.world.billed.forEach((work, units) ->
        assertThat(settled.getOrDefault(work, 0L)).as("tokens of " + work).isEqualTo(units));
  }

  private void worksAreRight() {
    for (WorkView work : simulation.inbox.works(1_000)) {
      int failures = simulation.world.failures.getOrDefault(work.id(), 0);
      assertThat(work.attempt()).as("attempts of " + work.id()).isEqualTo(failures + 1);
      String seen = simulation.world.seen.get(work.id());
      if (work.state() == WorkState.DONE) {
        assertThat(seen).as("subject of " + work.id()).isEqualTo(work.subject());
      }
      if (work.error().startsWith("poison")) {
        assertThat(simulation.world.deaths.getOrDefault(work.id(), 0)).isGreaterThanOrEqualTo(3);
      } else if (work.state() == WorkState.DEAD) {
        assertThat(work.error())
            .containsAnyOf("for good", "can't be done", "can't be routed", "failed", "busy");
      }
    }
  }

  private void storesAreRight() {
    simulation
        .left()
        .asMap()
        .forEach((key, value) -> assertThat(simulation.right().get(key)).as(key).contains(value));
    assertThat(simulation.right().asMap()).hasSameSizeAs(simulation.left().asMap());
    List<String> done = texts("SELECT 'done ' || id FROM latchkey_work WHERE state = 'DONE'");
    assertThat(simulation.done().asMap().keySet()).containsExactlyInAnyOrderElementsOf(done);
  }

  private void sendingAgainChangesNothing() {
    List<String> before = dump();
    for (String id : simulation.world.acknowledged.stream().sorted().toList()) {
      simulation.inbox.accept(Objects.requireNonNull(simulation.world.sent.get(id)));
    }
    // Whoever revives dead works by it makes new ones, which is not for this check.
    if (texts("SELECT id FROM latchkey_work WHERE state = 'DEAD'").isEmpty()) {
      assertThat(dump()).isEqualTo(before);
    }
  }

  private List<String> dump() {
    List<String> rows = new ArrayList<>();
    for (String table : TABLES) {
      String name = "latchkey_" + table;
      List<String> columns =
          database.query(
              "SELECT name FROM pragma_table_info(?)", row -> String.valueOf(row.text(1)), name);
      String all =
          String.join(" || '|' || ", columns.stream().map(c -> "quote(" + c + ")").toList());
      rows.addAll(texts("SELECT " + all + " FROM " + name + " ORDER BY 1"));
    }
    return rows;
  }
}
