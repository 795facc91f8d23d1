package dev.latchkey.kv;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A point at which a writing child is stopped and killed: before or after a statement of its
/// writer, or while a file grows. A point more is a line here, and a deed in [KillChild] if none of
/// them leads to it.
enum KillPoint {
  /// Nowhere: it is killed after a number of acknowledged writes.
  ANYWHERE(Deed.EVERYTHING),

  FILE_CREATED(Deed.OPEN),
  LOCKED(Deed.OPEN, When.BEFORE, "PRAGMA journal_mode"),
  LOG_CREATED(Deed.OPEN, When.AFTER, "PRAGMA journal_mode"),
  SCHEMA_BEGUN(Deed.OPEN, When.AFTER, "BEGIN IMMEDIATE"),
  SCHEMA_BEING_CREATED(Deed.OPEN, When.AFTER, "CREATE TABLE kv_meta"),
  SCHEMA_BEFORE_COMMIT(Deed.OPEN, When.BEFORE, "COMMIT"),
  SCHEMA_COMMITTED(Deed.OPEN, When.AFTER, "COMMIT"),

  MIGRATING(Deed.MIGRATE, When.AFTER, "CREATE INDEX kv_expiry_of"),
  MIGRATED_BEFORE_COMMIT(Deed.MIGRATE, When.BEFORE, "COMMIT"),
  MIGRATED(Deed.MIGRATE, When.AFTER, "COMMIT"),

  STORE_BEING_CREATED(Deed.CREATE_A_STORE, When.AFTER, "CREATE TABLE kv_entries_late"),
  STORE_BEFORE_ITS_NAME(Deed.CREATE_A_STORE, When.BEFORE, "INSERT INTO kv_stores"),

  BEFORE_BEGIN(Deed.WRITE, When.BEFORE, "BEGIN IMMEDIATE"),
  BEGUN(Deed.WRITE, When.AFTER, "BEGIN IMMEDIATE"),
  IN_A_BODY(Deed.WRITE, When.AFTER, "INSERT INTO pair"),
  AFTER_A_BODY(Deed.WRITE, When.AFTER, KillChild.END_OF_A_BODY),
  BEFORE_COMMIT(Deed.WRITE, When.BEFORE, "COMMIT"),
  COMMITTED_BEFORE_TOLD(Deed.WRITE, When.AFTER, "COMMIT"),

  /// While the log is copied into the file, which grows by it.
  COPYING(Deed.GROW),
  COPIED(Deed.GROW, When.BEFORE, "PRAGMA wal_checkpoint.PASSIVE"),
  BEFORE_THE_LOG_STARTS_OVER(Deed.GROW, When.AFTER, "PRAGMA wal_checkpoint.PASSIVE"),
  LOG_STARTED_OVER(Deed.GROW, When.AFTER, "COMMIT", "PRAGMA wal_checkpoint.PASSIVE"),

  CLOSING(Deed.CLOSE, When.BEFORE, WatchedConnection.CLOSE),
  /// While the last connection copies the log.
  COPYING_AT_CLOSE(Deed.GROW_AND_CLOSE),
  CLOSED(Deed.CLOSE, When.AFTER, WatchedConnection.CLOSE),

  OWN_TABLE_CREATED(Deed.CREATE_A_TABLE, When.AFTER, "CREATE TABLE own_"),
  OWN_TABLE_BEFORE_COMMIT(Deed.CREATE_A_TABLE, When.BEFORE, "COMMIT", "CREATE TABLE own_"),
  OWN_TABLE_COMMITTED(Deed.CREATE_A_TABLE, When.AFTER, "COMMIT", "CREATE TABLE own_"),

  SWEEPING(Deed.SWEEP, When.AFTER, "DELETE FROM kv_entries_brief"),
  SWEPT_BEFORE_COMMIT(Deed.SWEEP, When.BEFORE, "COMMIT", "DELETE FROM kv_entries_brief"),

  DROPPING(Deed.DROP, When.AFTER, "DROP TABLE kv_entries_doomed"),
  DROPPED_BEFORE_COMMIT(Deed.DROP, When.BEFORE, "COMMIT", "DROP TABLE kv_entries_doomed"),
  DROPPED_BEFORE_TOLD(Deed.DROP, When.AFTER, "COMMIT", "DROP TABLE kv_entries_doomed"),

  /// While the copy is written.
  BACKING_UP(Deed.BACK_UP);

  /// What the child's main thread does, beside those that write all the time.
  enum Deed {
    OPEN,
    /// Opens a file of an older schema, which its parent has made.
    MIGRATE,
    WRITE,
    GROW,
    CREATE_A_STORE,
    CREATE_A_TABLE,
    SWEEP,
    DROP,
    BACK_UP,
    CLOSE,
    GROW_AND_CLOSE,
    EVERYTHING
  }

  /// On which side of its statement a point lies.
  enum When {
    BEFORE,
    AFTER,
    /// It is no statement's.
    ELSEWHERE
  }

  final Deed deed;
  private final When when;
  private final Pattern statement;

  /// What has to be executed first, once the point is armed.
  private final @Nullable Pattern first;

  KillPoint(Deed deed) {
    this(deed, When.ELSEWHERE, "");
  }

  KillPoint(Deed deed, When when, String statement) {
    this.deed = deed;
    this.when = when;
    this.statement = Pattern.compile(statement);
    this.first = null;
  }

  KillPoint(Deed deed, When when, String statement, String first) {
    this.deed = deed;
    this.when = when;
    this.statement = Pattern.compile(statement);
    this.first = Pattern.compile(first);
  }

  /// Those at which every build kills.
  static List<KillPoint> some() {
    return List.of(
        SCHEMA_BEING_CREATED,
        BEFORE_COMMIT,
        COMMITTED_BEFORE_TOLD,
        BEFORE_THE_LOG_STARTS_OVER,
        CLOSING);
  }

  static List<KillPoint> all() {
    return Arrays.stream(values()).filter(point -> point != ANYWHERE).toList();
  }

  /// Returns whether it is come to while the file is opened.
  boolean isInOpening() {
    return deed == Deed.OPEN || deed == Deed.MIGRATE;
  }

  boolean isBefore(String sql) {
    return when == When.BEFORE && statement.matcher(sql).lookingAt();
  }

  boolean isAfter(String sql) {
    return when == When.AFTER && statement.matcher(sql).lookingAt();
  }

  boolean waitsFor(String sql) {
    return first != null && first.matcher(sql).lookingAt();
  }

  boolean waitsForSomething() {
    return first != null;
  }
}
