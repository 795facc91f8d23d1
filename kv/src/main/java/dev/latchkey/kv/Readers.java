package dev.latchkey.kv;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The connections which read what was committed, beside the writer.
final class Readers implements AutoCloseable {

  /// Snapshots hold theirs for long, so there are more than could read at once.
  private static final int MOST = 64;

  private static final int MOST_IDLE = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

  /// How long a reader waits, at most, for a log over its limit to start over.
  private static final Duration LOG_WAIT = Duration.ofSeconds(1);

  private final Engine engine;
  private final String uri;
  private final Deadlines deadlines;
  private final Checkpoints checkpoints;
  private final Semaphore free = new Semaphore(MOST);

  /// The one used last comes first, since its cache is warm.
  private final ConcurrentLinkedDeque<Session> idle = new ConcurrentLinkedDeque<>();

  /// @param uri of the file, opened for reading only
  Readers(Engine engine, String uri, Checkpoints checkpoints) throws SQLException {
    this.engine = engine;
    this.uri = uri;
    this.checkpoints = checkpoints;
    this.deadlines = new Deadlines(uri);
    // One is opened at once: see close().
    idle.add(open());
  }

  /// Runs a step in a connection of its own, on the latest view.
  <T extends @Nullable Object> T read(Session.Step<T> step, Duration timeout) {
    Session session = borrow(timeout);
    try {
      return step.on(session);
    } catch (SQLException e) {
      throw engine.readFailed(e);
    } finally {
      giveBack(session);
    }
  }

  /// Runs a body of the caller's own on one view.
  <T, X extends Exception> T snapshot(SqlDatabase handle, Database.Work<T, X> body) throws X {
    Snapshot snapshot = begin(handle);
    try {
      snapshot.fix();
      return engine.within(snapshot, () -> snapshot.run(body));
    } finally {
      end(snapshot);
    }
  }

  /// Runs one query, with a mapper of the caller's own.
  <T> T query(SqlDatabase handle, Session.Step<T> query) {
    Snapshot snapshot = begin(handle);
    try {
      return engine.within(snapshot, () -> snapshot.read(query));
    } finally {
      end(snapshot);
    }
  }

  /// Runs a step which reads for long, in a connection of its own that nobody ends.
  <T> T readForLong(Session.Step<T> step) throws SQLException {
    checkpoints.awaitRoom(LOG_WAIT);
    long begun = System.nanoTime();
    try (Session session = open()) {
      return step.on(session);
    } finally {
      checkpoints.readerLeft(begun);
    }
  }

  private Snapshot begin(SqlDatabase handle) {
    Session session = borrow(handle.options().lockTimeout());
    try {
      Snapshot snapshot = new Snapshot(engine, handle, session);
      deadlines.add(snapshot);
      return snapshot;
    } catch (Throwable e) {
      giveBack(session);
      throw e;
    }
  }

  private void end(Snapshot snapshot) {
    deadlines.remove(snapshot);
    if (snapshot.end()) {
      giveBack(snapshot.session());
    } else {
      free.release();
    }
    checkpoints.readerLeft(snapshot.begun());
  }

  private Session borrow(Duration timeout) {
    checkpoints.awaitRoom(timeout.compareTo(LOG_WAIT) < 0 ? timeout : LOG_WAIT);
    acquire(timeout);
    try {
      Session pooled = idle.pollFirst();
      Session session = pooled != null ? pooled : open();
      session.followSchema(engine.schemaEpoch());
      return session;
    } catch (SQLException e) {
      free.release();
      throw engine.readFailed(e);
    } catch (RuntimeException | Error e) {
      free.release();
      throw e;
    }
  }

  private void giveBack(Session session) {
    if (idle.size() < MOST_IDLE) {
      idle.addFirst(session);
    } else {
      try {
        session.close();
      } catch (SQLException e) {
        engine.warn("a connection for reading could not be closed", e);
      }
    }
    free.release();
  }

  private void acquire(Duration timeout) {
    if (free.tryAcquire()) {
      return;
    }
    try {
      if (!free.tryAcquire(Millis.waitNanos(timeout), TimeUnit.NANOSECONDS)) {
        throw new KvException.Unavailable(
            "all " + MOST + " readers were in use for " + timeout.toMillis() + " ms", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KvException.Unavailable("interrupted while waiting to read", e);
    }
  }

  private Session open() throws SQLException {
    Session session = Session.open(uri);
    try {
      // Only a connection that has read holds its lock, and can see to it that another's is not
      // the last.
      session.number("SELECT count(*) FROM sqlite_schema");
      return session;
    } catch (Throwable e) {
      Session.closeAfter(e, session);
      throw e;
    }
  }

  /// Closes every connection. None may be in use.
  ///
  /// SQLite copies the log into the file when its last connection is closed, which must not happen
  /// after a failed write. A connection for reading can't, so in that case these are closed last.
  @Override
  public void close() throws SQLException {
    deadlines.close();
    for (Session session = idle.poll(); session != null; session = idle.poll()) {
      session.close();
    }
  }
}
