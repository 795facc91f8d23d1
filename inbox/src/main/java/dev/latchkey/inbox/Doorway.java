package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Keeps deliveries out while there is no room for them: a sender that is refused sends again,
/// which is better than to run out of memory or disk with what was acknowledged.
final class Doorway {

  private static final long RECOUNT_NANOS = Duration.ofSeconds(1).toNanos();

  private static final String BACKLOG =
      """
      SELECT COUNT(*) FROM latchkey_work WHERE state IN ('READY', 'WAITING', 'HELD', 'RUNNING')
      """;

  private final Database database;
  private final long maxBacklog;
  private final long maxBytesInFlight;
  private final long minFreeBytes;
  private final @Nullable FileStore disk;

  // Lowered after a work has ended, but not for one that another took over or whose transaction was
  // rolled back by the caller: it may be too high until it is counted anew.
  private final AtomicLong backlog = new AtomicLong();
  private final AtomicLong bytesInFlight = new AtomicLong();
  private final AtomicLong countedAt = new AtomicLong();

  Doorway(Database database, InboxOptions options) {
    this.database = database;
    this.maxBacklog = options.maxBacklog();
    this.maxBytesInFlight = options.maxBytesInFlight();
    this.minFreeBytes = options.minFreeBytes();
    boolean looks = minFreeBytes > 0 && database.dialect() == Database.Dialect.SQLITE;
    this.disk = looks ? disk(database) : null;
  }

  private static @Nullable FileStore disk(Database database) {
    List<String> files =
        database.query(
            "SELECT file FROM pragma_database_list WHERE name = 'main'",
            row -> String.valueOf(row.text(1)));
    if (files.isEmpty() || files.getFirst().isEmpty() || files.getFirst().equals("null")) {
      return null;
    }
    try {
      return Files.getFileStore(Path.of(files.getFirst()));
    } catch (IOException e) {
      throw new InboxException.Unavailable(
          "the disk of " + files.getFirst() + " can't be looked at", e);
    }
  }

  /// Counts the works that haven't ended.
  void count() {
    backlog.set(database.query(BACKLOG, row -> row.number(1)).getFirst());
    countedAt.set(System.nanoTime());
  }

  /// Lets a delivery in, which must [#leave].
  ///
  /// @throws InboxException.Unavailable if there is no room for it
  void enter(Delivery delivery) {
    requireBacklog(delivery);
    requireDisk(delivery);
    int bytes = delivery.body().length;
    long before = bytesInFlight.getAndAdd(bytes);
    if (before > 0 && before + bytes > maxBytesInFlight) {
      bytesInFlight.addAndGet(-bytes);
      throw new InboxException.Unavailable(
          "%s refused: %d bytes are on their way already, limit %d"
              .formatted(delivery, before, maxBytesInFlight),
          null);
    }
  }

  void leave(Delivery delivery) {
    bytesInFlight.addAndGet(-delivery.body().length);
  }

  private void requireBacklog(Delivery delivery) {
    if (backlog.get() < maxBacklog) {
      return;
    }
    if (System.nanoTime() - countedAt.get() > RECOUNT_NANOS) {
      count();
    }
    long present = backlog.get();
    if (present >= maxBacklog) {
      throw new InboxException.Unavailable(
          "%s refused: %d works have not ended, limit %d".formatted(delivery, present, maxBacklog),
          null);
    }
  }

  private void requireDisk(Delivery delivery) {
    if (disk == null) {
      return;
    }
    try {
      long free = disk.getUsableSpace();
      if (free < minFreeBytes) {
        throw new InboxException.Unavailable(
            "%s refused: %d bytes are free on the disk, limit %d"
                .formatted(delivery, free, minFreeBytes),
            null);
      }
    } catch (IOException e) {
      throw new InboxException.Unavailable(delivery + " refused: the disk can't be looked at", e);
    }
  }

  void made(int works) {
    backlog.addAndGet(works);
  }

  void ended() {
    backlog.decrementAndGet();
  }
}
