package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Database;
import dev.latchkey.kv.Store;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What must be true after a storm, numbered as in the contract of the inbox: by queries on the
/// file that is left, and by the records of the world that outlived it.
final class StormVerdict {

  private final Database database;
  private final StormWorld world;

  StormVerdict(Database database, StormWorld world) {
    this.database = database;
    this.world = world;
  }

  private List<String> texts(String sql) {
    return database.query(sql, row -> String.valueOf(row.text(1)));
  }

  private void none(String what, String sql) {
    assertThat(texts(sql)).as(what).isEmpty();
  }

  void require() {
    deliveriesAreKept();
    worksAreOver();
    outsideWasChangedOnce();
    callsAreBounded();
    chargesAreExact();
    levelHolds();
    fileIsSound();
  }

  private void deliveriesAreKept() {
    // 1, and 15: nobody else has sent anything that is missing.
    assertThat(texts("SELECT id FROM latchkey_delivery")).containsAll(world.acknowledged);
    none(
        "2: one row per source and id",
        "SELECT id FROM latchkey_delivery GROUP BY source, id HAVING COUNT(*) > 1");
  }

  private void worksAreOver() {
    none(
        "3: works that never ended",
        "SELECT id FROM latchkey_work WHERE state NOT IN ('DONE', 'DEAD', 'CANCELLED')");
    assertThat(world.overlaps).as("4: changes that overlap in a lane").isEmpty();
    none(
        "5: runs whose epoch is above their work's",
        """
        SELECT r.work FROM latchkey_run r JOIN latchkey_work w ON w.id = r.work
        WHERE r.epoch > w.epoch
        """);
    none(
        "5: runs that begin before the one of the epoch before ended",
        """
        SELECT a.work FROM latchkey_run a JOIN latchkey_run b ON b.work = a.work
        WHERE b.epoch > a.epoch AND b.began_at < a.ended_at
        """);
    none(
        "13: attempts without a failure that was kept",
        """
        SELECT w.id FROM latchkey_work w WHERE w.attempt <> 1 + (SELECT COUNT(*)
          FROM latchkey_run r WHERE r.work = w.id AND r.ending = 'WAITING/RETRY')
        """);
    // A kill between a claim and its telling is one that the world doesn't know of.
    database.query(
        "SELECT id, error FROM latchkey_work WHERE state = 'DEAD'",
        row -> {
          assertThat(row.text(2)).as("16: DEAD for its own fault").startsWith("poison");
          return assertThat(world.deaths.getOrDefault(row.number(1), 0)).isGreaterThanOrEqualTo(2);
        });
  }

  private void outsideWasChangedOnce() {
    world.effects.forEach((thing, count) -> assertThat(count).as("6: " + thing).isEqualTo(1));
    assertThat(world.effects.keySet())
        .as("6: what is done was made true")
        .containsAll(texts("SELECT 'work-' || id FROM latchkey_work WHERE state = 'DONE'"));
    assertThat(world.changing).as("7: changes left half done").isEmpty();
  }

  private void callsAreBounded() {
    world.calls.forEach((call, count) ->
        assertThat(count)
            .as("8: calls of " + call)
            .isLessThanOrEqualTo(1 + world.killedInCall.getOrDefault(call, 0)));
    Store<String> done = database.store(StormChild.DONE);
    assertThat(new TreeSet<>(done.asMap().keySet()))
        .as("9: DONE exactly when its application's writes are there")
        .isEqualTo(
            new TreeSet<>(texts("SELECT 'done ' || id FROM latchkey_work WHERE state = 'DONE'")));
    none(
        "9: DONE without its steps",
        """
        SELECT w.id FROM latchkey_work w WHERE w.state = 'DONE' AND NOT EXISTS (
          SELECT 1 FROM latchkey_step s
          WHERE s.work = w.id AND s.name = 'read' AND s.state = 'DONE')
        """);
  }

  private record Charge(String bucket, long at, long units) {}

  private void chargesAreExact() {
    List<Charge> charges =
        database.query(
            "SELECT bucket, at, units FROM latchkey_charge WHERE state <> 'RELEASED'",
            row -> new Charge(String.valueOf(row.text(1)), row.number(2), row.number(3)));
    for (Charge last : charges) {
      Limit limit = last.bucket().equals("tokens") ? StormChild.TOKENS : StormChild.HOURLY;
      long held =
          charges.stream()
              .filter(other -> other.bucket().equals(last.bucket()) && other.at() <= last.at())
              .filter(other -> limit.window().leaves(other.at()) > last.at())
              .mapToLong(Charge::units)
              .sum();
      assertThat(held).as("10: window of " + limit).isLessThanOrEqualTo(limit.units());
    }
    none(
        "11: count charges not keyed by their work",
        "SELECT ref FROM latchkey_charge WHERE bucket = 'hourly' AND ref <> work");
    assertThat(
            database.query(
                """
                SELECT work FROM latchkey_charge WHERE bucket = 'hourly' AND state = 'SETTLED'
                """,
                row -> row.number(1)))
        .as("11: one count charge per work that began to pay, none for others")
        .containsExactlyInAnyOrderElementsOf(world.paid);
    tokensAreThoseBilled();
  }

  private void tokensAreThoseBilled() {
    Map<Long, Long> settled = new HashMap<>();
    database.query(
        """
        SELECT work, SUM(units) FROM latchkey_charge
        WHERE bucket = 'tokens' AND state = 'SETTLED' AND ambiguous = 0 GROUP BY work
        """,
        row -> settled.put(row.number(1), row.number(2)));
    Map<Long, Long> billed =
        database
            .query(
                """
                SELECT DISTINCT work FROM latchkey_step WHERE name = 'ask' AND state = 'DONE'
                """,
                row -> row.number(1))
            .stream()
            .collect(Collectors.toMap(work -> work, this::billed));
    assertThat(settled).as("12: settled are those billed, less the ambiguous").isEqualTo(billed);
    none(
        "12: charges that nobody settled",
        "SELECT ref FROM latchkey_charge WHERE state = 'RESERVED'");
  }

  /// Returns what the model billed for the calls of a work whose answers were kept: as much for
  /// each.
  private long billed(long work) {
    long each =
        world.bills.entrySet().stream()
            .filter(bill -> bill.getKey().startsWith(work + "/"))
            .mapToLong(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();
    return each
        * database
            .query(
                """
                SELECT COUNT(*) FROM latchkey_step
                WHERE state = 'DONE' AND name = 'ask' AND work = ?
                """,
                row -> row.number(1),
                work)
            .getFirst();
  }

  /// For every key the last delivery was seen by a work that ended with its subject, or cancelled.
  private void levelHolds() {
    none(
        "14: works that ended without having seen their last delivery",
        """
        SELECT w.id FROM latchkey_work w WHERE w.subject <> (
          SELECT d.id FROM latchkey_cause c JOIN latchkey_delivery d ON d.seq = c.delivery
          WHERE c.work = w.id ORDER BY c.delivery DESC LIMIT 1)
        """);
    none(
        "14: deliveries that led to nothing",
        """
        SELECT d.id FROM latchkey_delivery d WHERE d.works > 0
          AND NOT EXISTS (SELECT 1 FROM latchkey_cause c WHERE c.delivery = d.seq)
        """);
  }

  private void fileIsSound() {
    assertThat(database.check()).as("18").isEmpty();
    Store<String> right = database.store(StormChild.RIGHT);
    assertThat(right.asMap())
        .as("19: pairs written across stores")
        .isEqualTo(Map.copyOf(database.store(StormChild.LEFT).asMap()));
  }

  /// 17: whoever sends everything again changes only the count of duplicates.
  void requireThatSendingAgainChangesNothing() {
    String rows =
        """
        SELECT (SELECT COUNT(*) FROM latchkey_work) || ' ' || (SELECT COUNT(*) FROM latchkey_cause)
          || ' ' || (SELECT COUNT(*) FROM latchkey_delivery)
          || ' ' || (SELECT COALESCE(MAX(updated_at), 0) FROM latchkey_work)
        """;
    List<String> before = texts(rows);
    try (Inbox inbox = Inbox.open(database, InboxOptions.of(StormChild::route))) {
      for (String id : world.acknowledged) {
        Delivery again =
            new Delivery("storm", id, "event", Map.of(), id.getBytes(StandardCharsets.UTF_8));
        assertThat(inbox.accept(again)).isEqualTo(Receipt.DUPLICATE);
      }
    }
    assertThat(texts(rows)).as("17").isEqualTo(before);
  }
}
