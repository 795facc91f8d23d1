package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.util.List;

/// The inbox's tables and how they came to be: each migration takes them one version further.
///
/// What is a rule and not a habit is an index: one live work per key, one running work per key, one
/// running work per lane. A migration that has been released is never changed.
final class Schema {

  private static final List<List<String>> MIGRATIONS =
      List.of(
          List.of(
              """
              CREATE TABLE latchkey_delivery (
                source TEXT NOT NULL,
                id TEXT NOT NULL,
                kind TEXT NOT NULL,
                headers TEXT NOT NULL,
                sha256 TEXT NOT NULL,
                received_at INTEGER NOT NULL,
                works INTEGER NOT NULL,
                duplicates INTEGER NOT NULL DEFAULT 0,
                body BLOB NOT NULL,
                PRIMARY KEY (source, id)
              ) STRICT
              """,
              // Counting deliveries reads this index, not the bodies.
              """
              CREATE INDEX latchkey_delivery_tally ON latchkey_delivery (works, duplicates)
              """,
              // AUTOINCREMENT, because steps and charges are known by the id of their work: an id
              // must never be used again.
              """
              CREATE TABLE latchkey_work (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                kind TEXT NOT NULL,
                lane TEXT NOT NULL,
                work_key TEXT NOT NULL,
                subject TEXT NOT NULL,
                state TEXT NOT NULL
                  CHECK (state IN ('READY', 'WAITING', 'RUNNING', 'DONE', 'DEAD')),
                reason TEXT
                  CHECK (reason IN ('LIMIT', 'RETRY', 'DELAY')),
                attempt INTEGER NOT NULL DEFAULT 1,
                epoch INTEGER NOT NULL DEFAULT 0,
                owner TEXT,
                next_at INTEGER NOT NULL,
                outcome TEXT NOT NULL DEFAULT '',
                error TEXT NOT NULL DEFAULT '',
                first_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                claimed_at INTEGER,
                ended_at INTEGER,
                CHECK ((state = 'WAITING') = (reason IS NOT NULL)),
                CHECK ((state = 'RUNNING') = (owner IS NOT NULL))
              ) STRICT
              """,
              """
              CREATE UNIQUE INDEX latchkey_work_live ON latchkey_work (work_key)
              WHERE state IN ('READY', 'WAITING')
              """,
              """
              CREATE UNIQUE INDEX latchkey_work_lane ON latchkey_work (lane)
              WHERE state = 'RUNNING'
              """,
              """
              CREATE UNIQUE INDEX latchkey_work_running ON latchkey_work (work_key)
              WHERE state = 'RUNNING'
              """,
              """
              CREATE INDEX latchkey_work_ready ON latchkey_work (id) WHERE state = 'READY'
              """,
              """
              CREATE INDEX latchkey_work_state ON latchkey_work (state, next_at)
              """,
              """
              CREATE TABLE latchkey_cause (
                seq INTEGER PRIMARY KEY,
                work INTEGER NOT NULL,
                source TEXT NOT NULL,
                delivery TEXT NOT NULL,
                UNIQUE (work, source, delivery)
              ) STRICT
              """,
              """
              CREATE TABLE latchkey_limit (
                work INTEGER NOT NULL,
                bucket TEXT NOT NULL,
                units INTEGER NOT NULL,
                window_millis INTEGER NOT NULL,
                PRIMARY KEY (work, bucket)
              ) STRICT, WITHOUT ROWID
              """,
              """
              CREATE INDEX latchkey_limit_bucket ON latchkey_limit (bucket)
              """,
              """
              CREATE TABLE latchkey_charge (
                bucket TEXT NOT NULL,
                ref TEXT NOT NULL,
                at INTEGER NOT NULL,
                units INTEGER NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('RESERVED', 'SETTLED', 'RELEASED')),
                PRIMARY KEY (bucket, ref)
              ) STRICT, WITHOUT ROWID
              """,
              """
              CREATE INDEX latchkey_charge_held ON latchkey_charge (bucket, at)
              WHERE state <> 'RELEASED'
              """,
              """
              CREATE INDEX latchkey_charge_ref ON latchkey_charge (ref)
              """,
              """
              CREATE TABLE latchkey_step (
                work INTEGER NOT NULL,
                name TEXT NOT NULL,
                input_hash TEXT NOT NULL,
                call INTEGER NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('INTENT', 'DONE')),
                output BLOB,
                PRIMARY KEY (work, name, input_hash),
                CHECK ((state = 'DONE') = (output IS NOT NULL))
              ) STRICT
              """,
              """
              CREATE TABLE latchkey_owner (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                owner TEXT NOT NULL
              ) STRICT
              """));

  private static final String CREATE_VERSION =
      "CREATE TABLE IF NOT EXISTS latchkey_schema (version INTEGER NOT NULL) STRICT";
  private static final String READ_VERSION = "SELECT version FROM latchkey_schema";
  private static final String FIRST_VERSION = "INSERT INTO latchkey_schema (version) VALUES (0)";
  private static final String WRITE_VERSION = "UPDATE latchkey_schema SET version = ?";

  private Schema() {}

  /// Brings the tables to the version of this release, within the caller's transaction.
  ///
  /// @throws InboxException.Unusable if they are of a later version
  static void migrate(Database database) {
    database.update(CREATE_VERSION);
    int version = version(database);
    if (version > MIGRATIONS.size()) {
      throw new InboxException.Unusable(
          "the inbox's tables have version %d, and this release knows versions up to %d"
              .formatted(version, MIGRATIONS.size()));
    }
    for (List<String> migration : MIGRATIONS.subList(version, MIGRATIONS.size())) {
      migration.forEach(database::update);
    }
    database.update(WRITE_VERSION, MIGRATIONS.size());
  }

  private static int version(Database database) {
    List<Long> versions = database.query(READ_VERSION, row -> row.number(1));
    if (!versions.isEmpty()) {
      return Math.toIntExact(versions.getFirst());
    }
    database.update(FIRST_VERSION);
    return 0;
  }
}
