package dev.latchkey.inbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An inbox with one work to look at, of the key `key`, whose handler does what it is told to.
final class StateRig implements AutoCloseable {

  static final Duration HOUR = Duration.ofHours(1);
  static final Limit FULL = new Limit("full", 1, HOUR);

  /// Of which each work asks a unit, unless it is under [#FULL].
  static final Limit WIDE = new Limit("wide", 100, HOUR);

  private static final List<String> TABLES =
      List.of("delivery", "work", "cause", "line", "gate", "run", "step", "charge");

  final Rig rig;
  Handler behaviour = task -> Outcome.done();
  Routing routing = Routing.to(asked());
  private @Nullable InboxException told;

  StateRig(Storage storage, Path directory) {
    rig = Rig.open(storage, directory, options -> options.withRouter(delivery -> routing));
    register();
  }

  static NewWork asked() {
    return NewWork.of("build", "lane", "key").withLimits(WIDE);
  }

  void register() {
    rig.handler("build", task -> behaviour.handle(task));
    rig.handler("other", task -> Outcome.done());
  }

  void send(Routing routing) {
    this.routing = routing;
    rig.send("event", "body");
  }

  /// Returns the oldest work of the key, which is the one that is looked at.
  WorkView work() {
    return rig.inbox().works(100).stream()
        .filter(work -> work.key().equals("key"))
        .min(Comparator.comparingLong(WorkView::id))
        .orElseThrow();
  }

  int count() {
    return rig.inbox().works(100).size();
  }

  /// Runs the work as it is now, or as a run that is over would go on.
  ///
  /// @param epoch of the run
  void run(long epoch, Handler handler, boolean settled) {
    behaviour =
        task -> {
          try {
            return handler.handle(task);
          } catch (InboxException.Superseded | InboxException.Suspended over) {
            told = over;
            throw over;
          }
        };
    WorkView work = work();
    Claim claim = new Claim(work.id(), work.kind(), work.lane(), work.key(), work.attempt(), epoch);
    Ending ending = rig.inbox().handle(new Claims.Taken(claim, work.subject()));
    boolean suspended =
        ending instanceof Ending.Cancelled
            || ending instanceof Ending.Refused
            || ending instanceof Ending.Held;
    if (ending != null && (settled || suspended)) {
      rig.inbox().settle(claim, ending);
    }
  }

  /// Returns what the last run was told by its step or checkpoint, or null.
  @Nullable InboxException told() {
    return told;
  }

  /// Returns what the work has taken as a whole.
  List<String> unit() {
    return rig.texts(
        "SELECT state FROM latchkey_charge WHERE bucket = 'wide' AND work = ?", work().id());
  }

  List<String> steps() {
    return rig.texts("SELECT name || ' ' || state FROM latchkey_step");
  }

  /// Returns all rows of all tables.
  List<String> dump() {
    List<String> rows = new ArrayList<>();
    for (String table : TABLES) {
      String name = "latchkey_" + table;
      List<String> columns =
          rig.database.query(
              "SELECT name FROM pragma_table_info(?)", row -> String.valueOf(row.text(1)), name);
      String all =
          String.join(" || '|' || ", columns.stream().map(c -> "quote(" + c + ")").toList());
      rows.addAll(rig.texts("SELECT " + all + " FROM " + name + " ORDER BY 1"));
    }
    return rows;
  }

  /// Returns what works hold that don't run.
  List<String> reservedByTheRest() {
    return rig.texts(
        """
        SELECT c.ref FROM latchkey_charge c JOIN latchkey_work w ON w.id = c.work
        WHERE c.state = 'RESERVED' AND w.state <> 'RUNNING'
        """);
  }

  @Override
  public void close() {
    rig.close();
  }
}
