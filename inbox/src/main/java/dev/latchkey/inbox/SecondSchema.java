package dev.latchkey.inbox;

import java.util.List;

/// The tables of the second version, and what takes the first one's rows there.
///
/// What is a rule and not a habit is an index: one live work per key, one running work per key, one
/// running work per lane. The other indices say which questions are asked all the time; see [Lanes]
/// and [Lines] for those about the queues.
final class SecondSchema {

  static final List<String> SET_ASIDE =
      List.of(
          "ALTER TABLE latchkey_delivery RENAME TO latchkey_delivery_1",
          "ALTER TABLE latchkey_work RENAME TO latchkey_work_1",
          "ALTER TABLE latchkey_cause RENAME TO latchkey_cause_1",
          "DROP INDEX latchkey_delivery_tally",
          "DROP INDEX latchkey_work_live",
          "DROP INDEX latchkey_work_lane",
          "DROP INDEX latchkey_work_running",
          "DROP INDEX latchkey_work_ready",
          "DROP INDEX latchkey_work_state");

  static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE latchkey_delivery (
            seq {seq},
            source TEXT NOT NULL,
            id TEXT NOT NULL,
            kind TEXT NOT NULL,
            headers TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            received_at {long} NOT NULL,
            via TEXT NOT NULL CHECK (via IN ('WEBHOOK', 'CATCH_UP', 'RESYNC')),
            works {long} NOT NULL,
            duplicates {long} NOT NULL DEFAULT 0,
            encoding TEXT NOT NULL CHECK (encoding IN ('RAW', 'DEFLATE')),
            body {blob},
            UNIQUE (source, id)
          ) {strict}
          """,
          // Counting deliveries reads this index, not the bodies.
          """
          CREATE INDEX latchkey_delivery_time ON latchkey_delivery (received_at, works, duplicates)
          """,
          """
          CREATE INDEX latchkey_delivery_ignored ON latchkey_delivery (received_at)
          WHERE works <= 0 AND body IS NOT NULL
          """,
          // Steps and charges are known by the id of their work: an id is never used again.
          """
          CREATE TABLE latchkey_work (
            id {id},
            kind TEXT NOT NULL,
            lane TEXT NOT NULL,
            work_key TEXT NOT NULL,
            subject TEXT NOT NULL,
            limits TEXT NOT NULL DEFAULT '',
            line {long} NOT NULL,
            priority {long} NOT NULL DEFAULT 0,
            state TEXT NOT NULL CHECK (state IN
              ('READY', 'WAITING', 'HELD', 'RUNNING', 'DONE', 'DEAD', 'CANCELLED')),
            reason TEXT CHECK (reason IN ('LIMIT', 'RETRY', 'DELAY')),
            front {long} NOT NULL DEFAULT 0,
            attempt {long} NOT NULL DEFAULT 1,
            crashes {long} NOT NULL DEFAULT 0,
            suspicions {long} NOT NULL DEFAULT 0,
            progressed {long} NOT NULL DEFAULT 0,
            epoch {long} NOT NULL DEFAULT 0,
            owner TEXT,
            call_ref TEXT,
            cancelled TEXT,
            next_at {long} NOT NULL,
            outcome TEXT NOT NULL DEFAULT '',
            error TEXT NOT NULL DEFAULT '',
            first_at {long} NOT NULL,
            updated_at {long} NOT NULL,
            claimed_at {long},
            ended_at {long},
            closed_at {long},
            slim {long} NOT NULL DEFAULT 0,
            replay_of {long},
            unrouted {long} NOT NULL DEFAULT 0,
            CHECK ((state = 'WAITING') = (reason IS NOT NULL)),
            CHECK ((state = 'RUNNING') = (owner IS NOT NULL)),
            CHECK ((state IN ('DONE', 'DEAD', 'CANCELLED')) = (ended_at IS NOT NULL)),
            CHECK (front = 0 OR state = 'READY' OR reason = 'LIMIT')
          ) {strict}
          """,
          """
          CREATE TABLE latchkey_cause (
            work {long} NOT NULL,
            delivery {long} NOT NULL,
            PRIMARY KEY (work, delivery)
          ) {keyed}
          """,
          """
          CREATE TABLE latchkey_line (
            id {id},
            kind TEXT NOT NULL,
            demands TEXT NOT NULL,
            works {long} NOT NULL,
            gate {long},
            head_priority {long},
            head {long},
            UNIQUE (kind, demands)
          ) {strict}
          """,
          """
          CREATE TABLE latchkey_gate (
            id {id},
            demand TEXT NOT NULL UNIQUE,
            bucket TEXT NOT NULL,
            opens_at {long} NOT NULL
          ) {strict}
          """,
          """
          CREATE TABLE latchkey_run (
            work {long} NOT NULL,
            epoch {long} NOT NULL,
            attempt {long} NOT NULL,
            began_at {long} NOT NULL,
            ended_at {long} NOT NULL,
            ending TEXT NOT NULL,
            note TEXT NOT NULL,
            PRIMARY KEY (work, epoch)
          ) {keyed}
          """,
          """
          CREATE TABLE latchkey_source (
            name TEXT PRIMARY KEY,
            looked_at {long} NOT NULL,
            watermark {long},
            scan_from {long},
            scan_to {long},
            cursor TEXT
          ) {strict}
          """);

  static final List<String> ADDITIONS =
      List.of(
          "ALTER TABLE latchkey_step ADD COLUMN usage TEXT NOT NULL DEFAULT ''",
          "ALTER TABLE latchkey_step ADD COLUMN failed {long} NOT NULL DEFAULT 0",
          "ALTER TABLE latchkey_step ADD COLUMN lost {long} NOT NULL DEFAULT 0",
          "ALTER TABLE latchkey_step ADD COLUMN began_at {long}",
          "ALTER TABLE latchkey_step ADD COLUMN kept_at {long}",
          "ALTER TABLE latchkey_charge ADD COLUMN work {long} NOT NULL DEFAULT 0",
          "ALTER TABLE latchkey_charge ADD COLUMN begun {long} NOT NULL DEFAULT 0",
          "ALTER TABLE latchkey_charge ADD COLUMN ambiguous {long} NOT NULL DEFAULT 0",
          "ALTER TABLE latchkey_charge ADD COLUMN matters_until {long} NOT NULL DEFAULT 0",
          // Only running works hold what they haven't spent. The windows of works that had ended
          // were
          // forgotten, so that each charge is kept for the longest there may be, 3,660 days.
          """
          UPDATE latchkey_charge SET work = CAST(ref AS {long}),
            state = CASE state WHEN 'RESERVED' THEN 'RELEASED' ELSE state END,
            matters_until = CASE state WHEN 'SETTLED' THEN at + 316224000000 ELSE at END
          """,
          "DROP INDEX latchkey_charge_held",
          "DROP INDEX latchkey_charge_ref");

  static final List<String> COPIES =
      List.of(
          """
          INSERT INTO latchkey_delivery (source, id, kind, headers, sha256, received_at, via,
            works, duplicates, encoding, body)
          SELECT source, id, kind, headers, sha256, received_at, 'WEBHOOK',
            works, duplicates, 'RAW', body
          FROM latchkey_delivery_1 ORDER BY received_at, source, id
          """,
          """
          INSERT INTO latchkey_line (kind, demands, works)
          SELECT DISTINCT kind, '', 0 FROM latchkey_work_1
          """,
          """
          INSERT INTO latchkey_work (id, kind, lane, work_key, subject, line, state, reason,
            attempt, epoch, owner, next_at, outcome, error, first_at, updated_at,
            claimed_at, ended_at, closed_at, unrouted)
          SELECT w.id, w.kind, w.lane, w.work_key, w.subject, l.id,
            CASE w.reason WHEN 'LIMIT' THEN 'READY' ELSE w.state END,
            CASE w.reason WHEN 'LIMIT' THEN NULL ELSE w.reason END,
            w.attempt, w.epoch, w.owner, w.next_at, w.outcome, w.error, w.first_at, w.updated_at,
            w.claimed_at, w.ended_at, CASE w.state WHEN 'DEAD' THEN NULL ELSE w.ended_at END,
            CASE WHEN w.state = 'DEAD' AND w.epoch = 0 AND w.work_key LIKE 'unrouted %'
              THEN 1 ELSE 0 END
          FROM latchkey_work_1 AS w JOIN latchkey_line AS l ON l.kind = w.kind AND l.demands = ''
          """,
          """
          INSERT INTO latchkey_cause (work, delivery)
          SELECT c.work, d.seq FROM latchkey_cause_1 AS c
          JOIN latchkey_delivery AS d ON d.source = c.source AND d.id = c.delivery
          """);

  /// Where SQLite goes on to count the works' ids: those of works that are no more are in no row.
  static final String COUNT_ON =
      """
      UPDATE sqlite_sequence
      SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'latchkey_work_1')
      WHERE name = 'latchkey_work'
      """;

  static final List<String> INDICES =
      List.of(
          """
          CREATE UNIQUE INDEX latchkey_work_live ON latchkey_work (work_key)
          WHERE state IN ('READY', 'WAITING', 'HELD')
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
          CREATE INDEX latchkey_work_queue ON latchkey_work (lane, line, priority DESC, id)
          WHERE (state = 'READY' OR reason = 'LIMIT')
          """,
          """
          CREATE INDEX latchkey_work_fronts ON latchkey_work (lane, line) WHERE front = 1
          """,
          """
          CREATE INDEX latchkey_work_ready ON latchkey_work (kind, priority DESC, id)
          WHERE front = 1 AND state = 'READY'
          """,
          """
          CREATE INDEX latchkey_work_suspect ON latchkey_work (crashes, id)
          WHERE front = 1 AND state = 'READY' AND crashes + suspicions > 1
          """,
          """
          CREATE INDEX latchkey_work_line ON latchkey_work (line, priority DESC, id)
          WHERE front = 1 AND reason = 'LIMIT'
          """,
          """
          CREATE INDEX latchkey_work_due ON latchkey_work (next_at)
          WHERE reason IN ('RETRY', 'DELAY')
          """,
          "CREATE INDEX latchkey_work_state ON latchkey_work (state, id)",
          "CREATE INDEX latchkey_work_kind ON latchkey_work (kind, id)",
          "CREATE INDEX latchkey_work_of_lane ON latchkey_work (lane, id)",
          """
          CREATE INDEX latchkey_work_closed ON latchkey_work (slim, closed_at)
          WHERE closed_at IS NOT NULL
          """,
          "CREATE INDEX latchkey_cause_delivery ON latchkey_cause (delivery, work)",
          """
          CREATE INDEX latchkey_line_gate ON latchkey_line (gate, head_priority DESC, head)
          WHERE gate IS NOT NULL
          """,
          "CREATE INDEX latchkey_gate_time ON latchkey_gate (opens_at)",
          "CREATE INDEX latchkey_gate_bucket ON latchkey_gate (bucket)",
          """
          CREATE INDEX latchkey_charge_held ON latchkey_charge (bucket, at, units)
          WHERE state <> 'RELEASED'
          """,
          "CREATE INDEX latchkey_charge_work ON latchkey_charge (work)",
          """
          CREATE INDEX latchkey_charge_reserved ON latchkey_charge (work)
          WHERE state = 'RESERVED'
          """);

  static final List<String> LEFTOVERS =
      List.of(
          "DROP TABLE latchkey_delivery_1",
          "DROP TABLE latchkey_work_1",
          "DROP TABLE latchkey_cause_1",
          "DROP TABLE latchkey_limit");

  private SecondSchema() {}
}
