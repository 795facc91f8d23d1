package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import dev.latchkey.kv.KvException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The results of steps, and the intents of paid ones.
final class Steps {

  private static final System.Logger LOG = System.getLogger(Steps.class.getPackageName());

  private static final int MOST_REPEATS = 2;

  // Whether the run goes on and what was kept, in one look.
  private static final String LOOK =
      """
      SELECT w.cancelled, s.output FROM latchkey_work AS w
      LEFT JOIN latchkey_step AS s
        ON s.work = w.id AND s.name = ? AND s.input_hash = ? AND s.state = 'DONE'
      WHERE w.id = ? AND w.epoch = ? AND w.state = 'RUNNING'
      """;
  private static final String INTENT =
      """
      SELECT call, failed, lost, state FROM latchkey_step
      WHERE work = ? AND name = ? AND input_hash = ?
      """;
  private static final String INTEND =
      """
      INSERT INTO latchkey_step (work, name, input_hash, call, state, lost, began_at)
      VALUES (?, ?, ?, 1, 'INTENT', 0, ?)
      ON CONFLICT (work, name, input_hash) DO UPDATE
        SET call = latchkey_step.call + 1, lost = ?, began_at = excluded.began_at
        WHERE latchkey_step.state = 'INTENT'
      RETURNING call
      """;
  private static final String FAIL =
      """
      UPDATE latchkey_step SET failed = ?
      WHERE work = ? AND name = ? AND input_hash = ? AND state = 'INTENT' AND call = ?
      """;
  private static final String KEEP =
      """
      INSERT INTO latchkey_step
        (work, name, input_hash, call, state, output, usage, began_at, kept_at)
      VALUES (?, ?, ?, ?, 'DONE', ?, ?, ?, ?)
      ON CONFLICT (work, name, input_hash) DO UPDATE SET state = 'DONE', output = excluded.output,
          usage = excluded.usage, kept_at = excluded.kept_at
        WHERE latchkey_step.state = 'INTENT' AND latchkey_step.call = excluded.call
      """;

  private final Database database;
  private final InstantSource clock;
  private final Tables tables;
  private final LostCall lostCall;
  private final Pause pause;

  Steps(Database database, InboxOptions options, Tables tables, Pause pause) {
    this.database = database;
    this.clock = options.clock();
    this.tables = tables;
    this.lostCall = options.lostCall();
    this.pause = pause;
  }

  /// Waits a moment before the next try. An interrupt ends the waiting, and is kept.
  @FunctionalInterface
  interface Pause {
    /// Returns whether the inbox has closed, so that no further try is to be made.
    boolean endsTrying();
  }

  /// Which step of which run.
  record Key(Claim claim, String name, String inputHash) {

    /// Returns the reference by which a call is charged.
    String ref(int call) {
      return "%d/%s/%s/%d".formatted(claim.work(), name, inputHash.substring(0, 16), call);
    }
  }

  /// What is known of a step when it begins.
  ///
  /// @param cancelled why its work is to be cancelled, or null
  /// @param output what was kept, or null
  @SuppressWarnings("ArrayRecordComponent") // Decoded at once.
  record Known(@Nullable String cancelled, byte @Nullable [] output) {}

  /// Looks what is known of a step.
  ///
  /// @throws InboxException.Superseded if the run is over
  Known look(Key key) {
    List<Known> rows =
        database.query(
            LOOK,
            row -> new Known(row.text(1), row.bytes(2)),
            key.name(),
            key.inputHash(),
            key.claim().work(),
            key.claim().epoch());
    if (rows.isEmpty()) {
      throw Works.superseded(key.claim());
    }
    return rows.getFirst();
  }

  /// How a paid call may begin, or not.
  sealed interface Beginning {
    /// It may.
    ///
    /// @param number how often the step will have been called then
    record Call(int number) implements Beginning {}

    /// A limit refuses it.
    record Refused(Run.Refused refused) implements Beginning {}

    /// An operator is to decide, because of earlier calls.
    record Held(String reason) implements Beginning {}
  }

  /// Commits that a paid step is about to be called, with what the call reserves, and spends the
  /// work's charges.
  ///
  /// @throws InboxException.Superseded if the run is over
  Beginning begin(Key key, List<Demand> demands) {
    return database.transactAnywhere(() -> {
      long now = clock.millis();
      Work work = tables.works().fence(key.claim(), now);
      requireOtherBuckets(key, work, demands);
      Calls calls = calls(key);
      int lost = calls.lost() + (calls.isAmbiguous() ? 1 : 0);
      if (calls.isAmbiguous() && (lostCall == LostCall.HOLD || lost > MOST_REPEATS)) {
        return new Beginning.Held(
            "call %d of step %s may have been answered and was lost"
                .formatted(calls.made(), key.name()));
      }
      int call = calls.made() + 1;
      String ref = key.ref(call);
      if (!reserve(work, ref, demands, now)) {
        return new Beginning.Refused(new Run.Refused(ref, demands));
      }
      intend(key, lost, now);
      if (tables.charges().settleWork(work.id())) {
        tables.works().settled(work);
      }
      return new Beginning.Call(call);
    });
  }

  // A work's own unit and a call's would have to be admitted as one.
  private static void requireOtherBuckets(Key key, Work work, List<Demand> demands) {
    for (Demand whole : Demand.parseAll(work.limits())) {
      if (demands.stream().anyMatch(demand -> demand.bucket().equals(whole.bucket()))) {
        throw new PermanentFailure(
            "step %s reserves of bucket %s, of which its work takes a unit as a whole"
                .formatted(key.name(), whole.bucket()));
      }
    }
  }

  private boolean reserve(Work work, String ref, List<Demand> demands, long now) {
    // What was reserved for this very call when the work was taken is there already.
    Map<Boolean, List<Demand>> parts =
        demands.stream()
            .collect(Collectors.partitioningBy(demand -> tables.charges().isReserved(ref, demand)));
    Charges.Admissions admissions = tables.charges().admissions(now);
    List<Demand> missing = parts.getOrDefault(false, List.of());
    if (admissions.refusal(missing) != null) {
      return false;
    }
    parts.getOrDefault(true, List.of()).forEach(d -> tables.charges().begin(ref, d));
    missing.forEach(demand -> admissions.reserve(work.id(), ref, demand, true));
    return true;
  }

  /// What is known of the calls of a step.
  ///
  /// @param failed the last one that is known to have failed
  private record Calls(int made, int failed, int lost) {
    boolean isAmbiguous() {
      return made > failed;
    }
  }

  private Calls calls(Key key) {
    List<Calls> rows =
        database.query(
            INTENT,
            row -> new Calls((int) row.number(1), (int) row.number(2), (int) row.number(3)),
            key.claim().work(),
            key.name(),
            key.inputHash());
    return rows.isEmpty() ? new Calls(0, 0, 0) : rows.getFirst();
  }

  private void intend(Key key, int lost, long now) {
    List<Long> calls =
        database.query(
            INTEND,
            row -> row.number(1),
            key.claim().work(),
            key.name(),
            key.inputHash(),
            now,
            lost);
    requireNotKept(key, calls.size());
  }

  /// A result and what belongs to it.
  ///
  /// @param call its number, 0 for a step that costs nothing
  /// @param beganAt epoch milliseconds
  @SuppressWarnings("ArrayRecordComponent") // Written to the database at once, and dropped.
  record Result(byte[] output, int call, long beganAt, Charged charged) {}

  /// What a call has cost.
  ///
  /// @param used by bucket; a bucket that isn't there was used nobody knows how much
  record Charged(List<Demand> demands, Map<String, Long> used) {
    static final Charged NOTHING = new Charged(List.of(), Map.of());

    String text() {
      return new TreeMap<>(used)
          .entrySet().stream()
              .map(entry -> entry.getValue() + " " + entry.getKey())
              .collect(Collectors.joining("\n"));
    }
  }

  /// Keeps a result, together with what the application writes alongside.
  ///
  /// @throws InboxException.Superseded if the run is over; nothing is changed
  void keep(Key key, Result result, Runnable alongside) {
    database.transact(() -> {
      keep(key, result);
      alongside.run();
    });
  }

  /// Keeps a result.
  ///
  /// @throws InboxException.Superseded if the run is over; nothing is changed
  void keep(Key key, Result result) {
    boolean _ =
        database.transactAnywhere(() -> {
          long now = clock.millis();
          tables.works().progress(key.claim(), now);
          int rows =
              database.update(
                  KEEP,
                  key.claim().work(),
                  key.name(),
                  key.inputHash(),
                  result.call(),
                  result.output(),
                  result.charged().text(),
                  result.beganAt(),
                  now);
          requireNotKept(key, rows);
          settle(key, result.call(), result.charged());
          return true;
        });
  }

  private void settle(Key key, int call, Charged charged) {
    for (Demand demand : charged.demands()) {
      Long used = charged.used().get(demand.bucket());
      // A call that was answered has used what it reserved, unless it said otherwise.
      tables.charges().settleCall(key.ref(call), demand, used == null ? demand.units() : used);
    }
  }

  /// As [#keep], for a result that was paid for: while the database can't be written for the moment
  /// it is tried again, until the inbox has closed. Each try waits for its turn as long as the
  /// database's handle does, and a pause keeps those which fail at once from spinning.
  ///
  /// @throws InboxException.Superseded if the run is over; nothing is changed
  /// @throws KvException.Unavailable if the inbox has closed; nothing is changed
  void keepPaid(Key key, Result result) {
    persist(key, () -> keep(key, result));
  }

  /// Commits that a call is known to have failed, and what it has cost, as stubbornly as
  /// [#keepPaid].
  ///
  /// @throws InboxException.Superseded if the run is over; nothing is changed
  void keepFailure(Key key, int call, Charged charged) {
    persist(
        key,
        () ->
            database.transact(() -> {
              long now = clock.millis();
              tables.works().fence(key.claim(), now);
              database.update(FAIL, call, key.claim().work(), key.name(), key.inputHash(), call);
              for (Demand demand : charged.demands()) {
                tables
                    .charges()
                    .settleCall(key.ref(call), demand, charged.used().get(demand.bucket()));
              }
            }));
  }

  private void persist(Key key, Runnable write) {
    boolean interrupted = false;
    try {
      for (boolean kept = false; !kept; ) {
        // An interrupt would fail every try, and end every pause, at once.
        interrupted |= Thread.interrupted();
        try {
          write.run();
          kept = true;
        } catch (KvException.Unavailable unavailable) {
          LOG.log(
              System.Logger.Level.WARNING,
              () -> "event=step.unkept " + Herald.name(key.claim()) + Herald.failure(unavailable));
          interrupted |= Thread.interrupted();
          if (pause.endsTrying()) {
            throw unavailable;
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void requireNotKept(Key key, int rows) {
    if (rows == 0) {
      throw new IllegalStateException(
          "step %s of work %d ran twice at the same time, with one input"
              .formatted(key.name(), key.claim().work()));
    }
  }
}
