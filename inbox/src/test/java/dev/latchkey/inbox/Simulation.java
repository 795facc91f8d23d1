package dev.latchkey.inbox;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;

/// One life of an inbox as a seed tells it: deliveries, workers, an operator, kills and a clock
/// that is set by hand, all on one thread. Works are taken, run and settled apart from each other,
/// so that runs overlap and some of them wake up after they are over.
final class Simulation implements AutoCloseable, SimHandler.Hooks {

  static final List<String> KINDS = List.of("plain", "paid", "metered");
  static final Map<String, Limit> LIMITS =
      Map.of(
          "hour", new Limit("hour", 4, Duration.ofHours(1)),
          "day", Limit.perDay("day", 9, ZoneId.of("Europe/Berlin")),
          "minute", new Limit("minute", 1, Duration.ofMinutes(1)));

  private static final int ACTIONS = 160;

  final SimWorld world = new SimWorld();
  final HandClock clock = new HandClock();
  final Database database;
  final SimBug bug;

  private final Random random;
  private final Supplier<InboxOptions> options;
  private final SenderList sender = new SenderList(3);
  private final List<Pending> pending = new ArrayList<>();
  private final List<Claims.Taken> taken = new ArrayList<>();
  private final SimChecks checks;
  private final Store<String> left;
  private final Store<String> right;
  private final Store<String> done;
  private boolean rough = true;
  private int deliveries;
  Inbox inbox;

  /// A run whose ending isn't committed yet.
  private record Pending(Claims.Taken taken, Ending ending) {}

  Simulation(long seed, Path directory, SimBug bug) {
    this.bug = bug;
    random = new Random(seed);
    Storage storage = seed % 10 == 0 ? Storage.FILE : Storage.MEMORY;
    database = storage.open(directory);
    left = database.store(StoreSpec.of("left", Codec.text()));
    right = database.store(StoreSpec.of("right", Codec.text()));
    done = database.store(StoreSpec.of("done", Codec.text()));
    options =
        () ->
            InboxOptions.of(this::route)
                .withClock(clock)
                .withRandom(random)
                .withRetry(new RetryPolicy(30, Duration.ofSeconds(5), Duration.ofMinutes(10)))
                .withReviving(seed % 4 == 0)
                .withDrainTimeout(Duration.ZERO);
    checks = new SimChecks(this);
    inbox = open();
  }

  private Inbox open() {
    Inbox opened = Inbox.open(database, options.get());
    SimHandler handler = new SimHandler(world, random, bug, this);
    KINDS.forEach(kind -> opened.handler(kind, handler));
    opened.source(sender, 8);
    opened.resync("all", Duration.ofHours(1), this::resynced);
    return opened;
  }

  void run() throws Exception {
    for (int action = 0; action < ACTIONS; action++) {
      act(random.nextInt(100));
      checks.duringTheRun();
    }
    end();
    checks.afterAll();
  }

  private void act(int choice) throws Exception {
    if (choice < 34) {
      accept();
    } else if (choice < 52) {
      take();
    } else if (choice < 68) {
      handleOne();
    } else if (choice < 82) {
      settleOne();
    } else if (choice < 88) {
      clock.advance(Duration.ofSeconds(random.nextInt(1_800)));
    } else if (choice < 90) {
      // Set back or ahead, by up to a day.
      clock.advance(Duration.ofMinutes(random.nextInt(2_880) - 1_440));
    } else if (choice < 94) {
      operate();
    } else if (choice < 96) {
      look();
    } else if (choice < 98) {
      kill();
    } else if (choice < 99) {
      closeAndReopen();
    } else {
      inbox.sweep();
    }
  }

  private void accept() {
    Delivery delivery;
    if (random.nextInt(4) == 0 && !world.sent.isEmpty()) {
      List<String> ids = world.sent.keySet().stream().sorted().toList();
      delivery = Objects.requireNonNull(world.sent.get(ids.get(random.nextInt(ids.size()))));
    } else {
      delivery = fresh();
      if (random.nextInt(12) == 0) {
        // Sent, and lost on the way: only the sender's list knows it.
        sender.add(delivery.id(), clock.instant());
        return;
      }
    }
    world.sent.put(delivery.id(), delivery);
    inbox.accept(delivery);
    world.acknowledged.add(delivery.id());
  }

  private Delivery fresh() {
    String id = "d" + deliveries++;
    String body = "%s lane%d %d".formatted(kind(), random.nextInt(6), random.nextInt(1_000));
    return new Delivery("test", id, "event", Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private String kind() {
    return KINDS.get(random.nextInt(KINDS.size()));
  }

  /// A pure function of the delivery: what it asks for is drawn from its own number.
  private Routing route(Delivery delivery) {
    String body = new String(delivery.body(), StandardCharsets.UTF_8);
    String[] parts = body.split(" ", 3);
    if (parts.length < 3) {
      // One of the sender's list, whose body is its id.
      return Routing.to(NewWork.of("plain", "lane0").withSubject(delivery.id()));
    }
    int number = Integer.parseInt(parts[2]);
    if (number % 50 == 0) {
      throw new IllegalStateException("can't be routed");
    } else if (number % 50 == 1) {
      return Routing.ignore();
    } else if (number % 50 == 2) {
      return Routing.ignore().cancelling(Cancellation.ofLane(parts[1], "closed"));
    }
    NewWork work =
        NewWork.of(parts[0], parts[1], parts[1] + "/" + number % 4)
            .withSubject(delivery.id())
            .withPriority(number % 7 == 0 ? 1 : 0)
            .withLimits(limits(number));
    if (number % 5 == 0) {
      work = work.withDebounce(Duration.ofSeconds(60), Duration.ofMinutes(5));
    }
    Routing routing = Routing.to(work, NewWork.of("plain", parts[1] + "b"));
    return number % 11 == 0
        ? routing.cancelling(Cancellation.ofKey(work.key(), "replaced"))
        : number % 2 == 0 ? Routing.to(work) : routing;
  }

  private static List<Limit> limits(int number) {
    List<Limit> limits = new ArrayList<>();
    if (number % 2 == 0) {
      limits.add(limit("hour"));
    }
    if (number % 3 == 0) {
      limits.add(limit("day"));
    }
    if (number % 13 == 0) {
      limits.add(limit("minute"));
    }
    return limits;
  }

  private static Limit limit(String name) {
    return Objects.requireNonNull(LIMITS.get(name));
  }

  private List<NewWork> resynced() {
    return List.of(NewWork.of("plain", "lane" + random.nextInt(6) + "b"));
  }

  private void take() {
    int room = 1 + random.nextInt(4);
    Claims.Catch caught =
        inbox.take(new Rig.Room(room, taken.isEmpty() && pending.isEmpty(), random.nextInt(4) > 0));
    taken.addAll(caught.taken());
    if (caught.taken().size() < room && !caught.more()) {
      checks.nobodyWaitsInVain();
    }
  }

  private void handleOne() {
    if (!taken.isEmpty()) {
      handle(taken.remove(random.nextInt(taken.size())));
    }
  }

  private void handle(Claims.Taken one) {
    // Whoever is killed in the middle goes on in the inbox that it knows, as a zombie.
    Inbox its = inbox;
    Ending ending = its.handle(one);
    if (its == inbox && ending != null) {
      pending.add(new Pending(one, ending));
    } else if (its != inbox && ending != null) {
      settle(its, one, ending);
    }
  }

  private void settleOne() {
    if (!pending.isEmpty()) {
      Pending one = pending.remove(random.nextInt(pending.size()));
      settle(inbox, one.taken(), one.ending());
    }
  }

  private void settle(Inbox its, Claims.Taken one, Ending ending) {
    Claim claim = one.claim();
    if (bug == SimBug.FINISH_WITHOUT_EPOCH && ending instanceof Ending.Done) {
      database.update(
          """
          UPDATE latchkey_work SET state = 'DONE', reason = NULL, front = 0, owner = NULL,
            ended_at = 1, closed_at = 1 WHERE id = ? AND state <> 'DONE'
          """,
          claim.work());
      return;
    }
    boolean counts = checks.isCurrent(claim);
    its.settle(claim, ending);
    if (counts) {
      world.seen.put(claim.work(), one.subject());
      if (ending instanceof Ending.Retry && checks.isLive(claim)) {
        SimWorld.count(world.failures, claim.work());
      }
    }
    plantAfter(claim);
  }

  private void plantAfter(Claim claim) {
    if (bug == SimBug.CHARGE_PER_RUN) {
      database.update(
          """
          INSERT INTO latchkey_charge (bucket, ref, work, at, units, state)
          SELECT 'hour', ref || '/' || ?, work, at, 1, 'SETTLED' FROM latchkey_charge
          WHERE bucket = 'hour' AND work = ? AND state = 'SETTLED' LIMIT 1
          ON CONFLICT (bucket, ref) DO NOTHING
          """,
          claim.epoch(),
          claim.work());
    } else if (bug == SimBug.LOSE_A_CHARGE) {
      database.update(
          "DELETE FROM latchkey_charge WHERE work = ? AND state = 'SETTLED'", claim.work());
    } else if (bug == SimBug.FORGET_A_FRONT) {
      database.update(
          "UPDATE latchkey_work SET front = 0 WHERE lane = ? AND state = 'READY'", claim.lane());
    }
  }

  private void operate() {
    List<WorkView> works = inbox.works(200);
    if (works.isEmpty()) {
      return;
    }
    WorkView work = works.get(random.nextInt(works.size()));
    try {
      switch (random.nextInt(5)) {
        case 0 -> inbox.cancel(work.id(), "by the operator");
        case 1 -> inbox.hold(work.id());
        case 2 -> inbox.release(work.id());
        case 3 -> inbox.replay(work.id());
        default -> inbox.dismiss(work.id());
      }
    } catch (InboxException.NotAllowed refused) {
      world.say("refused: " + refused.getMessage());
    }
  }

  private void look() throws Exception {
    if (random.nextBoolean()) {
      inbox.catchUp("test");
    } else {
      inbox.resync("all");
    }
  }

  @Override
  public void kill() {
    for (Long work : checks.running()) {
      SimWorld.count(world.deaths, work);
    }
    inbox.die();
    taken.clear();
    pending.clear();
    inbox = open();
  }

  private void closeAndReopen() {
    inbox.close();
    taken.clear();
    pending.clear();
    inbox = open();
  }

  /// Lets everything come to its end, with nothing going wrong any more.
  private void end() throws Exception {
    rough = false;
    for (int look = 0; look < 40 && !inbox.catchUp("test").complete(); look++) {
      clock.advance(Duration.ofMinutes(10));
    }
    for (int turn = 0; turn < 3_000 && checks.unended() > 0; turn++) {
      while (!taken.isEmpty()) {
        handle(taken.removeFirst());
      }
      while (!pending.isEmpty()) {
        Pending one = pending.removeFirst();
        settle(inbox, one.taken(), one.ending());
      }
      for (WorkView held : inbox.works(WorkQuery.newest(200).withStates(WorkState.HELD))) {
        inbox.release(held.id());
      }
      Claims.Catch caught = inbox.take(new Rig.Room(50, true));
      taken.addAll(caught.taken());
      if (caught.taken().isEmpty() && !caught.more() && caught.nextDue() != null) {
        Instant due = caught.nextDue();
        clock.set(due.isAfter(clock.instant()) ? due : clock.instant().plusSeconds(60));
      }
    }
  }

  @Override
  public boolean isRough() {
    return rough;
  }

  @Override
  public long millis() {
    return clock.millis();
  }

  @Override
  public Store<String> left() {
    return left;
  }

  @Override
  public Store<String> right() {
    return right;
  }

  @Override
  public Store<String> done() {
    return done;
  }

  @Override
  public void close() {
    inbox.close();
    database.close();
  }
}
