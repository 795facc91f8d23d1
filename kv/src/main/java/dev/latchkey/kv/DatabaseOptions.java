package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.InstantSource;

/// How a database is run.
///
/// @param durability what survives a loss of power
/// @param lockTimeout how long a write waits for its turn before it fails as
///   [KvException.Unavailable]; at least 1 ms. It belongs to the handle
/// @param maxValueBytes the largest encoded value, in bytes; at least 1
/// @param clock decides what has expired
public record DatabaseOptions(
    Durability durability, Duration lockTimeout, int maxValueBytes, InstantSource clock) {

  private static final DatabaseOptions DEFAULTS =
      new DatabaseOptions(
          Durability.EVERY_COMMIT, Duration.ofSeconds(5), 1 << 20, InstantSource.system());

  /// What a loss of power may undo. A crash of the process undoes nothing in either case.
  public enum Durability {
    /// Nothing that was reported as done.
    EVERY_COMMIT,
    /// The last moments' commits, newest first; never a part of one. Writes are faster.
    RELAXED
  }

  public DatabaseOptions {
    requireNonNull(durability, "durability");
    requireNonNull(clock, "clock");
    if (lockTimeout.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("lockTimeout is shorter than 1 ms: " + lockTimeout);
    }
    if (maxValueBytes < 1) {
      throw new IllegalArgumentException("maxValueBytes is less than 1: " + maxValueBytes);
    }
  }

  /// Returns the options of most databases: every commit durable, 5 seconds to wait for a turn,
  /// values up to 1 MiB, the system's clock.
  public static DatabaseOptions defaults() {
    return DEFAULTS;
  }

  public DatabaseOptions withDurability(Durability durability) {
    return new DatabaseOptions(durability, lockTimeout, maxValueBytes, clock);
  }

  public DatabaseOptions withLockTimeout(Duration lockTimeout) {
    return new DatabaseOptions(durability, lockTimeout, maxValueBytes, clock);
  }

  public DatabaseOptions withMaxValueBytes(int maxValueBytes) {
    return new DatabaseOptions(durability, lockTimeout, maxValueBytes, clock);
  }

  public DatabaseOptions withClock(InstantSource clock) {
    return new DatabaseOptions(durability, lockTimeout, maxValueBytes, clock);
  }
}
