package dev.latchkey.inbox;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Store;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/// A handler that does what a good one does, and fails in every way that is allowed.
final class SimHandler implements Handler {

  static final Limit TOKENS = new Limit("tokens", 1_000, Duration.ofHours(2));

  private static final Codec<String> TEXT = Codec.text();

  private final SimWorld world;
  private final Random random;
  private final SimBug bug;
  private final Hooks hooks;

  /// What a handler reaches of the process it runs in.
  interface Hooks {
    /// Kills the process; the run goes on as a zombie.
    void kill();

    /// Returns whether things may go wrong.
    boolean isRough();

    long millis();

    Store<String> left();

    Store<String> right();

    Store<String> done();
  }

  SimHandler(SimWorld world, Random random, SimBug bug, Hooks hooks) {
    this.world = world;
    this.random = random;
    this.bug = bug;
    this.hooks = hooks;
  }

  private boolean oneIn(int count) {
    return hooks.isRough() && random.nextInt(count) == 0;
  }

  @Override
  public Outcome handle(Task task) throws Exception {
    if (bug == SimBug.MARK_BEFORE_WORK) {
      if (hooks.left().contains("mark " + task.id())) {
        return Outcome.done("marked");
      }
      hooks.left().put("mark " + task.id(), "marked");
      hooks.right().put("mark " + task.id(), "marked");
    }
    String read =
        task.step("read", task.subject(), TEXT, () -> read(task), result -> canary(task, result));
    if (oneIn(12)) {
      task.checkpoint();
    }
    if (!task.kind().equals("plain")) {
      pay(task, read);
    }
    if (oneIn(30)) {
      hooks.kill();
    }
    effect(task);
    return outcome(task);
  }

  private String read(Task task) throws IOException {
    if (oneIn(15)) {
      hooks.kill();
    }
    if (oneIn(15)) {
      throw new IOException("reading failed");
    }
    return "read " + task.subject();
  }

  private void canary(Task task, String result) {
    hooks.left().put("canary " + task.id(), result);
    hooks.right().put("canary " + task.id(), result);
  }

  private void pay(Task task, String read) throws Exception {
    String name = task.id() + " ask " + read;
    long estimate = random.nextLong(50, 250);
    List<Reservation> reservations =
        task.kind().equals("metered") ? List.of(new Reservation(TOKENS, estimate)) : List.of();
    long[] used = {0};
    task.paidStep(
        "ask",
        read,
        reservations,
        TEXT,
        bill -> {
          used[0] = ask(task, name, bill, estimate);
          return "answer";
        });
    // Only now is it known that the answer was kept by this run, or by one before.
    world.answered.add(name);
    world.billed.merge(task.id(), used[0], Long::sum);
  }

  private long ask(Task task, String name, Bill bill, long estimate) throws IOException {
    if (world.answered.contains(name)) {
      world.askedAgain.add(name);
    }
    SimWorld.count(world.calls, name);
    world.paid.add(task.id());
    if (oneIn(10)) {
      SimWorld.count(world.interrupted, name);
      hooks.kill();
    }
    if (oneIn(10)) {
      SimWorld.count(world.interrupted, name);
      if (random.nextBoolean()) {
        bill.nothing();
      }
      throw new IOException("the model failed");
    }
    if (!task.kind().equals("metered")) {
      return 0;
    }
    long used = random.nextLong(estimate + 1);
    bill.used("tokens", used);
    return used;
  }

  private void effect(Task task) {
    String thing = "effect of " + task.id();
    if (bug == SimBug.EFFECT_WITHOUT_LOOKING || !world.effects.containsKey(thing)) {
      SimWorld.count(world.effects, thing);
    }
    if (oneIn(20)) {
      hooks.kill();
    }
  }

  private Outcome outcome(Task task) throws IOException {
    if (hooks.isRough()) {
      switch (random.nextInt(14)) {
        case 0 -> throw new IOException("failed at the end");
        case 1 -> throw new RetryAt(at(random.nextInt(3_600)), "busy");
        case 2 -> throw new PermanentFailure("for good");
        case 3 -> {
          return Outcome.later(at(random.nextInt(7_200)), "later");
        }
        case 4 -> {
          return Outcome.dead("can't be done");
        }
        default -> {
          // All is well.
        }
      }
    }
    return Outcome.done("done", () -> hooks.done().put("done " + task.id(), "done"));
  }

  private Instant at(long seconds) {
    return Instant.ofEpochMilli(hooks.millis() + seconds * 1_000);
  }
}
