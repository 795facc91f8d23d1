package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What people look at: counts, and lists of works.
final class Overview {

  private static final String WORKS_BY_STATE =
      "SELECT state, COUNT(*) FROM latchkey_work GROUP BY state";
  private static final String DELIVERIES =
      """
      SELECT COUNT(*), COALESCE(SUM(CASE WHEN works = 0 THEN 1 ELSE 0 END), 0),
        COALESCE(SUM(duplicates), 0)
      FROM latchkey_delivery
      """;
  // The first so many by age are as good as all, and don't take longer with the backlog.
  private static final String OLDEST_DUE =
      """
      SELECT MIN(next_at) FROM (
        SELECT MIN(next_at) AS next_at FROM (
          SELECT next_at FROM latchkey_work WHERE state = 'READY' ORDER BY id LIMIT 1000) AS ready
        UNION ALL
        SELECT MIN(next_at) FROM latchkey_work
          WHERE reason IN ('RETRY', 'DELAY') AND next_at <= ?) AS due
      """;

  // A work that waits for a limit waits as long as the gate at which its line stands.
  static final String VIEW =
      """
      SELECT w.id, w.kind, w.lane, w.work_key, w.subject, w.state, w.reason, w.priority, w.attempt,
        w.crashes, w.epoch, CASE WHEN w.reason = 'LIMIT' THEN
          COALESCE((SELECT NULLIF(g.opens_at, 0) FROM latchkey_line AS l JOIN latchkey_gate AS g
            ON g.id = l.gate WHERE l.id = w.line), w.next_at) ELSE w.next_at END,
        w.outcome, w.error, w.first_at, w.claimed_at, w.ended_at, w.closed_at, w.cancelled
      FROM latchkey_work AS w
      """;

  private final Database database;
  private final InstantSource clock;

  Overview(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  InboxStats stats(InboxStats.Recent recent) {
    Map<WorkState, Long> works = new EnumMap<>(WorkState.class);
    for (WorkState state : WorkState.values()) {
      works.put(state, 0L);
    }
    database.query(
        WORKS_BY_STATE, row -> works.put(WorkState.valueOf(Work.text(row, 1)), row.number(2)));
    Counts counts =
        database
            .query(DELIVERIES, row -> new Counts(row.number(1), row.number(2), row.number(3)))
            .getFirst();
    return new InboxStats(
        works,
        counts.all() - counts.ignored(),
        counts.duplicates(),
        counts.ignored(),
        recent,
        oldestDue());
  }

  private record Counts(long all, long ignored, long duplicates) {}

  private @Nullable Instant oldestDue() {
    List<Long> due =
        database.query(OLDEST_DUE, row -> row.isNull(1) ? -1 : row.number(1), clock.millis());
    return due.getFirst() < 0 ? null : Instant.ofEpochMilli(due.getFirst());
  }

  List<WorkView> works(WorkQuery query) {
    List<String> conditions = new ArrayList<>();
    List<@Nullable Object> arguments = new ArrayList<>();
    if (!query.states().isEmpty()) {
      int states = query.states().size();
      conditions.add("w.state IN (" + String.join(", ", Collections.nCopies(states, "?")) + ")");
      query.states().forEach(state -> arguments.add(state.name()));
    }
    add(conditions, arguments, "w.lane = ?", query.lane());
    add(conditions, arguments, "w.kind = ?", query.kind());
    add(conditions, arguments, "w.first_at >= ?", query.from());
    add(conditions, arguments, "w.first_at < ?", query.until());
    add(conditions, arguments, "w.id < ?", query.before());
    String where = conditions.isEmpty() ? "" : "WHERE " + String.join(" AND ", conditions);
    arguments.add(query.limit());
    return database.query(
        VIEW + where + " ORDER BY w.id DESC LIMIT ?", Overview::work, arguments.toArray());
  }

  private static void add(
      List<String> conditions,
      List<@Nullable Object> arguments,
      String condition,
      @Nullable Object argument) {
    if (argument != null) {
      conditions.add(condition);
      arguments.add(argument);
    }
  }

  static WorkView work(Database.Row row) {
    WorkState state = WorkState.valueOf(Work.text(row, 6));
    boolean due = state == WorkState.READY || state == WorkState.WAITING;
    return new WorkView(
        row.number(1),
        Work.text(row, 2),
        Work.text(row, 3),
        Work.text(row, 4),
        Work.text(row, 5),
        state,
        row.isNull(7) ? null : WaitReason.valueOf(Work.text(row, 7)),
        (int) row.number(8),
        (int) row.number(9),
        (int) row.number(10),
        row.number(11),
        due ? row.instant(12) : null,
        Work.text(row, 13),
        Work.text(row, 14),
        Instant.ofEpochMilli(row.number(15)),
        row.instant(16),
        row.instant(17),
        state == WorkState.DEAD && !row.isNull(18),
        !row.isNull(19));
  }
}
