package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which works a lane offers, so that a claim looks at those only, however long the lane is.
///
/// Queued works are the ready ones and those that wait for a limit. Of the queued works of a lane
/// which also share a line, and so ask for exactly the same, one goes first: by priority, then by
/// age. While nothing of the lane runs, that one is its **front**; while something runs, the lane
/// has no front. Only fronts are looked at by [Claims] and stand in their [line][Lines].
///
/// A better work that comes later becomes a front beside the one there is, which does no harm. All
/// methods belong into a transaction of the caller's.
final class Lanes {

  // The condition of the partial indices, word for word, or they aren't used.
  private static final String QUEUED = "(state = 'READY' OR reason = 'LIMIT')";

  private static final String ENTER =
      """
      UPDATE latchkey_work SET front = 1
      WHERE id = ? AND front = 0 AND %s
        AND NOT EXISTS (
          SELECT 1 FROM latchkey_work AS r WHERE r.lane = ? AND r.state = 'RUNNING')
        AND NOT EXISTS (
          SELECT 1 FROM latchkey_work AS f WHERE f.lane = ? AND f.line = ? AND f.front = 1
            AND (f.priority > ? OR (f.priority = ? AND f.id < ?)))
      """
          .formatted(QUEUED);
  private static final String FRONTS =
      "SELECT line, reason FROM latchkey_work WHERE lane = ? AND front = 1";
  private static final String TAKE_BACK =
      "UPDATE latchkey_work SET front = 0 WHERE lane = ? AND front = 1";
  private static final String RUNNING =
      "SELECT 1 FROM latchkey_work WHERE lane = ? AND state = 'RUNNING'";
  private static final String NEXT_LINE =
      """
      SELECT line FROM latchkey_work WHERE lane = ? AND line > ? AND %s
      ORDER BY lane, line LIMIT 1
      """
          .formatted(QUEUED);
  private static final String BEST =
      """
      SELECT id, front, reason FROM latchkey_work WHERE lane = ? AND line = ? AND %s
      ORDER BY lane, line, priority DESC, id LIMIT 1
      """
          .formatted(QUEUED);
  private static final String PROMOTE = "UPDATE latchkey_work SET front = 1 WHERE id = ?";

  private final Database database;
  private final Lines lines;

  Lanes(Database database, Lines lines) {
    this.database = database;
    this.lines = lines;
  }

  /// Lets a queued work be the front of its lane, if it is its turn.
  void enter(Work work) {
    int entered =
        database.update(
            ENTER,
            work.id(),
            work.lane(),
            work.lane(),
            work.line(),
            work.priority(),
            work.priority(),
            work.id());
    if (entered > 0 && work.isInLine()) {
      lines.changed(work.line());
    }
  }

  /// Takes back what a lane offers, because one of its works begins to run.
  void taken(String lane) {
    List<Front> fronts = database.query(FRONTS, Front::of, lane);
    if (fronts.isEmpty()) {
      return;
    }
    database.update(TAKE_BACK, lane);
    for (Front front : fronts) {
      if (front.inLine()) {
        lines.changed(front.line());
      }
    }
  }

  private record Front(long line, boolean inLine) {
    static Front of(Database.Row row) {
      return new Front(row.number(1), !row.isNull(2));
    }
  }

  /// Offers the next of each line, because nothing of the lane runs any more.
  void freed(String lane) {
    for (Long line = nextLine(lane, -1); line != null; line = nextLine(lane, line)) {
      promote(lane, line);
    }
  }

  /// Offers the next of that line, because its front has left.
  void left(String lane, long line) {
    if (database.query(RUNNING, row -> true, lane).isEmpty()) {
      promote(lane, line);
    }
  }

  /// Offers the next of each line, if nothing of the lane runs.
  void offer(String lane) {
    if (database.query(RUNNING, row -> true, lane).isEmpty()) {
      freed(lane);
    }
  }

  private @Nullable Long nextLine(String lane, long after) {
    List<Long> next = database.query(NEXT_LINE, row -> row.number(1), lane, after);
    return next.isEmpty() ? null : next.getFirst();
  }

  private void promote(String lane, long line) {
    List<Best> best = database.query(BEST, Best::of, lane, line);
    if (best.isEmpty() || best.getFirst().front()) {
      return;
    }
    database.update(PROMOTE, best.getFirst().id());
    if (best.getFirst().inLine()) {
      lines.changed(line);
    }
  }

  private record Best(long id, boolean front, boolean inLine) {
    static Best of(Database.Row row) {
      return new Best(row.number(1), row.number(2) == 1, !row.isNull(3));
    }
  }
}
