package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The write-ahead log beside those who read for long.
class LogTest {

  private static final StoreSpec<byte[]> LARGE =
      StoreSpec.of("large", Codec.bytes()).ofLargeValues();
  private static final long LIMIT = 256 << 10;
  private static final int VALUE_BYTES = 8 << 10;
  private static final long COMMIT_BYTES = 4 * VALUE_BYTES;

  @TempDir Path directory;
  private final Callers callers = Callers.onPlatformThreads();
  private final AtomicInteger written = new AtomicInteger();

  @Test
  void logStartsOverOnceALongSnapshotHasEndedAndGrowsNoFurther() throws Exception {
    Duration timeout = Duration.ofMillis(900);
    try (Database database = open(timeout);
        Hold hold = new Hold()) {
      Store<byte[]> large = database.store(LARGE);
      long begun = System.nanoTime();
      callers.start(() ->
          assertThatThrownBy(() ->
                  database.snapshot(() -> {
                    long before = large.count(KeyRange.all());
                    hold.keep();
                    return before + large.count(KeyRange.all());
                  }))
              .isInstanceOf(KvException.Unavailable.class));
      hold.awaitReached();
      // In few commits, since it is to be over before the snapshot is.
      write(database, 3 * LIMIT, LIMIT);
      long beside = logBytes();
      SnapshotTest.passTime(timeout.minusNanos(System.nanoTime() - begun));

      // The snapshot's body does nothing and ends nothing; its view has ended all the same.
      write(database, 6 * LIMIT, COMMIT_BYTES);

      assertThat(beside).isGreaterThan(3 * LIMIT);
      // It starts over in the same file, which is kept.
      assertThat(logBytes()).isBetween(beside, beside + 3 * LIMIT);
      hold.letGo();
      assertThat(callers.join()).isEmpty();
    }
  }

  @Test
  void logStaysSmallWhereNobodyReadsForLong() throws Exception {
    try (Database database = open(Duration.ofSeconds(30))) {
      Store<byte[]> large = database.store(LARGE);

      for (int i = 0; i < 12; i++) {
        write(database, LIMIT / 2, COMMIT_BYTES);
        assertThat(database.<Long, RuntimeException>snapshot(() -> large.count(KeyRange.all())))
            .isPositive();
      }

      assertThat(logBytes()).isLessThan(4 * LIMIT);
    }
  }

  /// There is a snapshot at any time, though none of them lasts.
  @Test
  void logStartsOverBesideReadersWhoFollowEachOther() throws Exception {
    try (Database database = open(Duration.ofSeconds(30))) {
      Store<byte[]> large = database.store(LARGE);
      AtomicBoolean over = new AtomicBoolean();
      for (int i = 0; i < 3; i++) {
        callers.start(() -> {
          while (!over.get()) {
            database.snapshot(() -> {
              long before = large.count(KeyRange.all());
              LockSupport.parkNanos(Duration.ofMillis(15).toNanos());
              return large.count(KeyRange.all()) == before;
            });
          }
        });
      }
      // How far it grows is up to the machine, but not to all that was written.
      long largest = 0;
      for (int i = 0; i < 96; i++) {
        write(database, LIMIT, COMMIT_BYTES);
        largest = Math.max(largest, logBytes());
      }
      over.set(true);

      assertThat(callers.join()).isEmpty();
      assertThat(largest).isLessThan(48 * LIMIT);
    }
  }

  @Test
  void newReadersWaitAMomentWhileTheLogIsOverItsLimitAndThenReadAllTheSame() throws Exception {
    try (Database database = open(Duration.ofSeconds(30));
        Hold hold = new Hold()) {
      Store<byte[]> large = database.store(LARGE);
      callers.start(() ->
          database.snapshot(() -> {
            large.count(KeyRange.all());
            hold.keep();
            return true;
          }));
      hold.awaitReached();
      write(database, 3 * LIMIT, COMMIT_BYTES);

      long begun = System.nanoTime();
      assertThat(large.count(KeyRange.all())).isPositive();
      Duration waited = Duration.ofNanos(System.nanoTime() - begun);

      assertThat(waited).isGreaterThan(Duration.ofMillis(900));
      hold.letGo();
      assertThat(callers.join()).isEmpty();
      Callers.awaitThat("readers wait no more", () -> readsAtOnce(large));
    }
  }

  @Test
  void readersWaitNoMoreOnceTheLogCouldBeCopiedThoughNobodyWrites() throws Exception {
    try (Database database = open(Duration.ofSeconds(30));
        Hold hold = new Hold()) {
      Store<byte[]> large = database.store(LARGE);
      Engine engine = ((SqlDatabase) database).engine();
      Session.Step<@Nullable Boolean> longRead =
          session ->
              session
                  .all(
                      "SELECT count(*) FROM kv_stores",
                      row -> {
                        hold.keep();
                        return true;
                      })
                  .getFirst();
      callers.start(() -> engine.read(longRead, Duration.ofSeconds(5)));
      hold.awaitReached();
      write(database, 3 * LIMIT, COMMIT_BYTES);
      hold.letGo();
      assertThat(callers.join()).isEmpty();

      // The first may wait, since it is the one who has the log copied.
      large.count(KeyRange.all());
      assertThat(readsAtOnce(large)).isTrue();
    }
  }

  private static boolean readsAtOnce(Store<byte[]> large) {
    long begun = System.nanoTime();
    large.count(KeyRange.all());
    return System.nanoTime() - begun < Duration.ofMillis(700).toNanos();
  }

  private Database open(Duration snapshotTimeout) {
    return Database.open(
        directory.resolve("data.db"),
        DatabaseOptions.defaults().withWalLimitBytes(LIMIT).withSnapshotTimeout(snapshotTimeout));
  }

  private void write(Database database, long bytes, long bytesAtOnce) {
    Store<byte[]> large = database.store(LARGE);
    for (long done = 0; done < bytes; done += bytesAtOnce) {
      database.transact(() -> {
        for (long part = 0; part < bytesAtOnce; part += VALUE_BYTES) {
          byte[] value = new byte[VALUE_BYTES];
          // Every byte, because SQLite leaves pages alone which stay the same.
          Arrays.fill(value, (byte) written.incrementAndGet());
          large.put("key-" + written.get() % 64, value);
        }
      });
    }
  }

  private long logBytes() throws Exception {
    return Files.size(directory.resolve("data.db-wal"));
  }
}
