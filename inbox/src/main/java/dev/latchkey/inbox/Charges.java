package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The exact log behind limits: who took a unit of which bucket, and when.
///
/// A charge is known by bucket and work, so a work can't be charged twice. It is RESERVED when the
/// work is taken, SETTLED as soon as the work begins to pay, and RELEASED when it ends without. All
/// methods belong into a transaction of the caller's.
final class Charges {

  private static final String LIMIT =
      "INSERT INTO latchkey_limit (work, bucket, units, window_millis) VALUES (?, ?, ?, ?)";
  private static final String LIMITS =
      "SELECT bucket, units, window_millis FROM latchkey_limit WHERE work = ? ORDER BY bucket";
  private static final String OWN =
      """
      SELECT 1 FROM latchkey_charge
      WHERE bucket = ? AND ref = ? AND (state = 'SETTLED' OR (state = 'RESERVED' AND at > ?))
      """;
  // The charge that must have left the window before one more fits in. One in the future, after
  // the clock moved back, counts as in the window.
  private static final String BLOCKING =
      """
      SELECT at FROM latchkey_charge
      WHERE bucket = ? AND state <> 'RELEASED' AND ref <> ?
      ORDER BY at DESC LIMIT 1 OFFSET ?
      """;
  private static final String RESERVE =
      """
      INSERT INTO latchkey_charge (bucket, ref, at, units, state) VALUES (?, ?, ?, 1, 'RESERVED')
      ON CONFLICT (bucket, ref) DO UPDATE SET at = excluded.at, state = 'RESERVED'
      """;
  private static final String SETTLE =
      "UPDATE latchkey_charge SET state = 'SETTLED' WHERE ref = ? AND state = 'RESERVED'";
  private static final String RELEASE =
      """
      UPDATE latchkey_charge SET state = 'RELEASED' WHERE ref = ? AND state = 'RESERVED'
      RETURNING bucket
      """;
  private static final String RELEASE_ONE =
      """
      UPDATE latchkey_charge SET state = 'RELEASED'
      WHERE bucket = ? AND ref = ? AND state = 'RESERVED'
      """;
  private static final String WAKE =
      """
      UPDATE latchkey_work SET state = 'READY', reason = NULL, next_at = ?, updated_at = ?
      WHERE state = 'WAITING' AND reason = 'LIMIT'
        AND id IN (SELECT work FROM latchkey_limit WHERE bucket = ?)
      """;
  private static final String LOOK_AGAIN =
      """
      UPDATE latchkey_work SET state = 'READY', reason = NULL, next_at = ?, updated_at = ?
      WHERE id = ? AND state = 'WAITING' AND reason = 'LIMIT'
      """;
  private static final String FORGET_LIMITS = "DELETE FROM latchkey_limit WHERE work = ?";

  private final Database database;

  Charges(Database database) {
    this.database = database;
  }

  /// Puts a new work under its limits.
  void limit(long work, List<Limit> limits) {
    for (Limit limit : limits) {
      database.update(LIMIT, work, limit.bucket(), limit.units(), limit.windowMillis());
    }
  }

  /// Returns the limits of a work, their windows in whole milliseconds.
  List<Limit> limits(long work) {
    return database.query(
        LIMITS,
        row ->
            new Limit(
                String.valueOf(row.text(1)),
                Math.toIntExact(row.number(2)),
                Duration.ofMillis(row.number(3))),
        work);
  }

  /// Puts a work under other limits, by which it is judged from now on, also if it waits for one.
  ///
  /// What it has reserved under a limit that isn't among them goes back, or it would be spent under
  /// a limit that never admitted it. Under a limit that stays it keeps its place in the window, and
  /// what it has spent is spent.
  void change(long work, List<Limit> limits, long now) {
    List<Limit> before = limits(work);
    List<Limit> after = limits.stream().map(Limit::inMillis).toList();
    if (Set.copyOf(before).equals(Set.copyOf(after))) {
      return;
    }
    forgetLimits(work);
    limit(work, after);
    database.update(LOOK_AGAIN, now, now, work);
    for (Limit limit : before) {
      if (!after.contains(limit) && database.update(RELEASE_ONE, limit.bucket(), ref(work)) > 0) {
        database.update(WAKE, now, now, limit.bucket());
      }
    }
  }

  void forgetLimits(long work) {
    database.update(FORGET_LIMITS, work);
  }

  /// Returns the limits of a work under which it holds no charge that still counts.
  ///
  /// A charge counts for good once the work has begun to pay. Before, it counts as long as it is in
  /// the window: a work that comes back later than that has to be admitted anew, or the window in
  /// which it pays would hold one too many.
  List<Limit> unheld(long work, long now) {
    return limits(work).stream().filter(limit -> !holds(work, limit, now)).toList();
  }

  private boolean holds(long work, Limit limit, long now) {
    long since = now - limit.windowMillis();
    return !database.query(OWN, row -> true, limit.bucket(), ref(work), since).isEmpty();
  }

  /// Returns the earliest time at which the present charges admit the work under all these limits;
  /// at or before the present, if they do already.
  long admittedFrom(long work, List<Limit> limits) {
    long from = 0;
    for (Limit limit : limits) {
      List<Long> blocking =
          database.query(
              BLOCKING, row -> row.number(1), limit.bucket(), ref(work), limit.units() - 1);
      if (!blocking.isEmpty()) {
        from = Math.max(from, blocking.getFirst() + limit.windowMillis());
      }
    }
    return from;
  }

  void reserve(long work, List<Limit> limits, long now) {
    for (Limit limit : limits) {
      database.update(RESERVE, limit.bucket(), ref(work), now);
    }
  }

  /// Spends the charges of a work which begins to pay.
  void settle(long work) {
    database.update(SETTLE, ref(work));
  }

  /// Gives back what the work has reserved and not spent, and makes ready the works that wait for
  /// those buckets, to be looked at again, oldest first.
  ///
  /// @return whether anything was given back
  boolean release(long work, long now) {
    List<String> buckets = database.query(RELEASE, row -> String.valueOf(row.text(1)), ref(work));
    for (String bucket : buckets) {
      database.update(WAKE, now, now, bucket);
    }
    return !buckets.isEmpty();
  }

  /// As [#release], for a work that has ended and won't need its limits again.
  void close(long work, long now) {
    release(work, now);
    forgetLimits(work);
  }

  private static String ref(long work) {
    return Long.toString(work);
  }
}
