package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import dev.latchkey.kv.KvException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The results of steps, and the intents of paid ones.
final class Steps {

  private static final System.Logger LOG = System.getLogger(Steps.class.getPackageName());

  private static final String KEPT =
      """
      SELECT output FROM latchkey_step
      WHERE work = ? AND name = ? AND input_hash = ? AND state = 'DONE'
      """;
  // A write and not a read, so that whoever raises the epoch and this run exclude one another on
  // every database.
  private static final String FENCE =
      """
      UPDATE latchkey_work SET updated_at = ? WHERE id = ? AND epoch = ? AND state = 'RUNNING'
      """;
  private static final String INTEND =
      """
      INSERT INTO latchkey_step (work, name, input_hash, call, state) VALUES (?, ?, ?, 1, 'INTENT')
      ON CONFLICT (work, name, input_hash) DO UPDATE SET call = call + 1
        WHERE latchkey_step.state = 'INTENT'
      RETURNING call
      """;
  private static final String KEEP =
      """
      INSERT INTO latchkey_step (work, name, input_hash, call, state, output)
      VALUES (?, ?, ?, ?, 'DONE', ?)
      ON CONFLICT (work, name, input_hash) DO UPDATE SET state = 'DONE', output = excluded.output
        WHERE latchkey_step.state = 'INTENT' AND latchkey_step.call = excluded.call
      """;

  private final Database database;
  private final InstantSource clock;
  private final Charges charges;
  private final Pause pause;

  Steps(Database database, InstantSource clock, Charges charges, Pause pause) {
    this.database = database;
    this.clock = clock;
    this.charges = charges;
    this.pause = pause;
  }

  /// Waits a moment before the next try. An interrupt ends the waiting, and is kept.
  @FunctionalInterface
  interface Pause {
    /// Returns whether the inbox has closed, so that no further try is to be made.
    boolean endsTrying();
  }

  /// Which step of which run.
  ///
  /// @param call for a paid step, how often it has been called; 0 for others
  record Key(Claim claim, String name, String inputHash, int call) {
    Key withCall(int call) {
      return new Key(claim, name, inputHash, call);
    }
  }

  Optional<byte[]> kept(Key key) {
    List<Optional<byte[]>> rows =
        database.query(
            KEPT,
            row -> Optional.ofNullable(row.bytes(1)),
            key.claim().work(),
            key.name(),
            key.inputHash());
    return rows.isEmpty() ? Optional.empty() : rows.getFirst();
  }

  /// Commits that a paid step is about to be called, and spends the work's charges.
  ///
  /// @return how often it will have been called then
  /// @throws InboxException.Superseded if the run is over
  int intend(Key key) {
    return database.transact(() -> {
      fence(key.claim());
      charges.settle(key.claim().work());
      List<Long> calls =
          database.query(
              INTEND, row -> row.number(1), key.claim().work(), key.name(), key.inputHash());
      requireNotKept(key, calls.size());
      return Math.toIntExact(calls.getFirst());
    });
  }

  /// Keeps a result, together with what the application writes alongside.
  ///
  /// @throws InboxException.Superseded if the run is over; nothing is changed
  void keep(Key key, byte[] output, Runnable alongside) {
    database.transact(() -> {
      fence(key.claim());
      int rows =
          database.update(
              KEEP, key.claim().work(), key.name(), key.inputHash(), key.call(), output);
      requireNotKept(key, rows);
      alongside.run();
    });
  }

  /// As [#keep], for a result that was paid for: while the database can't be written for the moment
  /// it is tried again, until the inbox has closed. Each try waits for its turn as long as the
  /// database's handle does, and a pause keeps those which fail at once from spinning.
  ///
  /// @throws InboxException.Superseded if the run is over; nothing is changed
  /// @throws KvException.Unavailable if the inbox has closed; nothing is changed
  void keepPaid(Key key, byte[] output) {
    boolean interrupted = false;
    try {
      for (boolean kept = false; !kept; ) {
        // An interrupt would fail every try, and end every pause, at once.
        interrupted |= Thread.interrupted();
        try {
          keep(key, output, () -> {});
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

  private void fence(Claim claim) {
    if (database.update(FENCE, clock.millis(), claim.work(), claim.epoch()) == 0) {
      throw Endings.superseded(claim);
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
