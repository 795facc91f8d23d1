package dev.latchkey.inbox;

import java.util.List;

/// The tables of the first version. What has been released is never changed.
final class FirstSchema {

  static final List<String> STATEMENTS =
      List.of(
          """
          CREATE TABLE latchkey_delivery (
            source TEXT NOT NULL,
            id TEXT NOT NULL,
            kind TEXT NOT NULL,
            headers TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            received_at {long} NOT NULL,
            works {long} NOT NULL,
            duplicates {long} NOT NULL DEFAULT 0,
            body {blob} NOT NULL,
            PRIMARY KEY (source, id)
          ) {strict}
          """,
          // Counting deliveries reads this index, not the bodies.
          """
          CREATE INDEX latchkey_delivery_tally ON latchkey_delivery (works, duplicates)
          """,
          // AUTOINCREMENT, because steps and charges are known by the id of their work: an id
          // must never be used again.
          """
          CREATE TABLE latchkey_work (
            id {id},
            kind TEXT NOT NULL,
            lane TEXT NOT NULL,
            work_key TEXT NOT NULL,
            subject TEXT NOT NULL,
            state TEXT NOT NULL
              CHECK (state IN ('READY', 'WAITING', 'RUNNING', 'DONE', 'DEAD')),
            reason TEXT
              CHECK (reason IN ('LIMIT', 'RETRY', 'DELAY')),
            attempt {long} NOT NULL DEFAULT 1,
            epoch {long} NOT NULL DEFAULT 0,
            owner TEXT,
            next_at {long} NOT NULL,
            outcome TEXT NOT NULL DEFAULT '',
            error TEXT NOT NULL DEFAULT '',
            first_at {long} NOT NULL,
            updated_at {long} NOT NULL,
            claimed_at {long},
            ended_at {long},
            CHECK ((state = 'WAITING') = (reason IS NOT NULL)),
            CHECK ((state = 'RUNNING') = (owner IS NOT NULL))
          ) {strict}
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
            seq {seq},
            work {long} NOT NULL,
            source TEXT NOT NULL,
            delivery TEXT NOT NULL,
            UNIQUE (work, source, delivery)
          ) {strict}
          """,
          """
          CREATE TABLE latchkey_limit (
            work {long} NOT NULL,
            bucket TEXT NOT NULL,
            units {long} NOT NULL,
            window_millis {long} NOT NULL,
            PRIMARY KEY (work, bucket)
          ) {keyed}
          """,
          """
          CREATE INDEX latchkey_limit_bucket ON latchkey_limit (bucket)
          """,
          """
          CREATE TABLE latchkey_charge (
            bucket TEXT NOT NULL,
            ref TEXT NOT NULL,
            at {long} NOT NULL,
            units {long} NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('RESERVED', 'SETTLED', 'RELEASED')),
            PRIMARY KEY (bucket, ref)
          ) {keyed}
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
            work {long} NOT NULL,
            name TEXT NOT NULL,
            input_hash TEXT NOT NULL,
            call {long} NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('INTENT', 'DONE')),
            output {blob},
            PRIMARY KEY (work, name, input_hash),
            CHECK ((state = 'DONE') = (output IS NOT NULL))
          ) {strict}
          """,
          """
          CREATE TABLE latchkey_owner (
            id {long} PRIMARY KEY CHECK (id = 1),
            owner TEXT NOT NULL
          ) {strict}
          """);

  private FirstSchema() {}
}
