package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import dev.latchkey.kv.KvException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A durable inbox for webhooks: what [#accept] has returned for is kept, and what it asks for is
/// done once.
public final class Inbox implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Inbox.class.getPackageName());

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final InboxOptions options;
  private final Owner owner;
  private final Herald herald;
  private final Intake intake;
  private final Overview overview;
  private final Endings endings;
  private final Worker worker;
  private final Dispatcher dispatcher;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  private Inbox(Database database, InboxOptions options, Owner owner) {
    this.options = options;
    this.owner = owner;
    herald = new Herald(options.listener());
    overview = new Overview(database, options.clock());
    Charges charges = new Charges(database);
    Absorption absorption = new Absorption(database, charges);
    intake = new Intake(database, options, charges, absorption);
    endings = new Endings(database, options.clock(), charges, absorption);
    Steps steps = new Steps(database, options.clock(), charges, this::closesWithinAPause);
    worker = new Worker(options, herald, endings, taken -> new Run(database, steps, herald, taken));
    Claims claims = new Claims(database, options.clock(), charges, owner.name());
    dispatcher = new Dispatcher(claims, worker, herald, options);
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
      List<Long> recovered =
          database.transact(() -> {
            Schema.migrate(database);
            owner.takeOver(database);
            return inbox.endings.giveBackAll();
          });
      LOG.log(Level.INFO, () -> "event=inbox.opened recovered=" + recovered.size());
      return inbox;
    } catch (RuntimeException failure) {
      owner.leave();
      throw failure;
    }
  }

  /// Registers what does the works of a kind. A work of a kind without handler will be DEAD.
  ///
  /// @return this
  /// @throws IllegalStateException if the kind has a handler, or the inbox has been started
  public Inbox handler(String kind, Handler handler) {
    if (health() != InboxHealth.OPEN) {
      throw new IllegalStateException("handlers are registered before start: " + kind);
    }
    worker.register(kind, handler);
    return this;
  }

  /// Begins to take works as they become due.
  ///
  /// @throws IllegalStateException if it has been started or closed
  public void start() {
    dispatcher.start();
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
  /// @throws InboxException.Unavailable if it could not be made durable; sending it again is right
  ///   and harmless
  /// @throws IllegalStateException if the inbox or its database is closed
  public Receipt accept(Delivery delivery) {
    if (closed.getCount() == 0) {
      throw new IllegalStateException("inbox is closed");
    }
    if (delivery.body().length > options.maxBodyBytes()) {
      throw new IllegalArgumentException(
          "body has %d bytes, limit %d".formatted(delivery.body().length, options.maxBodyBytes()));
    }
    Receipt receipt = keep(delivery);
    herald.tell(new Event.Stored(delivery.source(), delivery.id(), receipt));
    if (receipt == Receipt.ACCEPTED) {
      dispatcher.ring();
    }
    return receipt;
  }

  private Receipt keep(Delivery delivery) {
    try {
      return intake.accept(delivery);
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

  /// Looks for due works now, rather than when the clock was expected to reach the next one: for a
  /// clock that is set by hand. It returns at once.
  public void wake() {
    dispatcher.ring();
  }

  /// Returns whether the inbox works.
  public InboxHealth health() {
    if (closing.get()) {
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
    return overview.stats();
  }

  /// Returns the newest works, newest first.
  ///
  /// @param limit the most works to return, 1 to 1,000
  /// @throws dev.latchkey.kv.KvException if the database fails
  public List<WorkView> works(int limit) {
    return overview.works(limit);
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
      endings.giveBackAll().forEach(work -> herald.tell(new Event.HandedBack(work)));
    } catch (KvException | IllegalStateException failure) {
      LOG.log(Level.WARNING, () -> "event=inbox.closed-early" + Herald.failure(failure));
    }
  }

  /// Takes and runs what is due by the clock on the calling thread, one after another, instead of
  /// starting: every step of it is then determined.
  ///
  /// @return the number of runs
  int runDue() {
    return dispatcher.runDue();
  }
}
