package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What all handles of one database share: the writer, the readers, the clock, and the names of the
/// stores.
final class Engine {

  private static final System.Logger LOG = System.getLogger("dev.latchkey.kv");

  /// Each write to a page writes the whole of it to the log, so small ones suit small entries; but
  /// what takes more than a quarter of one overflows into another.
  private static final int PAGE_BYTES = 2048;

  private final DatabaseOptions options;
  private final String name;
  private final @Nullable FileParts parts;
  private final Session session;
  private final Writer writer;

  /// Made beforehand, to stop with when there is no memory for a better reason.
  private final KvException.Stopped unexplained;

  /// The tables that are there and committed.
  private final Map<String, Table.Kind> committed = new ConcurrentHashMap<>();

  /// What names stand for in this process.
  private final Map<String, Table> claimed = new ConcurrentHashMap<>();

  private final SteadyClock clock;
  private final EntryCache cache;
  private final Listeners listeners = new Listeners();
  private final Tally tally = new Tally();
  private final Sweeper sweeper;

  // A thread joins by engine: inside the transaction of one it may begin that of another.
  @SuppressWarnings("ThreadLocalUsage")
  private final ThreadLocal<Scope> scope = new ThreadLocal<>();

  private final AtomicReference<KvException.@Nullable Stopped> stopped = new AtomicReference<>();
  private final AtomicInteger schemaEpoch = new AtomicInteger();

  /// How many handles are open. Guarded by the lock of [Engines].
  int handles;

  /// What only a database in a file has.
  private record FileParts(
      DatabaseFile file, Ownership ownership, Readers readers, Checkpoints checkpoints) {}

  private Engine(
      DatabaseOptions options,
      Session session,
      @Nullable DatabaseFile file,
      @Nullable Ownership ownership)
      throws SQLException {
    this.options = options;
    this.session = session;
    this.name = file == null ? "memory" : file.toString();
    this.unexplained = new KvException.Stopped(stoppedText("unexplained"), null);
    this.clock = new SteadyClock(options.clock());
    this.cache = new EntryCache(options.cacheBytes());
    this.sweeper = new Sweeper(this, name);
    committed.putAll(Schema.tables(session));
    Group group = new Group(this, session, Schema.version(session));
    if (file == null || ownership == null) {
      this.parts = null;
      this.writer = new Writer(this, group, name);
      return;
    }
    String uri = file.uri("vfs=unix-excl");
    Checkpoints checkpoints =
        new Checkpoints(this, session, () -> Session.open(uri), Checkpoints.platformThreads());
    Readers readers = new Readers(this, file.uri("vfs=unix-excl&mode=ro"), checkpoints);
    try {
      this.parts = new FileParts(file, ownership, readers, checkpoints);
      file.changedBehindUs();
      this.writer = new Writer(this, group, name);
    } catch (Throwable e) {
      Session.closeAfter(e, readers);
      throw e;
    }
  }

  /// Opens a file which is claimed and locked already.
  ///
  /// @param session on the file, which is closed if the engine can't be made
  static Engine ofFile(
      Session session, DatabaseFile file, Ownership ownership, DatabaseOptions options)
      throws SQLException {
    try {
      boolean ours = Schema.inspect(session, file.toString());
      if (!ours) {
        session.run("PRAGMA page_size = " + PAGE_BYTES);
      }
      session.run(Session.WRITER_CACHE);
      String mode = session.text("PRAGMA journal_mode = WAL");
      if (!mode.equals("wal")) {
        throw new KvException.Unavailable(file + " can't have a write-ahead log: " + mode, null);
      }
      switch (options.durability()) {
        case EVERY_COMMIT -> session.run("PRAGMA synchronous = FULL");
        case RELAXED -> session.run("PRAGMA synchronous = NORMAL");
      }
      session.text("PRAGMA wal_autocheckpoint = 0");
      if (ours) {
        file.renewLog();
        Schema.migrate(session);
        file.syncNames();
      } else {
        // The journal of the switch must not come back beside a log: it would undo the file.
        file.syncNames();
        Schema.create(session);
        // Nor may the log be gone once a part of it was copied.
        file.syncNames();
        // So that the file by itself says whose it is, whatever log is found beside it one day.
        session.text("PRAGMA wal_checkpoint(PASSIVE)");
      }
      return new Engine(options, session, file, ownership);
    } catch (Throwable e) {
      FirstLook.closeUntouched(file, e, session);
      throw e;
    }
  }

  static Engine inMemory(DatabaseOptions options) {
    try {
      Session session = Session.open(":memory:");
      try {
        Schema.inspect(session, "memory");
        Schema.create(session);
        return new Engine(options, session, null, null);
      } catch (Throwable e) {
        Session.closeAfter(e, session);
        throw e;
      }
    } catch (SQLException e) {
      throw new KvException.Unavailable("no database in memory: " + e.getMessage(), e);
    }
  }

  Writer writer() {
    return writer;
  }

  DatabaseOptions options() {
    return options;
  }

  /// Returns whether this is the engine of the file of that name.
  boolean isOf(Path target) {
    return parts != null && parts.file().target().equals(target);
  }

  /// Returns what the calls of this thread belong to, or null.
  @Nullable Scope scope() {
    return scope.get();
  }

  /// Runs the body with the calls of this thread belonging to the scope.
  <T, X extends Exception> T within(Scope inner, Database.Work<T, X> body) throws X {
    Scope outer = scope.get();
    scope.set(inner);
    try {
      return body.run();
    } finally {
      if (outer == null) {
        scope.remove();
      } else {
        scope.set(outer);
      }
    }
  }

  EntryCache cache() {
    return cache;
  }

  Sweeper sweeper() {
    return sweeper;
  }

  Tally tally() {
    return tally;
  }

  Listeners listeners() {
    return listeners;
  }

  /// Takes account of a handle more.
  void opened(DatabaseOptions wanted) {
    listeners.add(wanted.listener());
    sweeper.add(wanted.sweepInterval());
  }

  /// Takes account of a handle less.
  void closed(DatabaseOptions wanted) {
    listeners.remove(wanted.listener());
    sweeper.remove(wanted.sweepInterval());
  }

  void swept(int entries, Duration took) {
    tally.swept(entries);
    listeners.tell(new DatabaseListener.Event.Swept(entries, took));
  }

  /// @param inMemory how much there is in memory, if the database is kept there
  DatabaseStats stats(long inMemory) {
    long size = parts == null ? inMemory : parts.file().sizeBytes();
    return tally.stats(writer.waitingTurns(), size);
  }

  boolean isInMemory() {
    return parts == null;
  }

  /// Returns who may do what with a copy: no more than with the file, or its owner alone.
  Set<PosixFilePermission> permissions() throws IOException {
    return parts == null ? DatabaseFile.OWNER_ONLY : parts.file().permissions();
  }

  /// Returns the connections for reading, which there are none of in memory.
  Readers readers() {
    return requireNonNull(parts, "in memory").readers();
  }

  /// Reads what was committed. In memory there is one connection, so that waits for a turn.
  <T extends @Nullable Object> T read(Session.Step<T> step, Duration timeout) {
    requireRunning();
    return parts == null
        ? writer.read(transaction -> transaction.run(step), timeout)
        : parts.readers().read(step, timeout);
  }

  /// Translates the failure of a read.
  KvException readFailed(SQLException e) {
    SqlFailure failure = SqlFailure.isWriteByReader(e) ? SqlFailure.REFUSED : SqlFailure.of(e);
    return switch (failure) {
      case FATAL -> stop("a read failed", e);
      case BUSY -> new KvException.Unavailable("the file is locked: " + e.getMessage(), e);
      case REFUSED ->
          new KvException.Rejected("the database refused the query: " + e.getMessage(), e);
    };
  }

  /// Returns the time in milliseconds since 1970. It never runs backwards.
  long now() {
    return clock.now();
  }

  int schemaEpoch() {
    return schemaEpoch.get();
  }

  /// Returns whether the table is there and committed.
  ///
  /// @throws IllegalStateException if there is one of another kind
  boolean hasTable(Table table) {
    Table.Kind kind = committed.get(table.name());
    if (kind != null) {
      table.requireKind(kind);
    }
    return kind != null;
  }

  /// Claims a name for a use, or joins those who have claimed it for the same.
  ///
  /// @throws IllegalStateException if it is claimed for another, or there is a table of another
  ///   kind
  Table claim(Table wanted) {
    boolean _ = hasTable(wanted);
    Table known = claimed.putIfAbsent(wanted.name(), wanted);
    if (known == null) {
      return wanted;
    }
    known.requireSameUse(wanted);
    return known;
  }

  /// Says which tables are there once a commit can be seen, so that nobody who sees it misses one.
  /// Until then a reader finds out by itself that there is none.
  ///
  /// @return those that were not there before, to be taken back if the commit fails
  List<String> announce(Map<String, Table.@Nullable Kind> touched) {
    List<String> created = new ArrayList<>();
    touched.forEach((name, kind) -> {
      if (kind != null && committed.putIfAbsent(name, kind) == null) {
        created.add(name);
      }
    });
    return created;
  }

  void takeBack(List<String> created) {
    created.forEach(committed::remove);
  }

  /// Takes note of a commit, before anyone is told of it.
  ///
  /// @param touched the tables that may have been created or dropped, with what is there now
  /// @param dropped those of them that were dropped, and perhaps created again
  /// @return null, or why the commit may have been in vain
  @Nullable KvException committed(
      Map<String, Table.@Nullable Kind> touched, List<String> dropped, boolean schemaChanged) {
    if (schemaChanged) {
      schemaEpoch.incrementAndGet();
    }
    for (String name : dropped) {
      Table former = claimed.remove(name);
      if (former != null) {
        former.drop();
      }
    }
    touched.forEach((name, kind) -> {
      if (kind == null) {
        committed.remove(name);
      } else {
        committed.put(name, kind);
      }
    });
    String change = parts == null ? null : parts.file().changedBehindUs();
    if (change == null) {
      return null;
    }
    stop(change, null);
    return new KvException.OutcomeUnknown("the commit may be lost: " + change, null);
  }

  /// Called between groups by whoever holds the writer, on a platform thread.
  void afterCommit() {
    if (parts != null && !isStopped()) {
      parts.checkpoints().afterCommit();
    }
  }

  boolean isStopped() {
    return stopped.get() != null;
  }

  void requireRunning() {
    if (isStopped()) {
      throw stopped();
    }
  }

  /// Returns what to throw at those who call after the stop.
  KvException stopped() {
    KvException.Stopped first = stopped.get();
    return first == null
        ? new KvException.Stopped("the database " + name + " stopped", null)
        : first.toldAgain();
  }

  /// Returns that, even where there is no memory for it.
  KvException stoppedAnyway() {
    try {
      return stopped();
    } catch (Error e) {
      return unexplained;
    }
  }

  /// Stops for good, so as not to lose what was acknowledged. The first reason stays.
  ///
  /// @return what to throw
  KvException stop(String what, @Nullable Throwable cause) {
    try {
      String detail = cause == null ? what : what + ": " + cause.getMessage();
      KvException.Stopped reason = new KvException.Stopped(stoppedText(detail), cause);
      if (stopped.compareAndSet(null, reason)) {
        LOG.log(Level.ERROR, "database=\"" + name + "\" stopped=\"" + detail + "\"", cause);
        listeners.tell(new DatabaseListener.Event.Stopped(reason.text()));
      }
    } finally {
      // Should there be no memory to say why, it stops all the same.
      stopped.compareAndSet(null, unexplained);
    }
    return stopped();
  }

  private String stoppedText(String detail) {
    return "the database stopped, close every handle of " + name + " and open it again: " + detail;
  }

  /// Logs a failure after which the work goes on.
  void warn(String what, Throwable cause) {
    LOG.log(Level.WARNING, "database=\"" + name + "\" warning=\"" + what + "\"", cause);
  }

  /// Stops if the file was removed or replaced since it was opened.
  void requireUnchangedFile() {
    String change = parts == null ? null : parts.file().changedBehindUs();
    if (change != null) {
      stop(change, null);
    }
    requireRunning();
  }

  /// Lets go of everything. No call may be under way.
  void shutDown() {
    sweeper.close();
    writer.close();
    try {
      if (parts == null) {
        session.close();
      } else {
        parts.checkpoints().close();
        String change = isStopped() ? null : parts.file().changedBehindUs();
        if (change != null) {
          // Its log is not that of the file which has its name now.
          stop(change, null);
        }
        if (isStopped()) {
          try (Readers _ = parts.readers()) {
            session.close();
          }
          parts.file().putAsideOrphanedLog();
        } else {
          try (Session _ = session) {
            parts.readers().close();
          }
        }
      }
    } catch (SQLException | IOException e) {
      // What was acknowledged is in the log; the next open finds it there.
      LOG.log(Level.WARNING, "database=\"" + name + "\" closing failed", e);
    } finally {
      if (parts != null) {
        parts.ownership().close();
      }
    }
  }
}
