package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.util.List;

/// Which deliveries led to which works.
final class Causes {

  private static final String KEEP =
      """
      INSERT INTO latchkey_cause (work, delivery) VALUES (?, ?)
      ON CONFLICT (work, delivery) DO NOTHING
      """;
  private static final String COPY =
      """
      INSERT INTO latchkey_cause (work, delivery)
      SELECT ?, delivery FROM latchkey_cause WHERE work = ?
      ON CONFLICT (work, delivery) DO NOTHING
      """;
  private static final String FORGET = "DELETE FROM latchkey_cause WHERE work = ?";
  private static final String NAMES =
      """
      SELECT d.source, d.id FROM latchkey_cause AS c JOIN latchkey_delivery AS d
        ON d.seq = c.delivery
      WHERE c.work = ? ORDER BY c.delivery LIMIT 1000
      """;

  private final Database database;

  Causes(Database database) {
    this.database = database;
  }

  /// @param delivery its number in the order of arrival
  void keep(long work, long delivery) {
    database.update(KEEP, work, delivery);
  }

  void copy(long from, long to) {
    database.update(COPY, to, from);
  }

  void move(long from, long to) {
    copy(from, to);
    database.update(FORGET, from);
  }

  /// Returns the first 1,000 deliveries that led to a work, each as `source/id`, oldest first.
  List<String> names(long work) {
    return database.query(NAMES, row -> row.text(1) + "/" + row.text(2), work);
  }
}
