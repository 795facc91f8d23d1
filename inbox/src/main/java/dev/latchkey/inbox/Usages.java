package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// How full the limits are, for people to look at.
final class Usages {

  private static final int MOST = 1_000;

  // Of the works that have yet to begin, and of those whose charges still matter.
  private static final String KNOWN =
      """
      SELECT demands FROM (
        SELECT DISTINCT demands FROM latchkey_line WHERE works > 0 AND demands <> ''
        ORDER BY demands LIMIT 1000) AS queued
      UNION
      SELECT demand FROM (
        SELECT g.demand FROM latchkey_gate AS g JOIN latchkey_line AS l ON l.gate = g.id
        ORDER BY g.id LIMIT 1000) AS refusing
      UNION
      SELECT limits FROM (
        SELECT DISTINCT w.limits FROM latchkey_charge AS c JOIN latchkey_work AS w ON w.id = c.work
        WHERE c.state <> 'RELEASED' AND c.matters_until > ? AND w.limits <> ''
        ORDER BY w.limits LIMIT 1000) AS charged
      """;
  private static final String WAITING =
      """
      SELECT g.demand, SUM(l.works) FROM latchkey_line AS l JOIN latchkey_gate AS g ON g.id = l.gate
      GROUP BY g.demand
      """;
  private static final String HELD =
      """
      SELECT COALESCE(SUM(units), 0), MIN(at) FROM latchkey_charge
      WHERE bucket = ? AND at > ? AND state <> 'RELEASED' AND units > 0
      """;

  private final Database database;
  private final InstantSource clock;

  Usages(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  List<LimitUsage> all() {
    long now = clock.millis();
    return database.snapshot(() -> {
      TreeSet<Limit> limits =
          new TreeSet<>(
              Comparator.comparing(Limit::bucket)
                  .thenComparingLong(Limit::units)
                  .thenComparing(limit -> limit.window().text()));
      for (String demands : database.query(KNOWN, row -> Work.text(row, 1), now)) {
        Demand.parseAll(demands).forEach(demand -> limits.add(demand.limit()));
      }
      Map<Limit, Long> waiting = waiting();
      return limits.stream().limit(MOST).map(limit -> usage(limit, now, waiting)).toList();
    });
  }

  LimitUsage of(Limit limit) {
    return database.snapshot(() -> usage(limit, clock.millis(), waiting()));
  }

  private Map<Limit, Long> waiting() {
    Map<Limit, Long> waiting = new HashMap<>();
    for (Refused refused :
        database.query(WAITING, row -> new Refused(Work.text(row, 1), row.number(2)))) {
      Demand demand = Demand.parseAll(refused.demand()).getFirst();
      waiting.merge(demand.limit(), refused.works(), Long::sum);
    }
    return waiting;
  }

  private record Refused(String demand, long works) {}

  private LimitUsage usage(Limit limit, long now, Map<Limit, Long> waiting) {
    Held held =
        database
            .query(
                HELD,
                row -> new Held(row.number(1), row.instant(2)),
                limit.bucket(),
                limit.window().leftBy(now))
            .getFirst();
    Instant freesAt =
        Optional.ofNullable(held.oldest())
            .map(at -> Instant.ofEpochMilli(limit.window().leaves(at.toEpochMilli())))
            .orElse(null);
    return new LimitUsage(limit, held.units(), waiting.getOrDefault(limit, 0L), freesAt);
  }

  private record Held(long units, @Nullable Instant oldest) {}
}
