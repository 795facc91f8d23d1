package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes due works, oldest first, whose lane and key are free and whose limits all admit them.
final class Claims {

  // Keeps the writer's turn short when many works are refused one after another.
  private static final int MOST_LOOKED_AT = 64;

  private static final String PROMOTE =
      """
      UPDATE latchkey_work SET state = 'READY', reason = NULL, updated_at = ?
      WHERE state = 'WAITING' AND next_at <= ?
      """;
  // INDEXED BY, so that a query which no longer fits the index fails instead of becoming slow.
  private static final String NEXT =
      """
      SELECT id, kind, lane, work_key, attempt, epoch, subject
      FROM latchkey_work AS w INDEXED BY latchkey_work_ready
      WHERE w.state = 'READY' AND w.id > ?
        AND NOT EXISTS (
          SELECT 1 FROM latchkey_work AS r WHERE r.lane = w.lane AND r.state = 'RUNNING')
        AND NOT EXISTS (
          SELECT 1 FROM latchkey_work AS r WHERE r.work_key = w.work_key AND r.state = 'RUNNING')
      ORDER BY w.id LIMIT 1
      """;
  private static final String TAKE =
      """
      UPDATE latchkey_work
      SET state = 'RUNNING', epoch = epoch + 1, owner = ?, claimed_at = ?, updated_at = ?
      WHERE id = ? AND state = 'READY'
      """;
  private static final String POSTPONE =
      """
      UPDATE latchkey_work SET state = 'WAITING', reason = 'LIMIT', next_at = ?, updated_at = ?
      WHERE id = ? AND state = 'READY'
      """;
  private static final String NEXT_DUE =
      "SELECT next_at FROM latchkey_work WHERE state = 'WAITING' ORDER BY next_at LIMIT 1";

  private final Database database;
  private final InstantSource clock;
  private final Charges charges;
  private final String owner;

  Claims(Database database, InstantSource clock, Charges charges, String owner) {
    this.database = database;
    this.clock = clock;
    this.charges = charges;
    this.owner = owner;
  }

  /// A work taken, with what its handler is given.
  record Taken(Claim claim, String subject) {}

  /// What one look at the works has brought.
  ///
  /// @param more whether there may be more to take or to postpone at once
  /// @param nextDue when the next waiting work becomes due, or null if none waits
  record Catch(
      List<Taken> taken,
      List<Event.Postponed> postponed,
      boolean more,
      @Nullable Instant nextDue) {}

  /// Takes up to that many works, in one transaction.
  Catch take(int room) {
    return database.transact(() -> look(room, clock.millis()));
  }

  private Catch look(int room, long now) {
    database.update(PROMOTE, now, now);
    List<Taken> taken = new ArrayList<>();
    List<Event.Postponed> postponed = new ArrayList<>();
    boolean more = false;
    long last = 0;
    for (int looked = 0; taken.size() < room; looked++) {
      List<Taken> next = database.query(NEXT, Claims::candidate, last);
      if (next.isEmpty()) {
        break;
      }
      if (looked == MOST_LOOKED_AT) {
        more = true;
        break;
      }
      Taken candidate = next.getFirst();
      last = candidate.claim().work();
      List<Limit> unheld = charges.unheld(last, now);
      long admittedFrom = charges.admittedFrom(last, unheld);
      if (admittedFrom <= now) {
        charges.reserve(last, unheld, now);
        database.update(TAKE, owner, now, now, last);
        taken.add(candidate);
      } else {
        // All limits or none: what it holds under others goes back, which may admit older works.
        more |= charges.release(last, now);
        database.update(POSTPONE, admittedFrom, now, last);
        postponed.add(
            new Event.Postponed(last, WaitReason.LIMIT, Instant.ofEpochMilli(admittedFrom)));
      }
    }
    return new Catch(taken, postponed, more, nextDue());
  }

  private @Nullable Instant nextDue() {
    List<Long> due = database.query(NEXT_DUE, row -> row.number(1));
    return due.isEmpty() ? null : Instant.ofEpochMilli(due.getFirst());
  }

  private static Taken candidate(Database.Row row) {
    Claim claim =
        new Claim(
            row.number(1),
            String.valueOf(row.text(2)),
            String.valueOf(row.text(3)),
            String.valueOf(row.text(4)),
            Math.toIntExact(row.number(5)),
            row.number(6) + 1);
    return new Taken(claim, String.valueOf(row.text(7)));
  }
}
