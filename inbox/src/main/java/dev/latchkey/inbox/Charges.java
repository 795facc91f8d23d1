package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The exact log behind limits: who took how much of which bucket, and when.
///
/// A charge is known by bucket and reference, so nothing can be charged twice. The reference is the
/// work, or the work's step and call for what is charged per call. A charge is RESERVED while the
/// work runs, SETTLED once it is spent, and RELEASED when the run ends without. All methods belong
/// into a transaction of the caller's.
final class Charges {

  private static final String HELD =
      """
      SELECT COALESCE(SUM(units), 0) FROM latchkey_charge
      WHERE bucket = ? AND at > ? AND state <> 'RELEASED'
      """;
  // The charge that must have left the window before there is room, counted from the newest on.
  // One in the future, after the clock moved back, counts as in the window.
  private static final String BLOCKING =
      """
      SELECT MAX(at) FROM (
        SELECT at, SUM(units) OVER (ORDER BY at DESC) AS held FROM latchkey_charge
        WHERE bucket = ? AND at > ? AND state <> 'RELEASED') AS charges
      WHERE held > ?
      """;
  private static final String RESERVE =
      """
      INSERT INTO latchkey_charge (bucket, ref, work, at, units, state, begun, matters_until)
      VALUES (?, ?, ?, ?, ?, 'RESERVED', ?, ?)
      ON CONFLICT (bucket, ref) DO UPDATE SET at = excluded.at, units = excluded.units,
        state = 'RESERVED', begun = excluded.begun, matters_until = excluded.matters_until
      WHERE latchkey_charge.state <> 'SETTLED'
      """;
  private static final String RESERVED =
      "SELECT units FROM latchkey_charge WHERE bucket = ? AND ref = ? AND state = 'RESERVED'";
  private static final String BEGIN =
      "UPDATE latchkey_charge SET begun = 1, units = ? WHERE bucket = ? AND ref = ?";
  private static final String SETTLE_WORK =
      """
      UPDATE latchkey_charge SET state = 'SETTLED'
      WHERE work = ? AND ref = ? AND state = 'RESERVED'
      """;
  private static final String SETTLE_CALL =
      """
      UPDATE latchkey_charge SET state = ?, units = ?, ambiguous = ?
      WHERE bucket = ? AND ref = ? AND state = 'RESERVED'
      """;
  private static final String UNSPENT =
      "SELECT bucket, ref, begun FROM latchkey_charge WHERE work = ? AND state = 'RESERVED'";
  private static final String LOSE =
      """
      UPDATE latchkey_charge SET state = 'SETTLED', ambiguous = 1
      WHERE bucket = ? AND ref = ? AND state = 'RESERVED'
      """;
  private static final String RELEASE =
      """
      UPDATE latchkey_charge SET state = 'RELEASED'
      WHERE bucket = ? AND ref = ? AND state = 'RESERVED'
      """;
  private static final String SPENT =
      "SELECT bucket FROM latchkey_charge WHERE work = ? AND ref = ? AND state = 'SETTLED'";

  private final Database database;
  private final Lines lines;

  Charges(Database database, Lines lines) {
    this.database = database;
    this.lines = lines;
  }

  /// Returns the reference of what a work is charged for as a whole.
  static String ref(long work) {
    return Long.toString(work);
  }

  /// What the charges admit, for one transaction: remembers what it has counted, and counts what is
  /// reserved through it.
  final class Admissions {

    private final long now;
    private final Map<Held, Long> held = new HashMap<>();

    Admissions(long now) {
      this.now = now;
    }

    /// Returns the earliest time at which the present charges admit the demand; the present or
    /// before, if they do already. A demand beyond its limit's size is never admitted, and must not
    /// be asked for here.
    long from(Demand demand) {
      Window window = demand.limit().window();
      long leftBy = window.leftBy(now);
      long present =
          held.computeIfAbsent(
              new Held(demand.bucket(), window),
              _ -> database.query(HELD, row -> row.number(1), demand.bucket(), leftBy).getFirst());
      long room = demand.limit().units() - demand.units();
      if (present <= room) {
        return now;
      }
      long blocking =
          database.query(BLOCKING, row -> row.number(1), demand.bucket(), leftBy, room).getFirst();
      return window.leaves(blocking);
    }

    /// Returns which of the demands is refused the longest, or null if all are admitted now.
    @Nullable Refusal refusal(List<Demand> demands) {
      Refusal longest = null;
      for (Demand demand : demands) {
        long from = from(demand);
        if (from > now && (longest == null || from > longest.until())) {
          longest = new Refusal(demand, from);
        }
      }
      return longest;
    }

    /// Takes what the demand asks for.
    ///
    /// @param begun whether it is for a call that begins with it
    void reserve(long work, String ref, Demand demand, boolean begun) {
      long until = demand.limit().window().leaves(now);
      database.update(
          RESERVE, demand.bucket(), ref, work, now, demand.units(), begun ? 1 : 0, until);
      held.replaceAll((other, units) ->
          other.bucket().equals(demand.bucket()) ? units + demand.units() : units);
    }
  }

  /// What is counted together.
  private record Held(String bucket, Window window) {}

  /// A demand that the present charges don't admit until then.
  record Refusal(Demand demand, long until) {}

  Admissions admissions(long now) {
    return new Admissions(now);
  }

  /// Returns whether enough was reserved for a call before it begins.
  boolean isReserved(String ref, Demand demand) {
    return database
        .query(RESERVED, row -> row.number(1) >= demand.units(), demand.bucket(), ref)
        .contains(true);
  }

  /// Begins to use what was reserved for a call.
  void begin(String ref, Demand demand) {
    database.update(BEGIN, demand.units(), demand.bucket(), ref);
    lines.opened(demand.bucket());
  }

  /// Spends what a work has reserved as a whole, because it begins to pay.
  ///
  /// @return whether anything was reserved
  boolean settleWork(long work) {
    return database.update(SETTLE_WORK, work, ref(work)) > 0;
  }

  /// Settles what a call was charged.
  ///
  /// @param used null if nobody knows
  void settleCall(String ref, Demand demand, @Nullable Long used) {
    long units = used == null ? demand.units() : used;
    String state = units == 0 ? "RELEASED" : "SETTLED";
    database.update(SETTLE_CALL, state, units, used == null ? 1 : 0, demand.bucket(), ref);
    if (units < demand.units()) {
      lines.opened(demand.bucket());
    }
  }

  /// Ends what a run has reserved: what a call may have used is spent, and the rest goes back.
  void runEnded(long work) {
    for (Unspent charge : database.query(UNSPENT, Unspent::of, work)) {
      if (charge.begun()) {
        database.update(LOSE, charge.bucket(), charge.ref());
      } else {
        database.update(RELEASE, charge.bucket(), charge.ref());
        lines.opened(charge.bucket());
      }
    }
  }

  private record Unspent(String bucket, String ref, boolean begun) {
    static Unspent of(Database.Row row) {
      return new Unspent(Work.text(row, 1), Work.text(row, 2), row.number(3) == 1);
    }
  }

  /// Returns the demands which a work hasn't settled already.
  List<Demand> unsettled(long work, List<Demand> demands) {
    if (demands.isEmpty()) {
      return demands;
    }
    Set<String> spent =
        Set.copyOf(database.query(SPENT, row -> Work.text(row, 1), work, ref(work)));
    return demands.stream().filter(demand -> !spent.contains(demand.bucket())).toList();
  }
}
