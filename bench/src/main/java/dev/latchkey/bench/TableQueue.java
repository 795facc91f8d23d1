package dev.latchkey.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What is written by hand, carefully, in a day: one table, one connection with a lock, a poller
/// which takes what is due every 100 ms, and a pool of workers. It has no lanes and no limits. Some
/// connections with a busy timeout instead of the lock do as much, and wait by sleeping.
///
/// A poll that found as many as it could take is followed by the next as soon as half of them are
/// done, so that a backlog is done at full speed.
final class TableQueue implements WebhookQueue {
  private static final int MOST_TAKEN = 128;
  private static final long POLL_MILLIS = 100;

  private static final List<String> CREATE =
      List.of(
          "PRAGMA journal_mode = WAL",
          "PRAGMA synchronous = FULL",
          "PRAGMA busy_timeout = 60000",
          """
          CREATE TABLE IF NOT EXISTS jobs (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            lane TEXT NOT NULL,
            state TEXT NOT NULL,
            due INTEGER NOT NULL,
            body BLOB NOT NULL
          )
          """,
          "CREATE INDEX IF NOT EXISTS jobs_due ON jobs (due, seq) WHERE state = 'ready'");
  private static final String INSERT =
      """
      INSERT INTO jobs (id, kind, lane, state, due, body) VALUES (?, ?, ?, 'ready', ?, ?)
      ON CONFLICT (id) DO NOTHING
      """;
  private static final String TAKE =
      """
      UPDATE jobs SET state = 'running' WHERE seq IN (
        SELECT seq FROM jobs WHERE state = 'ready' AND due <= ? ORDER BY due, seq LIMIT ?)
      RETURNING id
      """;
  private static final String DONE = "UPDATE jobs SET state = 'done' WHERE id = ?";

  private final InstantSource clock = InstantSource.system();
  private final Watch watch;
  private final Connection connection;
  private final PreparedStatement insert;
  private final PreparedStatement take;
  private final PreparedStatement done;
  private final ReentrantLock database = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ExecutorService workers = Executors.newFixedThreadPool(QueuePeer.WORKERS);
  private final ExecutorService poller = Executors.newSingleThreadExecutor();
  private int taken;
  private boolean closed;
  private volatile @Nullable Exception failure;

  TableQueue(Path folder, Watch watch) throws SQLException {
    this.watch = watch;
    connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("table.db"));
    try (Statement statement = connection.createStatement()) {
      for (String sql : CREATE) {
        statement.execute(sql);
      }
    }
    insert = connection.prepareStatement(INSERT);
    take = connection.prepareStatement(TAKE);
    done = connection.prepareStatement(DONE);
  }

  @Override
  public boolean accept(Webhook webhook) throws SQLException {
    database.lock();
    try {
      insert.setString(1, webhook.id());
      insert.setString(2, webhook.kind());
      insert.setString(3, webhook.lane());
      insert.setLong(4, clock.millis());
      insert.setBytes(5, webhook.body());
      return insert.executeUpdate() == 1;
    } finally {
      database.unlock();
    }
  }

  @Override
  public void start() {
    poller.execute(this::poll);
  }

  private void poll() {
    try {
      for (int room = awaitRoom(); room > 0; room = awaitRoom()) {
        List<String> ids = take(room);
        for (String id : ids) {
          workers.execute(() -> work(id));
        }
        if (ids.size() < room) {
          pause();
        }
      }
    } catch (SQLException | InterruptedException e) {
      failure = e;
    }
  }

  /// Returns 0 once it is closed.
  private int awaitRoom() throws InterruptedException {
    lock.lock();
    try {
      while (taken > MOST_TAKEN / 2 && !closed) {
        changed.await();
      }
      return closed ? 0 : MOST_TAKEN - taken;
    } finally {
      lock.unlock();
    }
  }

  private void pause() throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS);
      while (left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private List<String> take(int room) throws SQLException {
    List<String> ids = new ArrayList<>();
    database.lock();
    try {
      take.setLong(1, clock.millis());
      take.setInt(2, room);
      try (ResultSet rows = take.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getString(1));
        }
      }
    } finally {
      database.unlock();
    }
    changeTaken(ids.size());
    return ids;
  }

  private void work(String id) {
    watch.started(id);
    try {
      end(id);
      watch.done(id);
    } catch (SQLException e) {
      failure = e;
    }
    changeTaken(-1);
  }

  private void end(String id) throws SQLException {
    database.lock();
    try {
      done.setString(1, id);
      done.executeUpdate();
    } finally {
      database.unlock();
    }
  }

  private void changeTaken(int change) {
    lock.lock();
    try {
      taken += change;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws SQLException {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    poller.close();
    workers.close();
    connection.close();
    if (failure != null) {
      throw new IllegalStateException("a job could not be taken or ended", failure);
    }
  }
}
