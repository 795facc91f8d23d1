package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tells everything that is known of a work, in one view of the database.
final class Stories {

  private static final String REST =
      """
      SELECT w.limits, w.replay_of, w.front,
        (SELECT r.id FROM latchkey_work AS r WHERE r.lane = w.lane AND r.state = 'RUNNING'),
        (SELECT f.id FROM latchkey_work AS f WHERE f.lane = w.lane AND f.line = w.line
          AND f.front = 1 ORDER BY f.priority DESC, f.id LIMIT 1),
        (SELECT g.demand FROM latchkey_line AS l JOIN latchkey_gate AS g ON g.id = l.gate
          WHERE l.id = w.line)
      FROM latchkey_work AS w WHERE w.id = ?
      """;
  private static final String CAUSES =
      """
      SELECT d.source, d.id, d.kind, d.via, d.received_at, d.duplicates
      FROM latchkey_cause AS c JOIN latchkey_delivery AS d ON d.seq = c.delivery
      WHERE c.work = ? ORDER BY c.delivery LIMIT 1000
      """;
  private static final String RUNS =
      """
      SELECT epoch, attempt, began_at, ended_at, ending, note FROM latchkey_run
      WHERE work = ? ORDER BY epoch LIMIT 1000
      """;
  private static final String STEPS =
      """
      SELECT name, call, lost, began_at, kept_at, COALESCE(LENGTH(output), 0), usage
      FROM latchkey_step WHERE work = ? ORDER BY began_at, name, input_hash LIMIT 1000
      """;
  private static final String CHARGES =
      """
      SELECT bucket, ref, at, units, state, ambiguous FROM latchkey_charge
      WHERE work = ? ORDER BY at, bucket, ref LIMIT 1000
      """;

  private final Database database;

  Stories(Database database) {
    this.database = database;
  }

  Optional<WorkStory> of(long id) {
    return database.snapshot(() ->
        database.query(Overview.VIEW + "WHERE w.id = ?", Overview::work, id).stream()
            .findFirst()
            .map(this::story));
  }

  /// What stands in a work's row beside its view.
  private record Rest(
      String limits,
      @Nullable Long replayOf,
      boolean front,
      @Nullable Long running,
      @Nullable Long ahead,
      @Nullable String refusing) {
    static Rest of(Database.Row row) {
      return new Rest(
          Work.text(row, 1),
          row.isNull(2) ? null : row.number(2),
          row.number(3) == 1,
          row.isNull(4) ? null : row.number(4),
          row.isNull(5) ? null : row.number(5),
          row.text(6));
    }
  }

  private WorkStory story(WorkView work) {
    Rest rest = database.query(REST, Rest::of, work.id()).getFirst();
    return new WorkStory(
        work,
        why(work, rest),
        database.query(
            CAUSES,
            row ->
                new WorkStory.CauseView(
                    Work.text(row, 1),
                    Work.text(row, 2),
                    Work.text(row, 3),
                    Via.valueOf(Work.text(row, 4)),
                    Instant.ofEpochMilli(row.number(5)),
                    row.number(6)),
            work.id()),
        database.query(RUNS, Stories::run, work.id()),
        database.query(STEPS, Stories::step, work.id()),
        database.query(CHARGES, Stories::charge, work.id()),
        Demand.parseAll(rest.limits()).stream().map(Demand::limit).toList(),
        rest.replayOf());
  }

  private static String why(WorkView work, Rest rest) {
    return switch (work.state()) {
      case READY -> whyReady(work, rest);
      case WAITING -> whyWaiting(work, rest);
      case HELD -> "held until an operator releases it" + after(work.error());
      case RUNNING -> work.cancelling() ? "runs, to be cancelled at its next step" : "runs";
      case DONE -> "done" + after(work.outcome());
      case DEAD -> "dead" + after(work.error());
      case CANCELLED -> "cancelled" + after(work.outcome());
    };
  }

  private static String whyReady(WorkView work, Rest rest) {
    if (rest.running() != null) {
      return "work %d of its lane runs".formatted(rest.running());
    }
    if (!rest.front() && rest.ahead() != null) {
      return "work %d of its lane goes first".formatted(rest.ahead());
    }
    return work.crashes() > 1
        ? "ready, and to run alone, because the process died in it"
        : "ready, as soon as a worker for its kind is idle";
  }

  private static String whyWaiting(WorkView work, Rest rest) {
    String until = " until " + work.nextAt();
    WaitReason reason = work.reason();
    if (reason == WaitReason.LIMIT) {
      String refusing = rest.refusing();
      Demand demand = refusing == null ? null : Demand.parseAll(refusing).getFirst();
      return demand == null
          ? "a limit is full" + until
          : "the limit of %d on %s is full".formatted(demand.limit().units(), demand.bucket())
              + until;
    }
    return reason == WaitReason.RETRY
        ? "to be tried again" + until + after(work.error())
        : "delayed" + until + after(work.outcome());
  }

  private static String after(String text) {
    return text.isEmpty() ? "" : ": " + text;
  }

  private static WorkStory.RunView run(Database.Row row) {
    return new WorkStory.RunView(
        row.number(1),
        (int) row.number(2),
        Instant.ofEpochMilli(row.number(3)),
        Instant.ofEpochMilli(row.number(4)),
        Work.text(row, 5),
        Work.text(row, 6));
  }

  private static WorkStory.StepView step(Database.Row row) {
    Map<String, Long> usage = new HashMap<>();
    Work.text(row, 7)
        .lines()
        .forEach(line -> {
          int space = line.indexOf(' ');
          usage.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
        });
    return new WorkStory.StepView(
        Work.text(row, 1),
        (int) row.number(2),
        (int) row.number(3),
        row.instant(4),
        row.instant(5),
        row.number(6),
        usage);
  }

  private static WorkStory.ChargeView charge(Database.Row row) {
    return new WorkStory.ChargeView(
        Work.text(row, 1),
        Work.text(row, 2),
        Instant.ofEpochMilli(row.number(3)),
        row.number(4),
        Work.text(row, 5),
        row.number(6) == 1);
  }
}
