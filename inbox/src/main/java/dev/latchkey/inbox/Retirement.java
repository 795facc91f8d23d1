package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.time.InstantSource;
import java.util.List;

/// Removes what has been kept long enough, in short transactions.
final class Retirement {

  private static final int MOST_AT_ONCE = 200;

  private static final String CLOSED =
      """
      SELECT id FROM latchkey_work WHERE closed_at IS NOT NULL AND slim = ? AND closed_at <= ?
      ORDER BY slim, closed_at LIMIT ?
      """;
  // A body goes with the last of the works it led to.
  private static final String DROP_BODIES =
      """
      UPDATE latchkey_delivery SET body = NULL
      WHERE body IS NOT NULL
        AND seq IN (SELECT delivery FROM latchkey_cause WHERE work = ?)
        AND NOT EXISTS (
          SELECT 1 FROM latchkey_cause AS c JOIN latchkey_work AS w ON w.id = c.work
          WHERE c.delivery = latchkey_delivery.seq AND w.id <> ? AND w.slim = 0)
      """;
  private static final String DROP_STEPS = "DELETE FROM latchkey_step WHERE work = ?";
  private static final String SLIM = "UPDATE latchkey_work SET slim = 1 WHERE id = ?";
  private static final String DROP_UNWORKED =
      """
      UPDATE latchkey_delivery SET body = NULL WHERE seq IN (
        SELECT seq FROM latchkey_delivery
        WHERE works <= 0 AND body IS NOT NULL AND received_at <= ?
        ORDER BY received_at LIMIT ?)
      """;
  private static final String DROP_RUNS = "DELETE FROM latchkey_run WHERE work = ?";
  private static final String DROP_CHARGES =
      "DELETE FROM latchkey_charge WHERE work = ? AND matters_until <= ?";
  // What counts in a longer window goes when it has left it.
  private static final String ORPHAN_CHARGES = "UPDATE latchkey_charge SET work = 0 WHERE work = ?";
  private static final String DROP_ORPHANS =
      """
      DELETE FROM latchkey_charge WHERE work = 0 AND matters_until <= ?
      """;
  private static final String DROP_CAUSES = "DELETE FROM latchkey_cause WHERE work = ?";
  private static final String DROP_WORK = "DELETE FROM latchkey_work WHERE id = ?";
  private static final String OLD_DELIVERIES =
      """
      SELECT seq, received_at FROM latchkey_delivery AS d
      WHERE received_at > ? AND received_at <= ? AND body IS NULL
        AND NOT EXISTS (SELECT 1 FROM latchkey_cause AS c WHERE c.delivery = d.seq)
      ORDER BY received_at LIMIT ?
      """;
  private static final String DROP_DELIVERY = "DELETE FROM latchkey_delivery WHERE seq = ?";

  private final Database database;
  private final InstantSource clock;
  private final Retention retention;

  Retirement(Database database, InboxOptions options) {
    this.database = database;
    this.clock = options.clock();
    this.retention = options.retention();
  }

  /// Removes all that is due to be.
  ///
  /// @return how many works and deliveries were removed or made smaller
  int sweep() {
    long now = clock.millis();
    long bodies = now - retention.bodies().toMillis();
    long ids = now - retention.ids().toMillis();
    int changed = 0;
    changed += repeat(() -> slim(bodies));
    changed += repeat(() -> database.update(DROP_UNWORKED, bodies, MOST_AT_ONCE));
    changed += repeat(() -> forgetWorks(ids, now));
    changed += repeat(() -> forgetDeliveries(ids));
    database.update(DROP_ORPHANS, now);
    return changed;
  }

  private interface Batch {
    int run();
  }

  private int repeat(Batch batch) {
    int changed = 0;
    for (int some = MOST_AT_ONCE; some == MOST_AT_ONCE; changed += some) {
      some = database.<Integer, RuntimeException>transact(batch::run);
    }
    return changed;
  }

  private List<Long> closed(int slim, long until) {
    return database.query(CLOSED, row -> row.number(1), slim, until, MOST_AT_ONCE);
  }

  private int slim(long until) {
    List<Long> works = closed(0, until);
    for (long work : works) {
      database.update(DROP_BODIES, work, work);
      database.update(DROP_STEPS, work);
      database.update(SLIM, work);
    }
    return works.size();
  }

  private int forgetWorks(long until, long now) {
    List<Long> works = closed(1, until);
    for (long work : works) {
      database.update(DROP_RUNS, work);
      database.update(DROP_CHARGES, work, now);
      database.update(ORPHAN_CHARGES, work);
      database.update(DROP_CAUSES, work);
      database.update(DROP_WORK, work);
    }
    return works.size();
  }

  private int forgetDeliveries(long until) {
    List<Long> deliveries =
        database.query(OLD_DELIVERIES, row -> row.number(1), -1, until, MOST_AT_ONCE);
    for (long seq : deliveries) {
      database.update(DROP_DELIVERY, seq);
    }
    return deliveries.size();
  }
}
