package dev.latchkey.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// What the callers of a child write for as long as it lives, and say of it. [KillRecord] knows
/// what must be there of it.
final class KillWrites {

  private final Database database;
  private final String round;
  private final KillLoad load;
  private final PlantedBug bug;
  private final Runnable onDone;
  private final AtomicBoolean over = new AtomicBoolean();
  private final Store<String> left;
  private final Store<String> right;
  private final Counters hits;
  private final List<Thread> callers = new ArrayList<>();

  /// @param onDone run after each write that was acknowledged
  KillWrites(Database database, String round, KillLoad load, PlantedBug bug, Runnable onDone) {
    this.database = database;
    this.round = round;
    this.load = load;
    this.bug = bug;
    this.onDone = onDone;
    left = database.store(KillChild.LEFT);
    right = database.store(KillChild.RIGHT);
    hits = database.counters("hits", Expiry.never());
    database.update("CREATE TABLE IF NOT EXISTS pair (name TEXT PRIMARY KEY)");
    left.putIfAbsent("count", "0");
  }

  void startCallers() {
    for (int i = 0; i < load.platform + load.virtual; i++) {
      String caller = round + "-" + i;
      Thread.Builder builder = i < load.platform ? Thread.ofPlatform() : Thread.ofVirtual();
      callers.add(builder.start(() -> writeUntilOver(caller)));
    }
  }

  /// Has the callers end.
  void end() {
    over.set(true);
    callers.forEach(Threads::join);
  }

  private void writeUntilOver(String caller) {
    for (int n = 0; !over.get(); n++) {
      String name = caller + "-" + n;
      int slot = n;
      done("put", name, () -> left.put("put-" + name, padded(name)));
      done("pair", name, () -> writePair(name));
      done("slot", caller + " " + n, () -> writeSlot(caller, slot));
      if (n % 4 == 0) {
        done("count", name, this::countByComparing);
        done("hit", name, () -> hits.add("hits", 1));
      }
    }
  }

  /// Says what is tried, does it, and says that it is done.
  void done(String what, String name, Runnable write) {
    say("try", what, name);
    if (bug == PlantedBug.ACKNOWLEDGES_FIRST) {
      say("ok", what, name);
    }
    write.run();
    say("ok", what, name);
    onDone.run();
  }

  private static void say(String state, String what, String name) {
    KillChild.say(state + " " + what + " " + name);
  }

  private String padded(String name) {
    return name + " " + "x".repeat(load.valueLength);
  }

  private void writePair(String name) {
    if (bug == PlantedBug.WRITES_HALVES) {
      left.put("pair-" + name, name);
      database.update("INSERT INTO pair (name) VALUES (?)", name);
      right.put("pair-" + name, name);
      return;
    }
    database.transact(() -> {
      left.put("pair-" + name, name);
      database.update("INSERT INTO pair (name) VALUES (?)", name);
      right.put("pair-" + name, name);
    });
  }

  /// Each fourth write of a slot removes it.
  private void writeSlot(String caller, int n) {
    if (n % 4 == 3) {
      right.remove("slot-" + caller);
    } else {
      right.put("slot-" + caller, String.valueOf(n));
    }
  }

  private void countByComparing() {
    boolean counted = false;
    while (!counted) {
      Entry<String> entry = left.entry("count").orElseThrow();
      String next = String.valueOf(Long.parseLong(entry.value()) + 1);
      counted = left.compareAndSet(entry, next);
    }
  }
}
