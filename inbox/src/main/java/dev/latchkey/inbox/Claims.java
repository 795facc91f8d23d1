package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes due works whose lane is free, whose pool has room and whose limits all admit them: the
/// higher priority first, and of equals the older one.
///
/// It looks at the works that [Lanes] offer and at the heads of the [Lines] whose gates are open,
/// so its cost doesn't grow with the backlog.
///
/// A work in which the process has died twice on end is a suspect, whoever else ran, and runs
/// alone: nothing is taken while one is ready, until nothing runs, and nothing while it runs. Of
/// several, the one that died alone the fewest times comes first. After an opening, suspects let
/// the others go first until a run has ended: a process that is killed before it has done anything
/// says nothing against them.
final class Claims {

  // Keeps the writer's turn short when many works are refused one after another.
  private static final int MOST_LOOKED_AT = 256;
  private static final int MOST_WOKEN = 500;

  private static final String SUSPECT =
      "SELECT "
          + Work.COLUMNS
          + """
               FROM latchkey_work {by latchkey_work_suspect}
          WHERE front = 1 AND state = 'READY' AND crashes + suspicions > 1
              ORDER BY crashes, id LIMIT 1 {locked}
          """;
  private static final String NEXT_KIND =
      """
      SELECT kind FROM latchkey_work {by latchkey_work_ready}
      WHERE front = 1 AND state = 'READY' AND kind > ?
      ORDER BY kind LIMIT 1
      """;
  private static final String READY =
      "SELECT "
          + Work.COLUMNS
          + """
               FROM latchkey_work {by latchkey_work_ready}
          WHERE front = 1 AND state = 'READY' AND kind = ? AND crashes + suspicions <= 1
              ORDER BY kind, priority DESC, id LIMIT ? {locked}
          """;
  private static final String NEXT_DUE =
      """
      SELECT next_at FROM latchkey_work WHERE reason IN ('RETRY', 'DELAY')
      ORDER BY next_at LIMIT 1
      """;

  private static final Comparator<Work> ORDER =
      Comparator.comparingInt(Work::priority).reversed().thenComparingLong(Work::id);

  private final Database database;
  private final InstantSource clock;
  private final Tables tables;
  private final String owner;
  private final String suspect;
  private final String nextKind;
  private final String ready;

  Claims(Database database, InstantSource clock, Tables tables, String owner) {
    this.database = database;
    this.clock = clock;
    this.tables = tables;
    this.owner = owner;
    Sql sql = Sql.of(database.dialect());
    this.suspect = sql.text(SUSPECT);
    this.nextKind = sql.text(NEXT_KIND);
    this.ready = sql.text(READY);
  }

  /// A work taken, with what its handler is given.
  record Taken(Claim claim, String subject) {}

  /// Where there is room for works.
  interface Room {
    /// Returns how many more may run in all.
    int total();

    /// Returns how many more of that kind may run.
    int of(String kind);

    /// Returns whether nothing runs.
    boolean isIdle();

    /// Returns whether a run has ended since the opening.
    boolean hasEnded();
  }

  /// What one look at the works has brought.
  ///
  /// @param more whether there may be more to take or to postpone at once
  /// @param alone whether what was taken must run alone
  /// @param nextDue when the next waiting work becomes due, or null if none waits
  record Catch(
      List<Taken> taken,
      List<Event.Postponed> postponed,
      boolean more,
      boolean alone,
      @Nullable Instant nextDue) {}

  /// Takes as many works as there is room for, in one transaction.
  Catch take(Room room) {
    return database.transactAnywhere(() -> new Look(room, clock.millis()).run());
  }

  /// One look.
  private final class Look {

    private final Room room;
    private final long now;
    private final Charges.Admissions admissions;
    private final Map<String, Integer> left = new HashMap<>();
    private final Set<String> full = new HashSet<>();
    private final List<Taken> taken = new ArrayList<>();
    private final List<Event.Postponed> postponed = new ArrayList<>();
    private int looked;
    private boolean more;

    Look(Room room, long now) {
      this.room = room;
      this.now = now;
      this.admissions = tables.charges().admissions(now);
    }

    Catch run() {
      wake();
      Work suspect = suspect();
      if (suspect == null || !room.hasEnded()) {
        takeInOrder();
      }
      boolean othersFirst = !taken.isEmpty() || more || !room.isIdle();
      if (suspect == null || othersFirst || room.of(suspect.kind()) == 0) {
        return done(false);
      }
      look(suspect);
      more = taken.isEmpty();
      return done(!more);
    }

    private Catch done(boolean alone) {
      return new Catch(taken, postponed, more, alone, nextDue());
    }

    private void wake() {
      List<Work> due = tables.works().due(now, MOST_WOKEN);
      due.forEach(work -> tables.works().ready(work, now));
      more = due.size() == MOST_WOKEN;
    }

    private @Nullable Work suspect() {
      List<Work> suspects = database.query(suspect, Work::of);
      return suspects.isEmpty() ? null : suspects.getFirst();
    }

    private void takeInOrder() {
      List<Fronts> kinds = kinds();
      List<Lines.Gate> gates = new ArrayList<>(tables.lines().due(now));
      gates.removeIf(this::isClosed);
      while (taken.size() < room.total()) {
        if (looked == MOST_LOOKED_AT) {
          more = true;
          return;
        }
        Fronts fronts = best(kinds);
        Work front = fronts == null ? null : fronts.peek();
        Work head = head(gates);
        if (front == null && head == null) {
          return;
        }
        if (head != null && head.deaths() > 1) {
          leaveToTheNextLook(head);
          return;
        }
        if (head != null && (front == null || ORDER.compare(head, front) < 0)) {
          look(head);
          gates.removeIf(this::isClosed);
        } else if (fronts != null) {
          look(fronts.remove());
        }
      }
    }

    private List<Fronts> kinds() {
      List<Fronts> kinds = new ArrayList<>();
      for (String kind = nextKind(""); kind != null; kind = nextKind(kind)) {
        if (room.of(kind) > 0) {
          kinds.add(new Fronts(kind));
        } else {
          full.add(kind);
        }
      }
      return kinds;
    }

    private static @Nullable Fronts best(List<Fronts> kinds) {
      Fronts best = null;
      for (Fronts fronts : kinds) {
        Work front = fronts.peek();
        Work before = best == null ? null : best.peek();
        if (front != null && (before == null || ORDER.compare(front, before) < 0)) {
          best = fronts;
        }
      }
      return best;
    }

    /// The fronts of one kind, read a few at a time. Whatever was looked at isn't a ready front any
    /// more, so the next few are again the first.
    private final class Fronts {

      private final String kind;
      private final Deque<Work> some = new ArrayDeque<>();
      private boolean mayBeMore = true;

      Fronts(String kind) {
        this.kind = kind;
      }

      @Nullable Work peek() {
        if (leftOf(kind) <= 0) {
          return null;
        }
        if (some.isEmpty() && mayBeMore) {
          int most = Math.min(Math.min(leftOf(kind), room.total()), MOST_LOOKED_AT);
          some.addAll(database.query(ready, Work::of, kind, most));
          mayBeMore = some.size() == most;
        }
        return some.peek();
      }

      Work remove() {
        return some.remove();
      }
    }

    private @Nullable String nextKind(String after) {
      List<String> next = database.query(nextKind, row -> Work.text(row, 1), after);
      return next.isEmpty() ? null : next.getFirst();
    }

    private boolean isClosed(Lines.Gate gate) {
      long from = admissions.from(gate.demand());
      if (from > now) {
        tables.lines().close(gate, from);
      }
      return from > now;
    }

    /// Returns the best work at the gates, of the kinds that have room.
    private @Nullable Work head(List<Lines.Gate> gates) {
      Work best = null;
      for (Lines.Gate gate : gates) {
        Lines.Head head = bestWithRoom(gate);
        if (head == null) {
          continue;
        }
        Work work = tables.works().find(head.work()).orElseThrow();
        if (best == null || ORDER.compare(work, best) < 0) {
          best = work;
        }
      }
      return best;
    }

    private Lines.@Nullable Head bestWithRoom(Lines.Gate gate) {
      while (true) {
        Lines.Head head = tables.lines().best(gate, List.copyOf(full));
        if (head == null || leftOf(head.kind()) > 0) {
          return head;
        }
        full.add(head.kind());
      }
    }

    private int leftOf(String kind) {
      return left.computeIfAbsent(kind, room::of);
    }

    /// A suspect has to run alone, which the next look sees to, once it is ready.
    private void leaveToTheNextLook(Work suspect) {
      tables.works().ready(suspect, now);
      more = true;
    }

    private void look(Work work) {
      looked++;
      List<Demand> demands = tables.lines().demands(work.line());
      Charges.Refusal refusal = admissions.refusal(demands);
      if (refusal == null) {
        take(work, demands);
        return;
      }
      tables.works().refuse(work, refusal, now);
      postponed.add(
          new Event.Postponed(work.id(), WaitReason.LIMIT, Instant.ofEpochMilli(refusal.until())));
    }

    private void take(Work work, List<Demand> demands) {
      Taken run = tables.works().take(work, owner, now);
      if (run == null) {
        return;
      }
      for (Demand demand : demands) {
        String ref = demand.call() ? work.callRef() : Charges.ref(work.id());
        admissions.reserve(work.id(), String.valueOf(ref), demand, false);
      }
      left.merge(work.kind(), -1, Integer::sum);
      taken.add(run);
    }

    private @Nullable Instant nextDue() {
      List<Long> due = database.query(NEXT_DUE, row -> row.number(1));
      Long opening = tables.lines().nextOpening(now);
      long next = due.isEmpty() ? Long.MAX_VALUE : due.getFirst();
      if (opening != null && opening < next) {
        next = opening;
      }
      return next == Long.MAX_VALUE ? null : Instant.ofEpochMilli(next);
    }
  }
}
