package dev.latchkey.kv;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The transaction which is open on the writer's connection, and those who wait for its commit.
/// Touched only by the thread that holds the writer.
final class Group {

  private static final String SAVE_VERSION = "UPDATE kv_meta SET value = ? WHERE name = 'version'";

  private final Engine engine;
  private final Session session;
  private final List<Turn<?>> members = new ArrayList<>();

  /// Stores whose tables were created in this group and not undone since.
  private final Set<String> created = new HashSet<>();

  /// Those and the ones that may have been undone.
  private final Set<String> attempted = new HashSet<>();

  private boolean open;
  private long waitingSince;
  private long version;
  private long savedVersion;
  private boolean schemaChanged;
  private @Nullable Exception broken;

  /// @param version the last one that is committed
  Group(Engine engine, Session session, long version) {
    this.engine = engine;
    this.session = session;
    this.version = version;
    this.savedVersion = version;
  }

  static @Nullable Object setSavepoint(Session session) throws SQLException {
    session.run("SAVEPOINT kv");
    return null;
  }

  static @Nullable Object releaseSavepoint(Session session) throws SQLException {
    session.run("RELEASE kv");
    return null;
  }

  Session session() {
    return session;
  }

  boolean isOpen() {
    return open;
  }

  /// Begins the transaction unless it is open, and returns a part of it for one caller.
  Transaction begin(@Nullable SqlDatabase handle) {
    engine.requireRunning();
    long now = engine.now();
    if (!open) {
      try {
        session.run("BEGIN IMMEDIATE");
      } catch (SQLException e) {
        throw beginFailed(e);
      }
      open = true;
    }
    return new Transaction(this, handle, now);
  }

  private KvException beginFailed(SQLException e) {
    if (SqlFailure.of(e) == SqlFailure.FATAL) {
      return engine.stop("a transaction could not be begun", e);
    }
    return new KvException.Unavailable("a transaction could not be begun: " + e.getMessage(), e);
  }

  /// Adds a turn whose work is done, to be told of the commit.
  void add(Turn<?> turn) {
    if (members.isEmpty()) {
      waitingSince = System.nanoTime();
    }
    members.add(turn);
  }

  /// Returns whether somebody has waited for the commit for longer than that.
  boolean isKeptWaiting(long nanos) {
    return !members.isEmpty() && System.nanoTime() - waitingSince > nanos;
  }

  /// Returns those who are to be told what came of the commit.
  List<Turn<?>> takeMembers() {
    List<Turn<?>> taken = List.copyOf(members);
    members.clear();
    return taken;
  }

  /// Refuses to go on in a transaction which SQLite has undone: a statement would be committed by
  /// itself.
  void requireSound() {
    engine.requireRunning();
    if (broken != null) {
      throw undone(broken);
    }
  }

  /// Translates the failure of a statement, after a look whether the transaction survived it.
  KvException failed(SQLException e) {
    if (SqlFailure.of(e) == SqlFailure.FATAL) {
      broken = e;
      return engine.stop("a statement failed", e);
    }
    if (open && !session.isInTransaction()) {
      broken = e;
      return undone(e);
    }
    return SqlFailure.of(e) == SqlFailure.BUSY
        ? new KvException.Unavailable("the file is locked: " + e.getMessage(), e)
        : new KvException.Rejected("the database refused the statement: " + e.getMessage(), e);
  }

  private static KvException undone(Exception cause) {
    return new KvException.Unavailable(
        "nothing was changed: a statement made the database undo the whole transaction, "
            + "and with it the changes of everyone who was to share its commit",
        cause);
  }

  /// Undoes what was done since the last savepoint. A failure to do so breaks the whole group.
  void undoToSavepoint(Throwable reason) {
    created.clear();
    if (schemaChanged) {
      session.forgetStatementsLater();
    }
    if (!open || broken != null || engine.isStopped()) {
      return;
    }
    try {
      session.run("ROLLBACK TO kv");
      session.run("RELEASE kv");
    } catch (SQLException e) {
      broken = e;
      reason.addSuppressed(e);
      if (SqlFailure.of(e) == SqlFailure.FATAL) {
        reason.addSuppressed(engine.stop("a savepoint could not be undone", e));
      }
    }
  }

  long nextVersion() {
    return version + 1;
  }

  void useVersion() {
    version++;
  }

  /// Says that tables of the caller's own may have changed: statements are to be prepared anew.
  void schemaChanged() {
    schemaChanged = true;
    session.forgetStatementsLater();
  }

  void create(Transaction transaction, StoreSpec<?> spec) {
    if (!engine.hasStore(spec.name()) && !created.contains(spec.name())) {
      transaction.run(session -> Schema.createStore(session, spec));
      created.add(spec.name());
      attempted.add(spec.name());
    }
  }

  /// Commits what the members have done and starts over.
  ///
  /// @return null, or why it was not committed
  @Nullable KvException commit() {
    if (!open) {
      return null;
    }
    KvException failure;
    if (engine.isStopped()) {
      failure = new KvException.Unavailable("nothing was changed: the database stopped", null);
      failure.addSuppressed(engine.stopped());
    } else if (broken != null) {
      failure = rollBack(undone(broken));
    } else if (members.isEmpty()) {
      failure = rollBack(null);
    } else {
      failure = finish();
    }
    if (schemaChanged) {
      session.forgetStatementsLater();
    }
    created.clear();
    attempted.clear();
    schemaChanged = false;
    broken = null;
    open = false;
    return failure;
  }

  /// A failure which nobody foresaw leaves it open what was done, and stops the engine.
  private @Nullable KvException finish() {
    try {
      return saveAndCommit();
    } catch (RuntimeException | Error e) {
      engine.stop("a commit failed", e);
      return new KvException.OutcomeUnknown("the commit failed in the middle", e);
    }
  }

  private @Nullable KvException saveAndCommit() {
    Set<String> stores = new HashSet<>();
    try {
      if (version != savedVersion) {
        session.change(SAVE_VERSION, version);
      }
      for (String name : attempted) {
        if (Schema.hasStore(session, name)) {
          stores.add(name);
        }
      }
    } catch (SQLException e) {
      return rollBack(failed(e));
    }
    try {
      session.run("COMMIT");
    } catch (SQLException e) {
      return commitFailed(e);
    }
    savedVersion = version;
    return engine.committed(stores, schemaChanged);
  }

  private @Nullable KvException commitFailed(SQLException e) {
    if (SqlFailure.isConstraint(e) || SqlFailure.of(e) == SqlFailure.BUSY) {
      // SQLite says no before it writes anything, and leaves the transaction open.
      return rollBack(new KvException.Unavailable("the commit was refused: " + e.getMessage(), e));
    }
    engine.stop("a commit failed", e);
    return new KvException.OutcomeUnknown(
        "the commit failed in the middle, so the change was made or not: " + e.getMessage(), e);
  }

  private @Nullable KvException rollBack(@Nullable KvException reason) {
    if (engine.isStopped() || !session.isInTransaction()) {
      return reason;
    }
    try {
      session.run("ROLLBACK");
      return reason;
    } catch (SQLException e) {
      return engine.stop("a transaction could not be rolled back", e);
    }
  }
}
