package dev.latchkey.inbox;

import dev.latchkey.kv.Database;

/// The history of runs that have ended.
final class Runs {

  private static final String KEEP =
      """
      INSERT INTO latchkey_run (work, epoch, attempt, began_at, ended_at, ending, note)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (work, epoch) DO NOTHING
      """;

  private final Database database;

  Runs(Database database) {
    this.database = database;
  }

  /// @param ending the state it ended in, and after a slash why the work waits
  void keep(Work work, String ending, String note, long now) {
    Long claimedAt = work.claimedAt();
    database.update(
        KEEP,
        work.id(),
        work.epoch(),
        work.attempt(),
        claimedAt == null ? now : claimedAt,
        now,
        ending,
        note);
  }
}
