package dev.latchkey.kv;

import dev.latchkey.kv.Shim.Fault;
import dev.latchkey.kv.Shim.Kind;
import dev.latchkey.kv.TamperedConnection.Tampering;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// One caller's work on a database, from the making of the file through checkpoints and two
/// openings, with a call of the operating system that fails on the way; then a look at what the
/// caller was told and at what is there once the fault is gone.
///
/// Nothing runs at the same time as the caller, so that the calls come in the same order each time.
final class FaultRun {

  /// The last step of each opening. The second one is long enough for copies of the log.
  private static final int[] LAST_STEPS = {6, 36, 42};

  private static final int STEPS_AFTERWARDS = 6;

  /// Nothing is done but what the caller does.
  private static final DatabaseOptions UNSWEPT =
      DatabaseOptions.defaults().withSweepInterval(Duration.ZERO);

  /// The log is copied as soon as it has 20 pages.
  static final DatabaseOptions SHORT_LOG = UNSWEPT.withWalLimitBytes(2 * 20 * 2_072);

  private final Shim shim;
  private final Path file;
  private final Fault fault;
  private final Tampering tampering;
  private final Script script;
  private final List<String> violations = new ArrayList<>();

  /// The last step that was told as made, and whether the next one may have been made too.
  private int made;

  private boolean nextIsUnknown;
  private String outcome = "nothing";

  FaultRun(Shim shim, Path folder, Fault fault, Tampering tampering) {
    this.shim = shim;
    this.file = folder.resolve("data.db");
    this.fault = fault;
    this.tampering = tampering;
    this.script = new Script("c", LAST_STEPS[LAST_STEPS.length - 1] + STEPS_AFTERWARDS);
  }

  /// What came of a run.
  ///
  /// @param struck whether there was a call that the fault could hit
  /// @param outcome what the caller was told first: a kind of exception, or nothing
  /// @param calls of the operating system before the fault was gone
  record Report(boolean struck, String outcome, Map<Kind, Long> calls, List<String> violations) {}

  Report run() {
    shim.plan(fault);
    for (int last : LAST_STEPS) {
      if (!runUntil(last)) {
        break;
      }
    }
    boolean struck = shim.hasStruck();
    Map<Kind, Long> calls = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      calls.put(kind, shim.calls(kind));
    }
    shim.plan(Fault.NONE);
    checkAfterwards();
    return new Report(struck, outcome, calls, violations);
  }

  /// Opens the database, makes steps, and closes it.
  ///
  /// @return false if a call failed, so that the caller gave up
  private boolean runUntil(int last) {
    Database database;
    try {
      // In the second opening the log is short, in the others it is grown ahead of its use.
      DatabaseOptions options = last == LAST_STEPS[1] ? SHORT_LOG : UNSWEPT;
      database = TamperedConnection.open(file, options, tampering);
    } catch (KvException e) {
      told("opening", e);
      // SQLite takes a failed read for damage in some places.
      boolean damage = fault.kind() == Kind.READ && e instanceof KvException.Unusable;
      if (!(e instanceof KvException.Unavailable) && !damage) {
        violations.add("opening failed with " + e);
      }
      if (made > 0) {
        // While the file is being made there is nothing in it to lose, and SQLite undoes what it
        // began.
        requireNoCallsAfterFault();
      }
      return false;
    }
    boolean whole = makeSteps(database, last);
    if (!whole && mustBeStopped()) {
      requireStopped(database);
    }
    if (last == LAST_STEPS[0]) {
      // So that the next opening finds a log.
      ((SqlDatabase) database).engine().stop("left as it is, on purpose", null);
    }
    boolean beforeClose = shim.hasStruck();
    database.close();
    requireNoCallsAfterFault();
    if (shim.hasStruck() && !beforeClose) {
      told("closing", null);
      return false;
    }
    return whole;
  }

  private boolean makeSteps(Database database, int last) {
    Shelves shelves;
    try {
      shelves = Shelves.in(database);
    } catch (KvException e) {
      told("creating", e);
      return false;
    }
    while (made < last) {
      long syncs = shim.calls(Kind.SYNC);
      try {
        script.make(made + 1, shelves);
      } catch (KvException e) {
        told("step", e);
        nextIsUnknown = e instanceof KvException.OutcomeUnknown;
        return false;
      }
      made++;
      if (shim.calls(Kind.SYNC) == syncs) {
        violations.add("step " + made + " was acknowledged without a sync");
      }
      Copies.await();
      if (mustBeStopped()) {
        // It happened after the commit, in a copy of the log.
        told("copy", null);
        return false;
      }
    }
    return true;
  }

  private void told(String where, @Nullable KvException e) {
    outcome = where + (e == null ? "" : " " + e.getClass().getSimpleName());
    boolean allowed =
        switch (e) {
          case null -> true;
          case KvException.Unavailable _, KvException.OutcomeUnknown _, KvException.Stopped _ ->
              true;
          case KvException.Unusable _ -> where.equals("opening");
          default -> false;
        };
    if (!allowed) {
      violations.add(where + " failed with " + e);
    }
    if (!shim.hasStruck()) {
      violations.add(where + " failed before the fault: " + e);
    }
  }

  private boolean mustBeStopped() {
    return shim.hasStruck() && fault.isError() && fault.kind().changesContent();
  }

  private void requireStopped(Database database) {
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put("query", () -> database.query("SELECT 1", row -> row.number(1)));
    calls.put("store", () -> database.store(StoreSpec.of("another", Codec.text())));
    calls.put("update", () -> database.update("CREATE TABLE another (a)"));
    calls.put("transact", () -> database.transact(() -> 1));
    calls.put("open", () -> Database.open(file).close());
    calls.forEach((name, call) -> {
      try {
        call.run();
        violations.add(name + " was possible after the fault");
      } catch (KvException.Stopped e) {
        // As it has to be.
        return;
      } catch (RuntimeException e) {
        violations.add(name + " failed after the fault with " + e);
      }
    });
  }

  /// After a call that failed nothing more may be done to the files until they are opened again.
  private void requireNoCallsAfterFault() {
    if (!mustBeStopped()) {
      return;
    }
    // Told that it had written half, SQLite asks for the rest to be written, and is told no.
    long rest = fault.manner() == Shim.Manner.HALF_THEN_FROM_THEN_ON ? 1 : 0;
    for (Kind kind : List.of(Kind.WRITE, Kind.SYNC, Kind.TRUNCATE)) {
      long calls = shim.callsAfterFault(kind) - (kind == Kind.WRITE ? rest : 0);
      if (calls > 0) {
        violations.add(calls + " calls to " + kind + " after the fault");
      }
    }
  }

  private void checkAfterwards() {
    try (Database database = Database.open(file)) {
      SortedMap<String, String> found = found(database);
      int step = script.stepOf(found, made, made + (nextIsUnknown ? 1 : 0));
      if (step < 0) {
        int other = script.stepOf(found, 0, script.steps());
        violations.add(
            "found the state of step " + other + ", but step " + made + " was acknowledged");
        return;
      }
      violations.addAll(Shelves.defects(database));
      Shelves shelves = Shelves.in(database);
      for (int n = step + 1; n <= step + STEPS_AFTERWARDS; n++) {
        script.make(n, shelves);
      }
      made = step + STEPS_AFTERWARDS;
    } catch (KvException e) {
      violations.add("opening after the fault failed with " + e);
      return;
    }
    try (Database database = Database.open(file)) {
      if (script.stepOf(found(database), made, made) < 0) {
        violations.add("step " + made + ", made after the fault, is missing");
      }
      violations.addAll(Shelves.defects(database));
    }
  }

  private SortedMap<String, String> found(Database database) {
    return Shelves.read(database).getOrDefault(script.caller(), Collections.emptySortedMap());
  }
}
