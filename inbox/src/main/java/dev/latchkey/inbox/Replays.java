package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.util.List;
import java.util.OptionalLong;

/// Does ended works again, as new ones with fresh steps.
final class Replays {

  private static final String SUBJECT = "SELECT subject FROM latchkey_work WHERE id = ?";
  private static final String RESOLVE =
      """
      UPDATE latchkey_work SET closed_at = ?
      WHERE id = ? AND state = 'DEAD' AND closed_at IS NULL
      """;

  private final Database database;
  private final Tables tables;

  Replays(Database database, Tables tables) {
    this.database = database;
    this.tables = tables;
  }

  /// Which work sees to it now.
  ///
  /// @param made 1, or 0 if a live work of the key will do it
  record Replay(long work, int made) {}

  /// Makes a new work of an ended one, or leaves it to the live work of its key, within the
  /// caller's transaction. A DEAD one is resolved by it.
  Replay replay(Work ended, long now) {
    resolve(ended.id(), now);
    String subject = database.query(SUBJECT, row -> Work.text(row, 1), ended.id()).getFirst();
    List<Limit> limits = Demand.parseAll(ended.limits()).stream().map(Demand::limit).toList();
    NewWork work =
        NewWork.of(ended.kind(), ended.lane(), ended.key())
            .withSubject(subject)
            .withLimits(limits)
            .withPriority(ended.priority());
    OptionalLong made = tables.works().insert(work, now, ended.id());
    long id =
        made.isPresent() ? made.getAsLong() : tables.works().live(ended.key()).orElseThrow().id();
    tables.causes().copy(ended.id(), id);
    return new Replay(id, made.isPresent() ? 1 : 0);
  }

  /// Lets a DEAD work be kept no longer than others.
  ///
  /// @return whether it was DEAD and unresolved
  boolean resolve(long work, long now) {
    return database.update(RESOLVE, now, work) > 0;
  }
}
