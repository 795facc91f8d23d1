package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.InstantSource;

/// How a database is run. Where several handles share an engine, durability, `maxValueBytes` and
/// clock must be the same; timeouts and listener are each handle's own; the shortest sweep interval
/// counts; and `walLimitBytes` and `cacheBytes` are those of the first handle.
///
/// @param durability what survives a loss of power
/// @param lockTimeout how long a write waits for its turn before it fails as
///   [KvException.Unavailable]; at least 1 ms
/// @param sweepInterval how often expired entries are removed, at least 1 ms; zero for only when
///   asked
/// @param snapshotTimeout how long a snapshot, or a query with its mapper, may last before it fails
///   as [KvException.Unavailable]; at least 1 ms
/// @param maxValueBytes the largest encoded value, in bytes; at least 1
/// @param walLimitBytes the write-ahead log's size past which new readers wait a moment, at most a
///   second, for it to start over; at least 1. The log is copied into the file from 16 MiB or half
///   of this on, whichever is less
/// @param cacheBytes how much of the committed entries is kept in memory, as bytes; zero for none
/// @param clock decides what has expired
/// @param listener told what happens, on the thread where it happens, so it should return at once
public record DatabaseOptions(
    Durability durability,
    Duration lockTimeout,
    Duration sweepInterval,
    Duration snapshotTimeout,
    int maxValueBytes,
    long walLimitBytes,
    long cacheBytes,
    InstantSource clock,
    DatabaseListener listener) {

  private static final Duration SHORTEST = Duration.ofMillis(1);

  private static final DatabaseOptions DEFAULTS =
      new DatabaseOptions(
          Durability.EVERY_COMMIT,
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofSeconds(30),
          1 << 20,
          1L << 30,
          16L << 20,
          InstantSource.system(),
          DatabaseListener.none());

  /// What a loss of power may undo. A crash of the process undoes nothing in either case.
  public enum Durability {
    /// Nothing that was reported as done.
    EVERY_COMMIT,
    /// The last moments' commits, newest first; never a part of one. Writes are faster.
    RELAXED
  }

  /// @throws IllegalArgumentException if a component is out of its bounds
  public DatabaseOptions {
    requireNonNull(durability, "durability");
    requireNonNull(clock, "clock");
    requireNonNull(listener, "listener");
    requireAtLeast("lockTimeout", lockTimeout, SHORTEST);
    requireAtLeast("snapshotTimeout", snapshotTimeout, SHORTEST);
    if (!sweepInterval.isZero()) {
      requireAtLeast("sweepInterval", sweepInterval, SHORTEST);
    }
    requireAtLeast("maxValueBytes", maxValueBytes, 1);
    requireAtLeast("walLimitBytes", walLimitBytes, 1);
    requireAtLeast("cacheBytes", cacheBytes, 0);
  }

  private static void requireAtLeast(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0) {
      throw new IllegalArgumentException(
          name + " is shorter than " + least.toMillis() + " ms: " + value);
    }
  }

  private static void requireAtLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is less than " + least + ": " + value);
    }
  }

  /// Returns the options of most databases: every commit durable, 5 seconds to wait for a turn, a
  /// sweep each minute, snapshots up to 30 seconds, values up to 1 MiB, a log up to 1 GiB, a cache
  /// of 16 MiB, the system's clock.
  public static DatabaseOptions defaults() {
    return DEFAULTS;
  }

  public DatabaseOptions withDurability(Durability durability) {
    return new DatabaseOptions(
        durability,
        lockTimeout,
        sweepInterval,
        snapshotTimeout,
        maxValueBytes,
        walLimitBytes,
        cacheBytes,
        clock,
        listener);
  }

  public DatabaseOptions withLockTimeout(Duration lockTimeout) {
    return new DatabaseOptions(
        durability,
        lockTimeout,
        sweepInterval,
        snapshotTimeout,
        maxValueBytes,
        walLimitBytes,
        cacheBytes,
        clock,
        listener);
  }

  public DatabaseOptions withSweepInterval(Duration sweepInterval) {
    return new DatabaseOptions(
        durability,
        lockTimeout,
        sweepInterval,
        snapshotTimeout,
        maxValueBytes,
        walLimitBytes,
        cacheBytes,
        clock,
        listener);
  }

  public DatabaseOptions withSnapshotTimeout(Duration snapshotTimeout) {
    return new DatabaseOptions(
        durability,
        lockTimeout,
        sweepInterval,
        snapshotTimeout,
        maxValueBytes,
        walLimitBytes,
        cacheBytes,
        clock,
        listener);
  }

  public DatabaseOptions withMaxValueBytes(int maxValueBytes) {
    return new DatabaseOptions(
        durability,
        lockTimeout,
        sweepInterval,
        snapshotTimeout,
        maxValueBytes,
        walLimitBytes,
        cacheBytes,
        clock,
        listener);
  }

  public DatabaseOptions withWalLimitBytes(long walLimitBytes) {
    return new DatabaseOptions(
        durability,
        lockTimeout,
        sweepInterval,
        snapshotTimeout,
        maxValueBytes,
        walLimitBytes,
        cacheBytes,
        clock,
        listener);
  }

  public DatabaseOptions withCacheBytes(long cacheBytes) {
    return new DatabaseOptions(
        durability,
        lockTimeout,
        sweepInterval,
        snapshotTimeout,
        maxValueBytes,
        walLimitBytes,
        cacheBytes,
        clock,
        listener);
  }

  public DatabaseOptions withClock(InstantSource clock) {
    return new DatabaseOptions(
        durability,
        lockTimeout,
        sweepInterval,
        snapshotTimeout,
        maxValueBytes,
        walLimitBytes,
        cacheBytes,
        clock,
        listener);
  }

  public DatabaseOptions withListener(DatabaseListener listener) {
    return new DatabaseOptions(
        durability,
        lockTimeout,
        sweepInterval,
        snapshotTimeout,
        maxValueBytes,
        walLimitBytes,
        cacheBytes,
        clock,
        listener);
  }
}
