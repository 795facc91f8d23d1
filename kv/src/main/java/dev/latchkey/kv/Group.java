package dev.latchkey.kv;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The transaction which is open on the writer's connection, and those who wait for its commit.
/// Touched only by the thread that holds the writer.
final class Group {

  private static final String SCHEMA =
      "SELECT sql FROM sqlite_schema WHERE type IN ('table', 'trigger') AND sql IS NOT NULL";
  private static final Pattern FAIL = Pattern.compile("\\bFAIL\\b", Pattern.CASE_INSENSITIVE);
  private static final String SAVE_VERSION = "UPDATE kv_meta SET value = ? WHERE name = 'version'";

  /// How far the group has come, and so what is true of its members' work.
  private enum Stage {
    /// There is none.
    CLOSED,
    OPEN,
    /// The commit was asked for, and whether it took place is not known.
    COMMITTING,
    /// What came of it is known, and is to be told.
    DECIDED
  }

  private final Engine engine;
  private final Session session;
  private final ArrayList<Turn<?>> members = new ArrayList<>();

  // Made beforehand, since there may be no memory when they are needed.
  private final KvException untouched =
      new KvException.Unavailable("nothing was changed: the database stopped", null);
  private final KvException unknown =
      new KvException.OutcomeUnknown(
          "the database stopped in the middle of a commit, so the change was made or not", null);

  /// How many versions are set aside at once, so that most commits needn't write that down. Those
  /// that are left when the database is closed are never used.
  private static final int VERSIONS_RESERVED = 10_000;

  /// More changed keys than this aren't remembered one by one.
  private static final int MOST_CHANGED = 10_000;

  /// Stores that were created or dropped in this group, which may have been undone since: of these
  /// the file is asked.
  private final Set<String> touched = new HashSet<>();

  /// Stores that were dropped in this group, in order, less those whose drop was undone.
  private final ArrayList<String> dropped = new ArrayList<>();

  /// The keys that were changed, undone or not.
  private final List<EntryCache.Key> changed = new ArrayList<>();

  private boolean changedTooManyKeys;

  private Stage stage = Stage.CLOSED;
  private @Nullable KvException outcome;
  private long waitingSince;
  private long version;

  /// No committed write has a version above this one.
  private long reservedVersion;

  private boolean schemaChanged;

  /// Whether the schema has the conflict clause FAIL somewhere; null while that isn't known.
  private @Nullable Boolean schemaFails;

  private @Nullable Throwable broken;

  /// @param version the last one that may have been committed
  Group(Engine engine, Session session, long version) {
    this.engine = engine;
    this.session = session;
    this.version = version;
    this.reservedVersion = version;
  }

  Session session() {
    return session;
  }

  boolean isOpen() {
    return stage == Stage.OPEN;
  }

  /// Begins the transaction unless it is open, and returns a part of it for one caller.
  Transaction begin(@Nullable SqlDatabase handle) {
    engine.requireRunning();
    long now = engine.now();
    // Room is made before the work, so that whoever has done some becomes a member for certain.
    members.ensureCapacity(members.size() + 1);
    if (stage == Stage.CLOSED) {
      try {
        session.run("BEGIN IMMEDIATE");
      } catch (SQLException e) {
        throw beginFailed(e);
      } catch (RuntimeException | Error e) {
        // It may have begun, so it is taken for open, and undone.
        stage = Stage.OPEN;
        broken = e;
        throw e;
      }
      stage = Stage.OPEN;
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

  /// Returns whether it is undone: whoever joined it now would fail with it.
  boolean isUndone() {
    return stage == Stage.OPEN && broken != null;
  }

  /// Has the whole group undone in place of its commit, after a failure which leaves it open how
  /// much was done.
  void breakOff(Throwable reason) {
    if (stage == Stage.OPEN && broken == null) {
      broken = reason;
    }
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
    if (stage == Stage.OPEN && !session.isInTransaction()) {
      broken = e;
      return undone(e);
    }
    return SqlFailure.of(e) == SqlFailure.BUSY
        ? new KvException.Unavailable("the file is locked: " + e.getMessage(), e)
        : new KvException.Rejected("the database refused the statement: " + e.getMessage(), e);
  }

  private static KvException undone(Throwable cause) {
    return new KvException.Unavailable(
        "nothing was changed: a failure made the database undo the whole transaction, "
            + "and with it the changes of everyone who was to share its commit",
        cause);
  }

  /// Returns whether a statement that fails may leave a part of its changes: one with the conflict
  /// clause FAIL does, and one that meets it in a constraint or trigger.
  boolean mayLeaveHalf(OwnSql sql) {
    if (sql.fails()) {
      return true;
    }
    Boolean known = schemaFails;
    if (known == null) {
      requireSound();
      try {
        known = session.all(SCHEMA, row -> row.getString(1)).stream().anyMatch(FAIL.asPredicate());
      } catch (SQLException e) {
        throw failed(e);
      }
      schemaFails = known;
    }
    return known;
  }

  /// Begins a part that can be undone alone.
  ///
  /// @return what to show to [#undoToSavepoint]
  int setSavepoint() {
    mark("SAVEPOINT kv");
    return dropped.size();
  }

  void releaseSavepoint() {
    mark("RELEASE kv");
  }

  private void mark(String sql) {
    requireSound();
    try {
      session.run(sql);
    } catch (SQLException e) {
      throw failed(e);
    } catch (RuntimeException | Error e) {
      // Which savepoints there are is unknown now, and so is what the next undoing would undo.
      breakOff(e);
      throw e;
    }
  }

  /// Undoes what was done since the last savepoint. A failure to do so breaks the whole group.
  @SuppressWarnings("ReferenceEquality")
  void undoToSavepoint(int droppedBefore, Throwable reason) {
    dropped.subList(droppedBefore, dropped.size()).clear();
    if (schemaChanged) {
      schemaFails = null;
      session.forgetStatementsLater();
    }
    if (stage != Stage.OPEN || broken != null || engine.isStopped()) {
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
    } catch (RuntimeException | Error e) {
      broken = e;
      // The virtual machine may throw the same error twice.
      if (reason != e) {
        reason.addSuppressed(e);
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
    schemaFails = null;
    session.forgetStatementsLater();
  }

  /// Returns whether the table is there, in this transaction.
  boolean has(Transaction transaction, Table table) {
    if (!touched.contains(table.name())) {
      return engine.hasTable(table);
    }
    Table.Kind kind =
        transaction.<Table.@Nullable Kind>run(session -> Schema.kindOf(session, table.name()));
    if (kind != null) {
      table.requireKind(kind);
    }
    return kind != null;
  }

  void created(String name) {
    touched.add(name);
  }

  void dropped(String name) {
    touched.add(name);
    dropped.add(name);
    schemaChanged();
  }

  void changed(Table table, String key) {
    if (changedTooManyKeys || engine.cache().isOff()) {
      return;
    }
    changed.add(new EntryCache.Key(table, key));
    changedTooManyKeys = changed.size() > MOST_CHANGED;
  }

  /// Commits what the members have done. They are to be told next.
  ///
  /// @return how many have a transaction of theirs committed
  int commit() {
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
    outcome = failure;
    stage = Stage.DECIDED;
    return failure == null ? writing() : 0;
  }

  private int writing() {
    int writing = 0;
    for (int i = 0; i < members.size(); i++) {
      writing += members.get(i).isWriting() ? 1 : 0;
    }
    return writing;
  }

  /// Tells the members what came of the commit, and starts over.
  void tellMembers() {
    // Counted by hand, since an iterator would need memory.
    for (int i = 0; i < members.size(); i++) {
      members.get(i).end(outcome);
    }
    members.clear();
    if (schemaChanged) {
      // It may have been undone.
      schemaFails = null;
      session.forgetStatementsLater();
    }
    touched.clear();
    dropped.clear();
    changed.clear();
    changedTooManyKeys = false;
    schemaChanged = false;
    broken = null;
    outcome = null;
    stage = Stage.CLOSED;
  }

  /// Tells the members what is true of their work after a failure which nobody foresaw. The engine
  /// has stopped, so what is not committed never will be.
  void abandon() {
    outcome =
        switch (stage) {
          case CLOSED, OPEN -> untouched;
          case COMMITTING -> unknown;
          case DECIDED -> outcome;
        };
    tellMembers();
  }

  /// A failure which nobody foresaw stops the engine.
  private @Nullable KvException finish() {
    try {
      return saveAndCommit();
    } catch (RuntimeException | Error e) {
      engine.stop("a commit failed", e);
      return stage == Stage.COMMITTING
          ? new KvException.OutcomeUnknown("the commit failed in the middle", e)
          : new KvException.Unavailable("nothing was changed: the commit could not begin", e);
    }
  }

  private @Nullable KvException saveAndCommit() {
    Map<String, Table.@Nullable Kind> tables = new HashMap<>();
    long reserved = version > reservedVersion ? version + VERSIONS_RESERVED : reservedVersion;
    try {
      if (reserved != reservedVersion) {
        session.change(SAVE_VERSION, reserved);
      }
      for (String name : touched) {
        tables.put(name, Schema.kindOf(session, name));
      }
    } catch (SQLException e) {
      return rollBack(failed(e));
    }
    EntryCache cache = engine.cache();
    List<String> created = engine.announce(tables);
    try {
      cache.beforeCommit(changedTooManyKeys || !dropped.isEmpty() ? null : changed);
      stage = Stage.COMMITTING;
      try {
        session.run("COMMIT");
      } catch (SQLException e) {
        engine.takeBack(created);
        return commitFailed(e);
      }
      reservedVersion = reserved;
      return engine.committed(tables, dropped, schemaChanged);
    } finally {
      cache.afterCommit();
    }
  }

  private @Nullable KvException commitFailed(SQLException e) {
    if (SqlFailure.isRefusedCommit(e)) {
      stage = Stage.OPEN;
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
