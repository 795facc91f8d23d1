package dev.latchkey.kv;

import dev.latchkey.kv.Shim.Fault;
import dev.latchkey.kv.Shim.Kind;
import dev.latchkey.kv.Shim.Manner;
import dev.latchkey.kv.Shim.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/// What many callers do at the same time in a JVM behind the shim. It says what they were told in
/// lines that begin with `told`, and what must not be in lines that begin with `violation`.
final class GroupFaults {

  private GroupFaults() {}

  /// Many callers write at the same time until a call of the operating system fails; each has to be
  /// told what is true of its own last step.
  static final class ManyCallers {

    private static final int CALLERS = 8;
    private static final int STEPS = 24;

    private final Shim shim;
    private final Path file;
    private final List<Script> scripts = new ArrayList<>();
    private final Map<String, Integer> made = new ConcurrentHashMap<>();
    private final Map<String, RuntimeException> told = new ConcurrentHashMap<>();

    private ManyCallers(Shim shim, Path file) {
      this.shim = shim;
      this.file = file;
      for (int i = 0; i < CALLERS; i++) {
        scripts.add(new Script("c" + i, STEPS));
      }
    }

    /// Does as many rounds as it is told to.
    ///
    /// @param arguments the library, the folder, the rounds and the seed
    public static void main(String[] arguments) throws Exception {
      Quiet.begin();
      Shim shim = new Shim(Path.of(arguments[0]));
      Path folder = Path.of(arguments[1]);
      shim.watch(folder);
      Random random = new Random(Long.parseLong(arguments[3]));
      for (int round = 0; round < Integer.parseInt(arguments[2]); round++) {
        new ManyCallers(shim, folder.resolve("data.db")).run(faultBy(random));
        Folders.empty(folder);
      }
      System.out.println("done");
    }

    private static Fault faultBy(Random random) {
      return switch (random.nextInt(3)) {
        case 0 -> new Fault(Kind.SYNC, Manner.ONCE, Reason.EIO, 1 + random.nextInt(60));
        case 1 -> new Fault(Kind.WRITE, Manner.ONCE, Reason.EIO, 1 + random.nextInt(400));
        default ->
            new Fault(Kind.WRITE, Manner.FROM_THEN_ON, Reason.ENOSPC, 1 + random.nextInt(400));
      };
    }

    private void run(Fault fault) throws InterruptedException {
      Database database = Database.open(file, FaultRun.SHORT_LOG);
      Shelves shelves = Shelves.in(database);
      shim.plan(fault);
      List<Thread> threads = new ArrayList<>();
      for (Script script : scripts) {
        Thread.Builder builder = threads.size() % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
        threads.add(builder.start(() -> writeUntilItFails(script, shelves)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      boolean struck = shim.hasStruck();
      database.close();
      // Looked at now, when nobody is on the way to stop it any more.
      if (struck && !((SqlDatabase) database).engine().isStopped()) {
        System.out.println("violation not stopped by " + fault);
      }
      shim.plan(Fault.NONE);
      check(fault);
    }

    private void writeUntilItFails(Script script, Shelves shelves) {
      for (int n = 1; n <= STEPS; n++) {
        try {
          script.make(n, shelves);
        } catch (RuntimeException e) {
          told.put(script.caller(), e);
          return;
        }
        made.put(script.caller(), n);
      }
    }

    private void check(Fault fault) {
      try (Database database = Database.open(file)) {
        Map<String, SortedMap<String, String>> found = Shelves.read(database);
        for (Script script : scripts) {
          int step = made.getOrDefault(script.caller(), 0);
          RuntimeException e = told.get(script.caller());
          if (e != null) {
            System.out.println("told " + e.getClass().getSimpleName());
          }
          boolean allowed =
              switch (e) {
                case null -> true;
                case KvException.Unavailable _, KvException.Stopped _ -> true;
                case KvException.OutcomeUnknown _ -> true;
                default -> false;
              };
          int most = e instanceof KvException.OutcomeUnknown ? step + 1 : step;
          SortedMap<String, String> own =
              found.getOrDefault(script.caller(), Collections.emptySortedMap());
          if (!allowed || script.stepOf(own, step, most) < 0) {
            System.out.println(
                "violation " + script.caller() + " made " + step + " by " + fault + ": " + e);
          }
        }
        Shelves.defects(database).forEach(defect -> System.out.println("violation " + defect));
      }
    }
  }

  /// The disk becomes full while a transaction's body writes more than fits into memory, and others
  /// have done their part in the same group already, or wait for their turn.
  static final class FullDiskInABody {

    private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
    private static final StoreSpec<byte[]> BULK =
        StoreSpec.of("bulk", Codec.bytes()).ofLargeValues();
    private static final int OTHERS = 8;

    private final Shim shim;
    private final Database database;
    private final Store<String> words;
    private final Map<String, String> told = new ConcurrentHashMap<>();

    private FullDiskInABody(Shim shim, Database database) {
      this.shim = shim;
      this.database = database;
      this.words = database.store(WORDS);
    }

    /// Does as many rounds as it is told to.
    ///
    /// @param arguments the library, the folder and the rounds
    public static void main(String[] arguments) throws Exception {
      Quiet.begin();
      Shim shim = new Shim(Path.of(arguments[0]));
      Path folder = Path.of(arguments[1]);
      shim.watch(folder);
      for (int round = 0; round < Integer.parseInt(arguments[2]); round++) {
        Path file = folder.resolve("data.db");
        Map<String, String> told = new FullDiskInABody(shim, Database.open(file)).run();
        shim.plan(Fault.NONE);
        check(file, told);
        Folders.empty(folder);
      }
      System.out.println("done");
    }

    private Map<String, String> run() throws InterruptedException {
      Store<byte[]> bulk = database.store(BULK);
      words.put("before", "kept");
      told.put("before", "nothing");
      List<Thread> others = new ArrayList<>();
      Thread holder =
          call(
              "holder",
              () ->
                  database.transact(() -> {
                    words.put("holder", "lost");
                    for (int i = 0; i < OTHERS; i++) {
                      String name = "other-" + i;
                      queue(others, call(name, () -> words.put(name, "lost")));
                    }
                    queue(others, call("filler", () -> database.transact(() -> fill(bulk))));
                    queue(others, call("later", () -> words.put("later", "lost")));
                  }));
      holder.join();
      for (Thread other : others) {
        other.join();
      }
      database.close();
      return told;
    }

    /// Waits until the caller waits for its turn, so that they come in this order.
    private void queue(List<Thread> others, Thread caller) {
      others.add(caller);
      Writer writer = ((SqlDatabase) database).engine().writer();
      while (writer.waitingTurns() < others.size()) {
        Thread.onSpinWait();
      }
    }

    private void fill(Store<byte[]> bulk) {
      shim.plan(new Fault(Kind.WRITE, Manner.FROM_THEN_ON, Reason.ENOSPC, 1));
      words.put("filler", "lost");
      for (int i = 0; i < 12; i++) {
        bulk.put("bulk-" + i, new byte[1_000_000]);
      }
    }

    private Thread call(String name, Runnable write) {
      return Thread.ofPlatform()
          .start(() -> {
            try {
              write.run();
              told.put(name, "nothing");
            } catch (RuntimeException e) {
              told.put(name, e.getClass().getSimpleName());
            }
          });
    }

    private static void check(Path file, Map<String, String> told) {
      try (Database again = Database.open(file)) {
        Store<String> words = again.store(WORDS);
        told.forEach((name, outcome) -> {
          System.out.println("told " + outcome + " to " + name.split("-", 2)[0]);
          boolean there = words.contains(name);
          boolean right =
              switch (outcome) {
                case "nothing" -> there;
                case "Unavailable", "Stopped" -> !there;
                case "OutcomeUnknown" -> true;
                default -> false;
              };
          if (!right) {
            System.out.println("violation " + name + " was told " + outcome + ", there=" + there);
          }
        });
        words.put("afterwards", "kept");
        Shelves.defects(again).forEach(defect -> System.out.println("violation " + defect));
      }
    }
  }
}
