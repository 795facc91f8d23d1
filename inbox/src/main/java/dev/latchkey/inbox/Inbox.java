package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import dev.latchkey.kv.KvException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A durable inbox for webhooks: what [#accept] has returned for is kept, and what it asks for is
/// done once.
public final class Inbox implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Inbox.class.getPackageName());

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration RETIREMENT = Duration.ofHours(1);

  private final InboxOptions options;
  private final Owner owner;
  private final Tally tally;
  private final Herald herald;
  private final Doorway doorway;
  private final Intake intake;
  private final Overview overview;
  private final Stories stories;
  private final Usages usages;
  private final Deliveries deliveries;
  private final Endings endings;
  private final Desk desk;
  private final Worker worker;
  private final Dispatcher dispatcher;
  private final Looks looks;
  private final Retirement retirement;
  private final Rounds rounds = new Rounds();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  private Inbox(Database database, InboxOptions options, Owner owner) {
    this.options = options;
    this.owner = owner;
    tally = new Tally(options.clock());
    herald = new Herald(options.listener(), tally);
    doorway = new Doorway(database, options);
    overview = new Overview(database, options.clock());
    stories = new Stories(database);
    usages = new Usages(database, options.clock());
    deliveries = new Deliveries(database);
    Tables tables = Tables.of(database);
    Replays replays = new Replays(database, tables);
    intake = new Intake(database, options, tables, replays);
    endings = new Endings(database, options.clock(), tables);
    desk = new Desk(database, options.clock(), tables, replays, intake);
    Steps steps = new Steps(database, options, tables, this::closesWithinAPause);
    worker =
        new Worker(
            options,
            herald,
            doorway,
            endings,
            taken -> new Run(steps, tables.causes(), herald, options.clock(), taken));
    Claims claims = new Claims(database, options.clock(), tables, owner.name());
    dispatcher = new Dispatcher(claims, worker, herald, options);
    CatchUps catchUps =
        new CatchUps(database, options.clock(), tables.deliveries(), this::acceptVia);
    looks = new Looks(catchUps, herald, options.clock(), this::acceptWorks);
    retirement = new Retirement(database, options);
  }

  /// Opens the inbox kept in this database, and makes ready again whatever a process that died was
  /// doing. Close it before the database.
  ///
  /// @throws IllegalStateException if an inbox is open on this database, by whichever handle
  /// @throws InboxException.Unusable if its tables were written by a newer release
  /// @throws dev.latchkey.kv.KvException if the database fails
  public static Inbox open(Database database, InboxOptions options) {
    Owner owner = new Owner();
    try {
      Inbox inbox = new Inbox(database, options, owner);
      Endings.Recovery recovery =
          database.transact(() -> {
            Schema.migrate(database);
            owner.takeOver(database);
            return inbox.endings.recoverAll();
          });
      inbox.doorway.count();
      LOG.log(Level.INFO, () -> "event=inbox.opened recovered=" + recovery.works().size());
      recovery.dead().forEach(work -> inbox.herald.tell(new Event.Poisoned(work)));
      return inbox;
    } catch (RuntimeException failure) {
      owner.leave();
      throw failure;
    }
  }

  /// Registers what does the works of a kind, with [InboxOptions#withWorkers] at the same time. A
  /// work of a kind without handler will be DEAD.
  ///
  /// @return this
  /// @throws IllegalStateException if the kind has a handler, or the inbox has been started
  public Inbox handler(String kind, Handler handler) {
    return handler(kind, options.workers(), handler);
  }

  /// As [#handler(String, Handler)], with a pool of its own size.
  ///
  /// @param workers how many works of the kind run at the same time, 1 to 100,000
  public Inbox handler(String kind, int workers, Handler handler) {
    Texts.requireName("kind", kind, 100);
    if (workers < 1 || workers > 100_000) {
      throw new IllegalArgumentException("workers is " + workers + ", allowed are 1 to 100000");
    }
    requireOpen("handlers are registered before start: " + kind);
    worker.register(kind, workers, handler);
    return this;
  }

  /// Registers where to catch up on what was missed: at start, and every 10 minutes.
  ///
  /// @param calls the most calls to the source in one look, 2 to 100,000
  /// @return this
  /// @throws IllegalStateException if the source is registered, or the inbox has been started
  public Inbox source(DeliverySource source, int calls) {
    Texts.requireName("source", source.name(), 64);
    if (calls < 2 || calls > 100_000) {
      throw new IllegalArgumentException("calls is " + calls + ", allowed are 2 to 100000");
    }
    requireOpen("sources are registered before start: " + source.name());
    looks.add(source, calls);
    return this;
  }

  /// Registers what to look at every so often, and at start.
  ///
  /// @param name 1 to 64 characters
  /// @param every 1 second to 7 days
  /// @return this
  /// @throws IllegalStateException if the name is registered, or the inbox has been started
  public Inbox resync(String name, Duration every, Resync resync) {
    Texts.requireName("resync's name", name, 64);
    if (every.compareTo(Duration.ofSeconds(1)) < 0 || every.compareTo(Duration.ofDays(7)) > 0) {
      throw new IllegalArgumentException("every is " + every + ", allowed are PT1S to PT168H");
    }
    requireOpen("resyncs are registered before start: " + name);
    looks.add(name, every, resync);
    return this;
  }

  private void requireOpen(String message) {
    if (health() != InboxHealth.OPEN) {
      throw new IllegalStateException(message);
    }
  }

  /// Begins to take works as they become due, to catch up, to resync and to forget what is over.
  ///
  /// @throws IllegalStateException if it has been started or closed
  public void start() {
    dispatcher.start();
    looks.startIn(rounds);
    rounds.start("inbox-retirement", RETIREMENT, this::retire);
  }

  private void retire() {
    try {
      var _ = retirement.sweep();
    } catch (KvException | IllegalStateException failure) {
      // Closing interrupts it, and nothing depends on it.
      Level level = closing.get() ? Level.DEBUG : Level.WARNING;
      LOG.log(level, () -> "event=retirement.failed" + Herald.failure(failure));
    }
  }

  /// Keeps the delivery, and what the router says it asks for, and returns once that is durable. It
  /// runs no handler, and it may be called before [#start].
  ///
  /// The source and id are what makes a delivery the same: one which comes again with another body
  /// is a duplicate too, the first body stays, and a warning is logged.
  ///
  /// Called inside a transaction of the caller's own it joins it, and is durable with it.
  ///
  /// @throws IllegalArgumentException if the body is larger than [InboxOptions#maxBodyBytes];
  ///   nothing is kept
  /// @throws InboxException.Unavailable if it could not be made durable, or there is no room for
  ///   it; sending it again later is right and harmless
  /// @throws IllegalStateException if the inbox or its database is closed
  public Receipt accept(Delivery delivery) {
    return acceptVia(delivery, Via.WEBHOOK);
  }

  private Receipt acceptVia(Delivery delivery, Via via) {
    return accept(delivery, () -> intake.accept(delivery, via)).receipt();
  }

  private int acceptWorks(Delivery delivery, List<NewWork> works) {
    return accept(delivery, () -> intake.accept(delivery, works)).made();
  }

  private Intake.Result accept(Delivery delivery, Supplier<Intake.Result> keep) {
    if (closed.getCount() == 0) {
      throw new IllegalStateException("inbox is closed");
    }
    if (delivery.body().length > options.maxBodyBytes()) {
      throw new IllegalArgumentException(
          "body has %d bytes, limit %d".formatted(delivery.body().length, options.maxBodyBytes()));
    }
    doorway.enter(delivery);
    Intake.Result result;
    try {
      result = keep(delivery, keep);
    } finally {
      doorway.leave(delivery);
    }
    doorway.made(result.made());
    herald.tell(new Event.Stored(delivery.source(), delivery.id(), result.receipt()));
    result.ended().forEach(this::tell);
    if (result.receipt() == Receipt.ACCEPTED || result.made() > 0) {
      dispatcher.ring();
    }
    return result;
  }

  private Intake.Result keep(Delivery delivery, Supplier<Intake.Result> keep) {
    try {
      return keep.get();
    } catch (KvException.Stopped | KvException.OutcomeUnknown stopped) {
      dispatcher.stop(stopped);
      throw unavailable(delivery, stopped);
    } catch (KvException failure) {
      throw unavailable(delivery, failure);
    }
  }

  private static InboxException.Unavailable unavailable(Delivery delivery, KvException cause) {
    return new InboxException.Unavailable(delivery + " could not be made durable", cause);
  }

  private void tell(Event.Cancelled cancelled) {
    doorway.ended();
    herald.tell(cancelled);
  }

  /// Looks for due works now, rather than when the clock was expected to reach the next one: for a
  /// clock that is set by hand. It returns at once.
  public void wake() {
    dispatcher.ring();
  }

  /// Takes and runs what is due by the clock, on the calling thread and one after another, instead
  /// of [#start]: for tests, in which every step is then determined.
  ///
  /// @return the number of runs
  /// @throws IllegalStateException if it has been started or closed
  public int runDue() {
    requireOpen("an inbox that was started or closed can't be run by hand");
    return dispatcher.runDue();
  }

  /// Looks through a source now, on the calling thread.
  ///
  /// @throws java.util.NoSuchElementException if no source has that name
  /// @throws Exception what the source threw, or if what it gave could not be stored
  public CatchUpReport catchUp(String source) throws Exception {
    return looks.catchUp(source);
  }

  /// Resyncs now, on the calling thread.
  ///
  /// @return how many works were made; others were absorbed by live ones
  /// @throws java.util.NoSuchElementException if no resync has that name
  /// @throws Exception what the resync threw, or if what it named could not be stored
  public int resync(String name) throws Exception {
    return looks.resync(name);
  }

  /// Removes what has been kept as long as [InboxOptions#withRetention] says. Runs by itself every
  /// hour.
  ///
  /// @return how many works and deliveries were removed or made smaller
  /// @throws dev.latchkey.kv.KvException if the database fails
  public int sweep() {
    return retirement.sweep();
  }

  /// Returns whether the inbox works.
  public InboxHealth health() {
    if (dispatcher.isClosing()) {
      return InboxHealth.CLOSED;
    }
    if (dispatcher.isStopped()) {
      return InboxHealth.STOPPED;
    }
    return dispatcher.isTaking() ? InboxHealth.WORKING : InboxHealth.OPEN;
  }

  /// Counts what is kept.
  ///
  /// @throws dev.latchkey.kv.KvException if the database fails
  public InboxStats stats() {
    return overview.stats(tally.recent());
  }

  /// Returns the newest works, newest first.
  ///
  /// @param limit the most works to return, 1 to 1,000
  /// @throws dev.latchkey.kv.KvException if the database fails
  public List<WorkView> works(int limit) {
    return works(WorkQuery.newest(limit));
  }

  /// Returns a page of works, newest first. The next page is the one [WorkQuery#before] the last id
  /// of this one.
  ///
  /// @throws dev.latchkey.kv.KvException if the database fails
  public List<WorkView> works(WorkQuery query) {
    return overview.works(query);
  }

  /// Tells everything that is known of a work.
  ///
  /// @return empty if there is no work of that id
  /// @throws dev.latchkey.kv.KvException if the database fails
  public Optional<WorkStory> story(long work) {
    return stories.of(work);
  }

  /// Returns the first delivery that led to a work and whose body is still kept.
  ///
  /// @throws dev.latchkey.kv.KvException if the database fails
  public Optional<Delivery> payload(long work) {
    return deliveries.firstOf(work).map(Deliveries.Numbered::delivery);
  }

  /// Tells how full the limits are of works that wait or were charged, by bucket, at most 1,000.
  ///
  /// @throws dev.latchkey.kv.KvException if the database fails
  public List<LimitUsage> limits() {
    return usages.all();
  }

  /// Tells how full a limit is, whether a work has met it or not.
  ///
  /// @throws dev.latchkey.kv.KvException if the database fails
  public LimitUsage usage(Limit limit) {
    return usages.of(limit);
  }

  /// Cancels a work: at once, or if it runs, at its next step or checkpoint.
  ///
  /// @return whether it is CANCELLED already
  /// @throws java.util.NoSuchElementException if there is no such work
  /// @throws InboxException.NotAllowed if it has ended
  public boolean cancel(long work, String reason) {
    boolean done = desk.cancel(work, reason);
    if (done) {
      tell(new Event.Cancelled(work, Texts.note(reason)));
      dispatcher.ring();
    }
    return done;
  }

  /// Sets a work aside that is ready or waits, until it is released. It goes on to absorb
  /// deliveries of its key.
  ///
  /// @throws java.util.NoSuchElementException if there is no such work
  /// @throws InboxException.NotAllowed if it is in another state
  public void hold(long work) {
    desk.hold(work);
    herald.tell(new Event.Held(work, "by an operator"));
    dispatcher.ring();
  }

  /// Makes a held work ready. Calls that may have been lost are made again.
  ///
  /// @throws java.util.NoSuchElementException if there is no such work
  /// @throws InboxException.NotAllowed if it isn't held
  public void release(long work) {
    desk.release(work);
    dispatcher.ring();
  }

  /// Does an ended work again, as a new one with fresh steps; one whose delivery could not be
  /// routed is routed again. A DEAD work is resolved by it.
  ///
  /// @return the works that see to it now: new ones, or the live one of the key; empty if a
  ///   delivery that is routed now asks for none
  /// @throws java.util.NoSuchElementException if there is no such work
  /// @throws InboxException.NotAllowed if it hasn't ended, or its delivery still can't be routed
  public List<Long> replay(long work) {
    Desk.Replayed replayed = desk.replay(work);
    doorway.made(replayed.made());
    replayed.cancelled().forEach(this::tell);
    dispatcher.ring();
    return replayed.works();
  }

  /// Resolves a DEAD work without doing it again, so that it is kept no longer than others.
  ///
  /// @throws java.util.NoSuchElementException if there is no such work
  /// @throws InboxException.NotAllowed if it isn't DEAD, or is resolved
  public void dismiss(long work) {
    desk.dismiss(work);
  }

  /// Takes no more works, waits up to [InboxOptions#drainTimeout] for those under way, and hands
  /// back the rest: their threads are interrupted, nothing they still write counts, and the works
  /// are ready for whoever opens the inbox next, with no attempt counted. Deliveries are accepted
  /// until that is done. Closing again has no effect.
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    try {
      dispatcher.drain(options.drainTimeout());
      rounds.close(options.drainTimeout());
      giveBack();
    } finally {
      dispatcher.abandon();
      closed.countDown();
      owner.leave();
    }
  }

  private boolean closesWithinAPause() {
    try {
      return closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  // What can't be given back now, because the database has failed, is recovered at the next open.
  private void giveBack() {
    try {
      endings.handBackAll().forEach(work -> herald.tell(new Event.HandedBack(work)));
    } catch (KvException | IllegalStateException failure) {
      LOG.log(Level.WARNING, () -> "event=inbox.closed-early" + Herald.failure(failure));
    }
  }

  /// Takes what is due, as [#start] would, for whoever plays the workers himself.
  Claims.Catch take(Claims.Room room) {
    return dispatcher.take(room);
  }

  /// Runs a taken work on the calling thread, and commits nothing of how it ended.
  ///
  /// @return null if it isn't for this run to say
  @Nullable Ending handle(Claims.Taken taken) {
    return worker.handle(taken);
  }

  /// Commits how a run ended.
  void settle(Claim claim, Ending ending) {
    worker.settle(claim, ending);
  }

  /// Leaves everything as a process does that is killed, so that another inbox may be opened in
  /// this one: nothing is handed back.
  void die() {
    closing.set(true);
    dispatcher.abandon();
    closed.countDown();
    owner.leave();
  }
}
