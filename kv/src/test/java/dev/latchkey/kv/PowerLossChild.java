package dev.latchkey.kv;

import dev.latchkey.kv.DatabaseOptions.Durability;
import dev.latchkey.kv.Shim.Fault;
import dev.latchkey.kv.Shim.Kind;
import dev.latchkey.kv.Shim.Manner;
import dev.latchkey.kv.Shim.Reason;
import dev.latchkey.kv.TamperedConnection.Tampering;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// A JVM whose writes are traced: several callers write at the same time, while the log is copied
/// and starts over; the database is closed and opened again, and at last left open.
final class PowerLossChild {

  static final int CALLERS = 8;

  private final Shim shim;
  private final Path file;
  private final DatabaseOptions options;
  private final Tampering tampering;
  private final List<Script> scripts;

  /// What goes wrong on the way.
  enum Trouble {
    NONE,
    /// The nth sync of the second opening fails, whichever that is: a commit's or a copy's. The
    /// third opening goes on with what it finds.
    SYNC,
    /// As the one before, with a write.
    WRITE,
    /// A sync fails that is a commit's for certain, at the end of the second opening.
    COMMIT,
    /// SQLite's sync of the folder fails as it first syncs a new log, in the first opening and in
    /// the second. It goes on all the same.
    SYNC_OF_FOLDER
  }

  /// What a child does.
  ///
  /// @param nth the call that fails, where the trouble needs a number
  /// @param steps of each caller
  record Work(Durability durability, Tampering tampering, Trouble trouble, int nth, int steps) {
    Work(Durability durability, Tampering tampering, int steps) {
      this(durability, tampering, Trouble.NONE, 0, steps);
    }

    /// Returns what goes wrong as the log is made, after that many other syncs of the folder.
    private Fault atNewLog(int others) {
      return trouble == Trouble.SYNC_OF_FOLDER
          ? failOnce(Kind.SYNC_FOLDER, others + 1)
          : Fault.NONE;
    }
  }

  private PowerLossChild(Shim shim, Path file, Work work) {
    this.shim = shim;
    this.file = file;
    this.options = DatabaseOptions.defaults().withDurability(work.durability());
    this.tampering = work.tampering();
    this.scripts = scripts(work.steps());
  }

  /// Returns what the callers write.
  static List<Script> scripts(int steps) {
    List<Script> scripts = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      scripts.add(new Script("c" + i, steps));
    }
    return scripts;
  }

  static Child start(Path library, Path folder, Path trace, Work work) throws Exception {
    return Shim.start(
        library,
        PowerLossChild.class,
        folder.toString(),
        trace.toString(),
        work.durability().toString(),
        work.tampering().toString(),
        work.trouble().toString(),
        String.valueOf(work.nth()),
        String.valueOf(work.steps()));
  }

  /// Does the work.
  ///
  /// @param arguments the library, the folder, the trace, and the parts of the work
  public static void main(String[] arguments) throws Exception {
    Quiet.begin();
    Shim shim = new Shim(Path.of(arguments[0]));
    Path folder = Path.of(arguments[1]);
    Work work =
        new Work(
            Durability.valueOf(arguments[3]),
            Tampering.valueOf(arguments[4]),
            Trouble.valueOf(arguments[5]),
            Integer.parseInt(arguments[6]),
            Integer.parseInt(arguments[7]));
    shim.watch(folder);
    shim.trace(Path.of(arguments[2]));
    PowerLossChild child = new PowerLossChild(shim, folder.resolve("data.db"), work);
    child.runThreeTimes(work);
    System.out.println("done");
    System.out.flush();
    // As a loss of power leaves it: nothing is closed.
    Runtime.getRuntime().halt(0);
  }

  /// The first and the last opening are as anybody's, so that the log isn't copied before it ends.
  private void runThreeTimes(Work work) throws InterruptedException {
    int half = work.steps() / 2;
    // The journal's, and the one after the switch to a log.
    shim.plan(work.atNewLog(2));
    Database first = Database.open(file, options);
    write(first, half / 2);
    first.close();
    // The one at the end of opening.
    shim.plan(work.atNewLog(1));
    DatabaseOptions shortLog = options.withWalLimitBytes(FaultRun.SHORT_LOG.walLimitBytes());
    Database second = TamperedConnection.open(file, shortLog, tampering);
    switch (work.trouble()) {
      case SYNC -> shim.plan(failOnce(Kind.SYNC, work.nth()));
      case WRITE -> shim.plan(failOnce(Kind.WRITE, work.nth()));
      case NONE, COMMIT, SYNC_OF_FOLDER -> {}
    }
    write(second, half + half / 2 - 3);
    // After a copy that has come to its end, the next commit but one starts the log over.
    Copies.await();
    write(second, half + half / 2 - 1);
    if (work.trouble() == Trouble.COMMIT) {
      failToCommit(second, half + half / 2);
    }
    second.close();
    shim.plan(Fault.NONE);
    write(Database.open(file, options), work.steps());
  }

  private static Fault failOnce(Kind kind, int nth) {
    return new Fault(kind, Manner.ONCE, Reason.EIO, nth);
  }

  /// Makes a step of the first caller whose commit's sync fails.
  private void failToCommit(Database database, int n) {
    Script script = scripts.getFirst();
    Shelves shelves = Shelves.in(database);
    shim.mark("begin " + script.caller() + " " + n);
    try {
      database.transact(() -> {
        // While the writer is held no other copy begins, so the next sync is this commit's.
        Copies.await();
        shim.plan(failOnce(Kind.SYNC, 1));
        script.make(n, shelves);
      });
      throw new IllegalStateException("the commit did not fail");
    } catch (KvException.OutcomeUnknown e) {
      shim.mark("failed " + script.caller() + " " + n);
    }
  }

  private void write(Database database, int until) throws InterruptedException {
    Shelves shelves;
    Map<String, SortedMap<String, String>> found;
    try {
      shelves = Shelves.in(database);
      found = Shelves.read(database);
    } catch (KvException.Stopped e) {
      shim.mark("failed all Stopped");
      return;
    }
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Script script = scripts.get(i);
      int step =
          script.stepOf(
              found.getOrDefault(script.caller(), Collections.emptySortedMap()), 0, until);
      Thread.Builder builder = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
      threads.add(builder.start(() -> write(script, shelves, step, until)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /// Makes the steps after the one that is there already.
  private void write(Script script, Shelves shelves, int there, int until) {
    if (there > 0) {
      // What was read must not be gone later, so it counts as acknowledged.
      shim.mark("ack " + script.caller() + " " + there);
    }
    try {
      for (int n = there + 1; n <= until; n++) {
        shim.mark("begin " + script.caller() + " " + n);
        script.make(n, shelves);
        shim.mark("ack " + script.caller() + " " + n);
      }
    } catch (KvException e) {
      // Whether the step was made is seen after the next opening.
      shim.mark("failed " + script.caller() + " " + e.getClass().getSimpleName());
    }
  }
}
