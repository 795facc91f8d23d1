package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Database;
import java.util.List;

/// What must be true of the queues after every transaction: each lane offers whose turn it is, and
/// each line knows its works, its head and its gate.
final class Queues {

  private static final String FRONTLESS =
      """
      SELECT DISTINCT q.lane FROM latchkey_work q
      WHERE (q.state = 'READY' OR q.reason = 'LIMIT')
        AND NOT EXISTS (
          SELECT 1 FROM latchkey_work r WHERE r.lane = q.lane AND r.state = 'RUNNING')
        AND NOT EXISTS (
          SELECT 1 FROM latchkey_work f WHERE f.lane = q.lane AND f.line = q.line AND f.front = 1
            AND (f.priority > q.priority OR (f.priority = q.priority AND f.id <= q.id)))
      """;
  private static final String FRONTS_OF_BUSY_LANES =
      """
      SELECT f.id FROM latchkey_work f WHERE f.front = 1
        AND EXISTS (SELECT 1 FROM latchkey_work r WHERE r.lane = f.lane AND r.state = 'RUNNING')
      """;
  private static final String LINES_MISCOUNTED =
      """
      SELECT l.id FROM latchkey_line l WHERE l.demands <> '' AND l.works <> (
        SELECT COUNT(*) FROM latchkey_work w
        WHERE w.line = l.id AND w.state IN ('READY', 'WAITING', 'HELD', 'RUNNING'))
      """;
  private static final String HEADS_WRONG =
      """
      SELECT l.id FROM latchkey_line l WHERE COALESCE(l.head, -1) <> COALESCE((
          SELECT w.id FROM latchkey_work w
          WHERE w.line = l.id AND w.front = 1 AND w.reason = 'LIMIT'
          ORDER BY w.priority DESC, w.id LIMIT 1), -1)
        OR (l.head IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM latchkey_gate g WHERE g.id = l.gate))
      """;

  private Queues() {}

  static void requireInOrder(Database database) {
    assertThat(texts(database, FRONTLESS)).as("lanes without their front").isEmpty();
    assertThat(texts(database, FRONTS_OF_BUSY_LANES)).as("fronts of busy lanes").isEmpty();
    assertThat(texts(database, LINES_MISCOUNTED))
        .as("lines that count their works wrongly")
        .isEmpty();
    assertThat(texts(database, HEADS_WRONG)).as("lines with a wrong head").isEmpty();
  }

  private static List<String> texts(Database database, String sql) {
    return database.query(sql, row -> String.valueOf(row.text(1)));
  }
}
