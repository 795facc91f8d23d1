package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Where works wait for limits, so that a limit which opens looks at one work and not at all.
///
/// A **line** is all the works of one kind which ask for exactly the same: while one of them is
/// refused, so are the others. A line that was refused stands at a **gate**, which is one demand
/// that the charges didn't admit, and opens at the earliest instant at which they would. When a
/// gate opens, the lines at it are looked at by their heads, the best first, until it is refused
/// again. Charges given back open the gates of their bucket at once.
///
/// A line knows how many works belong to it, and goes with the last of them, unless it asks for
/// nothing. All methods belong into a transaction of the caller's.
final class Lines {

  static final String NO_DEMANDS = "";

  // Demands of a line never change and ids are never used again, so what is remembered stays true.
  private static final int MOST_REMEMBERED = 10_000;

  private static final String FIND = "SELECT id FROM latchkey_line WHERE kind = ? AND demands = ?";
  private static final String JOIN =
      "UPDATE latchkey_line SET works = works + 1 WHERE kind = ? AND demands = ? RETURNING id";
  private static final String NEW =
      "INSERT INTO latchkey_line (kind, demands, works) VALUES (?, ?, 1) RETURNING id";
  private static final String LEAVE =
      """
      UPDATE latchkey_line SET works = works - 1 WHERE id = ? AND demands <> '' RETURNING works
      """;
  private static final String FORGET = "DELETE FROM latchkey_line WHERE id = ?";
  private static final String DEMANDS = "SELECT demands FROM latchkey_line WHERE id = ?";
  private static final String HEAD =
      """
      SELECT id, priority FROM latchkey_work WHERE line = ? AND front = 1 AND reason = 'LIMIT'
      ORDER BY line, priority DESC, id LIMIT 1
      """;
  private static final String SET_HEAD =
      "UPDATE latchkey_line SET head = ?, head_priority = ? WHERE id = ? RETURNING gate";
  private static final String EMPTY =
      "UPDATE latchkey_line SET head = NULL, head_priority = NULL, gate = NULL WHERE id = ?";
  private static final String READY =
      """
      UPDATE latchkey_work SET state = 'READY', reason = NULL
      WHERE id = ? AND reason = 'LIMIT'
      """;
  private static final String GATE =
      """
      INSERT INTO latchkey_gate (demand, bucket, opens_at) VALUES (?, ?, ?)
      ON CONFLICT (demand) DO UPDATE SET opens_at = excluded.opens_at
      RETURNING id
      """;
  private static final String STAND_AT = "UPDATE latchkey_line SET gate = ? WHERE id = ?";
  private static final String DUE =
      """
      SELECT id, demand FROM latchkey_gate WHERE opens_at <= ? ORDER BY opens_at, id LIMIT 1000
      """;
  private static final String CLOSE = "UPDATE latchkey_gate SET opens_at = ? WHERE id = ?";
  // No kind has an empty name, so the list is never empty.
  private static final String BEST_OF_OTHER_KINDS =
      "SELECT id, kind, head, head_priority FROM latchkey_line"
          + " WHERE gate = ? AND head IS NOT NULL AND kind NOT IN (''";
  private static final String BEST_FIRST = ") ORDER BY gate, head_priority DESC, head LIMIT 1";
  private static final String IS_STOOD_AT = "SELECT 1 FROM latchkey_line WHERE gate = ? LIMIT 1";
  private static final String FORGET_GATE = "DELETE FROM latchkey_gate WHERE id = ?";
  // Long ago, so that it is open also after the clock was set back.
  private static final String OPEN = "UPDATE latchkey_gate SET opens_at = 0 WHERE bucket = ?";
  private static final String NEXT_OPENING =
      "SELECT opens_at FROM latchkey_gate WHERE opens_at > ? ORDER BY opens_at LIMIT 1";

  private final Database database;
  private final Map<Long, List<Demand>> remembered = new ConcurrentHashMap<>();

  Lines(Database database) {
    this.database = database;
  }

  /// A gate that may be open.
  record Gate(long id, Demand demand) {}

  /// The best of the works at a gate.
  record Head(long line, String kind, long work, int priority) {}

  /// Returns the line for a work which asks for this, and counts the work.
  long join(String kind, String demands) {
    String find = demands.equals(NO_DEMANDS) ? FIND : JOIN;
    List<Long> found = database.query(find, row -> row.number(1), kind, demands);
    return found.isEmpty()
        ? database.query(NEW, row -> row.number(1), kind, demands).getFirst()
        : found.getFirst();
  }

  /// Counts a work out, which must no longer stand in it.
  void leave(long line) {
    List<Long> left = database.query(LEAVE, row -> row.number(1), line);
    if (!left.isEmpty() && left.getFirst() <= 0) {
      database.update(FORGET, line);
    }
  }

  List<Demand> demands(long line) {
    List<Demand> known = remembered.get(line);
    if (known != null) {
      return known;
    }
    List<Demand> demands =
        Demand.parseAll(
            database.query(DEMANDS, row -> Work.text(row, 1), line).stream()
                .findFirst()
                .orElse(NO_DEMANDS));
    if (remembered.size() >= MOST_REMEMBERED) {
      remembered.clear();
    }
    remembered.put(line, demands);
    return demands;
  }

  /// Finds out anew who is the head of a line, because its fronts have changed. A line which stands
  /// at no gate lets its works be looked at.
  void changed(long line) {
    List<Best> heads = database.query(HEAD, Best::of, line);
    if (heads.isEmpty()) {
      database.update(EMPTY, line);
      return;
    }
    Best head = heads.getFirst();
    boolean atGate =
        database
            .query(SET_HEAD, row -> !row.isNull(1), head.work(), head.priority(), line)
            .contains(true);
    if (!atGate) {
      database.update(READY, head.work());
      changed(line);
    }
  }

  private record Best(long work, long priority) {
    static Best of(Database.Row row) {
      return new Best(row.number(1), row.number(2));
    }
  }

  /// Lets a line stand at the gate of this demand, which opens then. Works that enter the line
  /// afterwards are told by [#changed].
  void standAt(long line, Demand demand, long opensAt) {
    long gate =
        database
            .query(GATE, row -> row.number(1), demand.text(), demand.bucket(), opensAt)
            .getFirst();
    database.update(STAND_AT, gate, line);
  }

  /// Returns gates at which works may be admitted now.
  List<Gate> due(long now) {
    return database.query(
        DUE, row -> new Gate(row.number(1), Demand.parseAll(Work.text(row, 2)).getFirst()), now);
  }

  /// Closes a gate until then.
  void close(Gate gate, long until) {
    database.update(CLOSE, until, gate.id());
  }

  /// Returns the best work at this gate which isn't of one of those kinds, or null. A gate without
  /// any work is forgotten.
  @Nullable Head best(Gate gate, List<String> exceptKinds) {
    String marks = ", ?".repeat(exceptKinds.size());
    Object[] arguments = new Object[exceptKinds.size() + 1];
    arguments[0] = gate.id();
    for (int i = 0; i < exceptKinds.size(); i++) {
      arguments[i + 1] = exceptKinds.get(i);
    }
    List<Head> heads =
        database.query(
            BEST_OF_OTHER_KINDS + marks + BEST_FIRST,
            row -> new Head(row.number(1), Work.text(row, 2), row.number(3), (int) row.number(4)),
            arguments);
    if (heads.isEmpty() && database.query(IS_STOOD_AT, row -> true, gate.id()).isEmpty()) {
      database.update(FORGET_GATE, gate.id());
    }
    return heads.isEmpty() ? null : heads.getFirst();
  }

  /// Opens the gates of a bucket, because some of its charges were given back.
  void opened(String bucket) {
    database.update(OPEN, bucket);
  }

  /// Returns when the next gate opens that is closed now, or null.
  @Nullable Long nextOpening(long now) {
    List<Long> next = database.query(NEXT_OPENING, row -> row.number(1), now);
    return next.isEmpty() ? null : next.getFirst();
  }
}
