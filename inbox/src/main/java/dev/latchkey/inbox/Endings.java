package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.time.InstantSource;
import java.util.List;

/// Ends runs: each ending is one transaction, and counts only if the run's epoch still does.
///
/// A running work that becomes live again meets, perhaps, the next one of its key, which was made
/// while it ran and hasn't begun. It absorbs that one, as it would have done had it been live then,
/// and goes on with that one's subject and limits.
final class Endings {

  private static final String DONE =
      """
      UPDATE latchkey_work
      SET state = 'DONE', owner = NULL, outcome = ?, updated_at = ?, ended_at = ?
      WHERE id = ? AND epoch = ? AND state = 'RUNNING'
      """;
  private static final String DEAD =
      """
      UPDATE latchkey_work
      SET state = 'DEAD', owner = NULL, error = ?, updated_at = ?, ended_at = ?
      WHERE id = ? AND epoch = ? AND state = 'RUNNING'
      """;
  private static final String RETRY =
      """
      UPDATE latchkey_work
      SET state = 'WAITING', reason = 'RETRY', owner = NULL, attempt = attempt + 1,
        error = ?, next_at = ?, updated_at = ?
      WHERE id = ? AND epoch = ? AND state = 'RUNNING'
      """;
  private static final String DELAY =
      """
      UPDATE latchkey_work
      SET state = 'WAITING', reason = 'DELAY', owner = NULL,
        outcome = ?, next_at = ?, updated_at = ?
      WHERE id = ? AND epoch = ? AND state = 'RUNNING'
      """;
  private static final String RUNNING =
      "SELECT id, work_key FROM latchkey_work WHERE state = 'RUNNING' ORDER BY id";
  private static final String GIVE_BACK =
      """
      UPDATE latchkey_work
      SET state = 'READY', owner = NULL, epoch = epoch + 1, next_at = ?, updated_at = ?
      WHERE id = ? AND state = 'RUNNING'
      """;

  private final Database database;
  private final InstantSource clock;
  private final Charges charges;
  private final Absorption absorption;

  Endings(Database database, InstantSource clock, Charges charges, Absorption absorption) {
    this.database = database;
    this.clock = clock;
    this.charges = charges;
    this.absorption = absorption;
  }

  /// @throws InboxException.Superseded if the run's epoch is over; nothing is changed
  void end(Claim claim, Ending ending) {
    database.transact(() -> apply(claim, ending, clock.millis()));
  }

  private void apply(Claim claim, Ending ending, long now) {
    switch (ending) {
      case Ending.Done(String note) -> {
        requireOne(claim, database.update(DONE, note, now, now, claim.work(), claim.epoch()));
        charges.close(claim.work(), now);
      }
      case Ending.Dead(String error) -> {
        requireOne(claim, database.update(DEAD, error, now, now, claim.work(), claim.epoch()));
        charges.close(claim.work(), now);
      }
      case Ending.Retry(long at, String error) -> {
        absorption.takeOverNext(claim.work(), claim.key(), now);
        requireOne(claim, database.update(RETRY, error, at, now, claim.work(), claim.epoch()));
      }
      case Ending.Delay(long at, String reason) -> {
        absorption.takeOverNext(claim.work(), claim.key(), now);
        requireOne(claim, database.update(DELAY, reason, at, now, claim.work(), claim.epoch()));
      }
    }
  }

  /// Makes every running work ready again, under a new epoch: at opening, when their owner is dead,
  /// and at closing, when they haven't ended in time.
  ///
  /// @return their ids
  List<Long> giveBackAll() {
    return database.transact(() -> {
      long now = clock.millis();
      List<Work> works =
          database.query(RUNNING, row -> new Work(row.number(1), String.valueOf(row.text(2))));
      for (Work work : works) {
        absorption.takeOverNext(work.id(), work.key(), now);
        database.update(GIVE_BACK, now, now, work.id());
      }
      return works.stream().map(Work::id).toList();
    });
  }

  private record Work(long id, String key) {}

  private static void requireOne(Claim claim, int rows) {
    if (rows == 0) {
      throw superseded(claim);
    }
  }

  static InboxException.Superseded superseded(Claim claim) {
    return new InboxException.Superseded(
        "run " + claim.epoch() + " of work " + claim.work() + " is over");
  }
}
