package dev.latchkey.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// db-scheduler, with its own dialect for SQLite, which it finds by itself, and immediate
/// execution. The body is the task's data, as it is. A task that is done is deleted, as is its way,
/// so it knows a webhook again only until then. It has no lanes.
final class SchedulerQueue implements WebhookQueue {

  /// With 2, 4 or 16 it is slower: SQLite has one writer at a time, and whoever finds it busy
  /// sleeps.
  private static final int CONNECTIONS = 1;

  private static final List<String> CREATE =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS scheduled_tasks (
            task_name TEXT,
            task_instance TEXT,
            task_data BLOB,
            execution_time TIMESTAMP,
            picked BIT,
            picked_by TEXT,
            last_success TIMESTAMP,
            last_failure TIMESTAMP,
            consecutive_failures INT,
            last_heartbeat TIMESTAMP,
            version BIGINT,
            priority SMALLINT,
            PRIMARY KEY (task_name, task_instance)
          )
          """,
          "CREATE INDEX IF NOT EXISTS by_time ON scheduled_tasks (execution_time)",
          "CREATE INDEX IF NOT EXISTS by_heartbeat ON scheduled_tasks (last_heartbeat)");

  private final InstantSource clock = InstantSource.system();
  private final HikariDataSource connections;
  private final Scheduler scheduler;

  SchedulerQueue(Path folder, Watch watch) throws SQLException {
    connections = connections(folder);
    try (Connection connection = connections.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : CREATE) {
        statement.execute(sql);
      }
    }
    scheduler =
        Scheduler.create(connections, task(watch))
            .threads(QueuePeer.WORKERS)
            .enableImmediateExecution()
            .pollingInterval(Duration.ofMillis(100))
            .schedulerName(new SchedulerName.Fixed("bench"))
            .serializer(new Raw())
            .shutdownMaxWait(Duration.ofSeconds(10))
            .build();
  }

  private static HikariDataSource connections(Path folder) {
    SQLiteConfig sqlite = new SQLiteConfig();
    sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
    sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    sqlite.setBusyTimeout(60_000);
    SQLiteDataSource source = new SQLiteDataSource(sqlite);
    source.setUrl("jdbc:sqlite:" + folder.resolve("scheduler.db"));
    HikariConfig pool = new HikariConfig();
    pool.setDataSource(source);
    pool.setMaximumPoolSize(CONNECTIONS);
    pool.setConnectionTimeout(Duration.ofMinutes(1).toMillis());
    return new HikariDataSource(pool);
  }

  private static CustomTask<byte[]> task(Watch watch) {
    return Tasks.custom(InboxQueue.PLAIN, byte[].class)
        .execute((instance, context) -> {
          watch.started(instance.getId());
          return (complete, operations) -> {
            operations.remove();
            watch.done(instance.getId());
          };
        });
  }

  @Override
  public boolean accept(Webhook webhook) {
    return scheduler.scheduleIfNotExists(
        new TaskInstance<>(webhook.kind(), webhook.id(), webhook.body()), clock.instant());
  }

  @Override
  public void start() {
    scheduler.start();
  }

  @Override
  public void close() {
    scheduler.stop();
    connections.close();
  }

  /// Keeps the bytes as they are.
  private static final class Raw implements Serializer {
    @Override
    public byte[] serialize(Object data) {
      return (byte[]) data;
    }

    @Override
    public <T> T deserialize(Class<T> type, byte[] data) {
      return type.cast(data);
    }
  }
}
