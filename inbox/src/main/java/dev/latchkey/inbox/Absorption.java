package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.util.List;

/// Lets a live work take over what was asked for later under its key, so that it makes the newest
/// wish true and not an older one. All methods belong into a transaction of the caller's.
final class Absorption {

  private static final String SUBJECT =
      "UPDATE latchkey_work SET subject = ?, updated_at = ? WHERE id = ?";
  private static final String NEXT =
      """
      SELECT id, subject FROM latchkey_work
      WHERE work_key = ? AND state IN ('READY', 'WAITING') AND id <> ?
      """;
  private static final String MOVE_CAUSES = "UPDATE latchkey_cause SET work = ? WHERE work = ?";
  private static final String FORGET_WORK = "DELETE FROM latchkey_work WHERE id = ?";

  private final Database database;
  private final Charges charges;

  Absorption(Database database, Charges charges) {
    this.database = database;
    this.charges = charges;
  }

  /// Gives the work a later subject and later limits.
  void takeOver(long work, String subject, List<Limit> limits, long now) {
    database.update(SUBJECT, subject, now, work);
    charges.change(work, limits, now);
  }

  /// Lets a running work that becomes live again take over the next one of its key, if there is
  /// one. That one was made while this one ran, so it is the later; and it hasn't begun, because
  /// works of one key never run at the same time, so it has neither steps nor charges.
  void takeOverNext(long work, String key, long now) {
    for (Next next : database.query(NEXT, Next::of, key, work)) {
      takeOver(work, next.subject(), charges.limits(next.id()), now);
      database.update(MOVE_CAUSES, work, next.id());
      charges.forgetLimits(next.id());
      database.update(FORGET_WORK, next.id());
    }
  }

  private record Next(long id, String subject) {
    static Next of(Database.Row row) {
      return new Next(row.number(1), String.valueOf(row.text(2)));
    }
  }
}
