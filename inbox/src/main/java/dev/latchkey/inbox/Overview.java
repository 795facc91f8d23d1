package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What people look at: counts, and the newest works.
final class Overview {

  private static final int MAX_WORKS = 1_000;

  private static final String WORKS_BY_STATE =
      "SELECT state, COUNT(*) FROM latchkey_work GROUP BY state";
  private static final String DELIVERIES =
      """
      SELECT COUNT(*), SUM(works = 0), SUM(duplicates) FROM latchkey_delivery
      """;
  private static final String OLDEST_DUE =
      """
      SELECT MIN(next_at) FROM (
        SELECT MIN(next_at) AS next_at FROM latchkey_work WHERE state = 'READY'
        UNION ALL
        SELECT MIN(next_at) FROM latchkey_work WHERE state = 'WAITING' AND next_at <= ?)
      """;
  private static final String NEWEST =
      """
      SELECT id, kind, lane, work_key, subject, state, reason, attempt, epoch,
        next_at, outcome, error, first_at, claimed_at, ended_at
      FROM latchkey_work ORDER BY id DESC LIMIT ?
      """;

  private final Database database;
  private final InstantSource clock;

  Overview(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  InboxStats stats() {
    Map<WorkState, Long> works = new EnumMap<>(WorkState.class);
    for (WorkState state : WorkState.values()) {
      works.put(state, 0L);
    }
    database.query(
        WORKS_BY_STATE, row -> works.put(WorkState.valueOf(text(row, 1)), row.number(2)));
    Deliveries deliveries =
        database
            .query(DELIVERIES, row -> new Deliveries(row.number(1), row.number(2), row.number(3)))
            .getFirst();
    return new InboxStats(
        works,
        deliveries.all() - deliveries.ignored(),
        deliveries.duplicates(),
        deliveries.ignored(),
        oldestDue());
  }

  private record Deliveries(long all, long ignored, long duplicates) {}

  private @Nullable Instant oldestDue() {
    List<Long> due =
        database.query(OLDEST_DUE, row -> row.isNull(1) ? -1 : row.number(1), clock.millis());
    return due.getFirst() < 0 ? null : Instant.ofEpochMilli(due.getFirst());
  }

  List<WorkView> works(int limit) {
    if (limit < 1 || limit > MAX_WORKS) {
      throw new IllegalArgumentException("limit is " + limit + ", allowed are 1 to " + MAX_WORKS);
    }
    return database.query(NEWEST, Overview::work, limit);
  }

  private static WorkView work(Database.Row row) {
    WorkState state = WorkState.valueOf(text(row, 6));
    boolean due = state == WorkState.READY || state == WorkState.WAITING;
    return new WorkView(
        row.number(1),
        text(row, 2),
        text(row, 3),
        text(row, 4),
        text(row, 5),
        state,
        row.isNull(7) ? null : WaitReason.valueOf(text(row, 7)),
        Math.toIntExact(row.number(8)),
        row.number(9),
        due ? row.instant(10) : null,
        text(row, 11),
        text(row, 12),
        Instant.ofEpochMilli(row.number(13)),
        row.instant(14),
        row.instant(15));
  }

  private static String text(Database.Row row, int column) {
    return String.valueOf(row.text(column));
  }
}
