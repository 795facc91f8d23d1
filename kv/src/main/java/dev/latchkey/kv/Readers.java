package dev.latchkey.kv;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The connections which read what was committed, beside the writer.
final class Readers {

  private static final int MOST = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());

  private final Engine engine;
  private final String uri;
  private final Semaphore free = new Semaphore(MOST);

  /// The one used last comes first, since its cache is warm.
  private final ConcurrentLinkedDeque<Session> idle = new ConcurrentLinkedDeque<>();

  /// What this thread reads with, so that a query in a mapper needs no second connection.
  @SuppressWarnings("ThreadLocalUsage")
  private final ThreadLocal<Session> reading = new ThreadLocal<>();

  /// @param uri of the file, opened for reading only
  Readers(Engine engine, String uri) throws SQLException {
    this.engine = engine;
    this.uri = uri;
    // One is opened at once: see close().
    idle.add(open());
  }

  boolean isReading() {
    return reading.get() != null;
  }

  <T extends @Nullable Object> T read(Session.Step<T> step, Duration timeout) {
    try {
      Session own = reading.get();
      return own != null ? step.on(own) : borrowAndRead(step, timeout);
    } catch (SQLException e) {
      throw failed(e);
    } catch (ResultRow.ReadFailed e) {
      throw failed(e.reason);
    }
  }

  private <T extends @Nullable Object> T borrowAndRead(Session.Step<T> step, Duration timeout)
      throws SQLException {
    acquire(timeout);
    try {
      Session pooled = idle.pollFirst();
      Session session = pooled != null ? pooled : open();
      reading.set(session);
      try {
        session.followSchema(engine.schemaEpoch());
        return step.on(session);
      } finally {
        reading.remove();
        idle.addFirst(session);
      }
    } finally {
      free.release();
    }
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

  private KvException failed(SQLException e) {
    return switch (SqlFailure.of(e)) {
      case FATAL -> engine.stop("a read failed", e);
      case BUSY -> new KvException.Unavailable("the file is locked: " + e.getMessage(), e);
      case REFUSED ->
          new KvException.Rejected("the database refused the query: " + e.getMessage(), e);
    };
  }

  /// Closes every connection. None may be in use.
  ///
  /// SQLite copies the log into the file when its last connection is closed, which must not happen
  /// after a failed write. A connection for reading can't, so in that case these are closed last.
  void close() throws SQLException {
    for (Session session = idle.poll(); session != null; session = idle.poll()) {
      session.close();
    }
  }
}
