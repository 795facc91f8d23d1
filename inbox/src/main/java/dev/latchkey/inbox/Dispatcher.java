package dev.latchkey.inbox;

import dev.latchkey.kv.KvException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Takes works as they become due and runs each on a virtual thread of its own.
///
/// One thread waits here, for a ring (a delivery came, a run ended) or for the one instant at which
/// the next waiting work becomes due; without either it sleeps. A database that can't be written
/// for the moment is asked again after a pause; one that has stopped ends it.
final class Dispatcher {

  private static final Logger LOG = System.getLogger(Dispatcher.class.getPackageName());

  // So that a clock that jumps ahead is noticed while something waits.
  private static final Duration LONGEST_NAP = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Claims claims;
  private final Worker worker;
  private final Herald herald;
  private final InstantSource clock;
  private final int maxRunning;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Claim, Thread> running = new HashMap<>();
  private final Map<String, Integer> runningOfKind = new HashMap<>();
  private boolean alone;

  // Whether a run has ended since the opening.
  private volatile boolean ended;
  private Phase phase = Phase.OPEN;
  private boolean dispatching;
  private boolean rung;
  private volatile boolean stopped;

  private enum Phase {
    OPEN,
    TAKING,
    DRAINING,
    CLOSED
  }

  Dispatcher(Claims claims, Worker worker, Herald herald, InboxOptions options) {
    this.claims = claims;
    this.worker = worker;
    this.herald = herald;
    this.clock = options.clock();
    this.maxRunning = options.maxRunning();
  }

  /// @throws IllegalStateException unless it has neither been started nor closed
  void start() {
    lock.lock();
    try {
      if (phase != Phase.OPEN) {
        throw new IllegalStateException("inbox has been started or closed already");
      }
      phase = Phase.TAKING;
      dispatching = true;
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().name("latchkey-dispatcher").start(this::dispatch);
  }

  /// Returns whether it was started, and hasn't begun to close.
  boolean isTaking() {
    lock.lock();
    try {
      return phase == Phase.TAKING;
    } finally {
      lock.unlock();
    }
  }

  /// Returns whether it takes no more, for good.
  boolean isClosing() {
    lock.lock();
    try {
      return phase == Phase.DRAINING || phase == Phase.CLOSED;
    } finally {
      lock.unlock();
    }
  }

  /// Takes and runs what is due now on the calling thread, one after another, for an inbox that
  /// isn't started.
  ///
  /// @return the number of runs
  int runDue() {
    int runs = 0;
    while (true) {
      Claims.Catch caught = take(new Empty(ended));
      for (Claims.Taken taken : caught.taken()) {
        Ending ending = worker.handle(taken);
        if (ending != null) {
          worker.settle(taken.claim(), ending);
        }
        ended = true;
        runs++;
      }
      if (caught.taken().isEmpty() && !caught.more()) {
        return runs;
      }
    }
  }

  /// Room for one, while nothing runs.
  private record Empty(boolean hasEnded) implements Claims.Room {
    @Override
    public int total() {
      return 1;
    }

    @Override
    public int of(String kind) {
      return 1;
    }

    @Override
    public boolean isIdle() {
      return true;
    }
  }

  /// The room there is at one moment. More may come while it is used, less doesn't.
  private final class Present implements Claims.Room {

    private final int total;
    private final Map<String, Integer> taken;
    private final boolean hasEnded;

    /// To be made under the lock.
    Present() {
      this.total = alone ? 0 : maxRunning - running.size();
      this.taken = Map.copyOf(runningOfKind);
      this.hasEnded = ended;
    }

    @Override
    public int total() {
      return total;
    }

    @Override
    public int of(String kind) {
      return Math.max(0, worker.pool(kind) - taken.getOrDefault(kind, 0));
    }

    @Override
    public boolean isIdle() {
      return total == maxRunning;
    }

    @Override
    public boolean hasEnded() {
      return hasEnded;
    }
  }

  /// Says that there may be something to take.
  void ring() {
    lock.lock();
    try {
      rung = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the taking of works for good, because the database stopped or something unforeseen broke.
  void stop(Throwable cause) {
    if (!stopped) {
      LOG.log(Level.ERROR, () -> "event=inbox.stopped" + Herald.failure(cause));
    }
    stopped = true;
    ring();
  }

  boolean isStopped() {
    return stopped;
  }

  // Runs on a thread of its own, where whatever is thrown must show in the health.
  private void dispatch() {
    try {
      // The first look is at once, for what was accepted or recovered before.
      @Nullable Duration nap = Duration.ZERO;
      for (Present room = awaitTurn(nap); room != null; room = awaitTurn(nap)) {
        nap = takeInto(room);
      }
    } catch (Throwable failure) {
      stop(failure);
    } finally {
      lock.lock();
      try {
        dispatching = false;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /// Waits until there is room for a run, and until it is rung or the nap is over.
  ///
  /// @param nap null for as long as nobody rings
  /// @return the room, or null when no more is to be taken
  private @Nullable Present awaitTurn(@Nullable Duration nap) throws InterruptedException {
    long deadline = System.nanoTime() + (nap == null ? 0 : nap.toNanos());
    lock.lock();
    try {
      while (phase == Phase.TAKING && !stopped) {
        long left = deadline - System.nanoTime();
        if (alone || running.size() >= maxRunning) {
          changed.await();
        } else if (rung || (nap != null && left <= 0)) {
          rung = false;
          return new Present();
        } else if (nap == null) {
          changed.await();
        } else {
          var _ = changed.awaitNanos(left);
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /// Takes works and starts them, and returns how long to sleep unless rung, or null for ever.
  private @Nullable Duration takeInto(Present room) {
    try {
      Claims.Catch caught = take(room);
      caught.taken().forEach(taken -> launch(taken, caught.alone()));
      return caught.more() ? Duration.ZERO : untilDue(caught.nextDue());
    } catch (KvException.Unavailable unavailable) {
      LOG.log(Level.WARNING, () -> "event=claim.unavailable" + Herald.failure(unavailable));
      pause();
      return Duration.ZERO;
    }
  }

  Claims.Catch take(Claims.Room room) {
    Claims.Catch caught = claims.take(room);
    caught.postponed().forEach(herald::tell);
    return caught;
  }

  private @Nullable Duration untilDue(@Nullable Instant nextDue) {
    if (nextDue == null) {
      return null;
    }
    Duration until = Duration.between(clock.instant(), nextDue);
    return until.compareTo(LONGEST_NAP) < 0 ? until : LONGEST_NAP;
  }

  private void launch(Claims.Taken taken, boolean runsAlone) {
    Claim claim = taken.claim();
    Thread thread =
        Thread.ofVirtual().name("latchkey-work-" + claim.work()).unstarted(() -> run(taken));
    lock.lock();
    try {
      running.put(claim, thread);
      runningOfKind.merge(claim.kind(), 1, Integer::sum);
      alone = runsAlone;
    } finally {
      lock.unlock();
    }
    thread.start();
  }

  private void run(Claims.Taken taken) {
    Claim claim = taken.claim();
    try {
      Ending ending = worker.handle(taken);
      // Left over from the handler, an interrupt would fail the commit of how the handler ended.
      if (Thread.interrupted()) {
        LOG.log(Level.DEBUG, () -> "event=work.interrupted " + Herald.name(claim));
      }
      if (ending != null) {
        settle(claim, ending);
      }
    } catch (Throwable failure) {
      if (!isClosed()) {
        stop(failure);
      }
    } finally {
      leave(claim);
    }
  }

  /// Commits the ending, again after a pause while the database can't be written, until it can, or
  /// has stopped, or this inbox has closed and so given the work back.
  private void settle(Claim claim, Ending ending) {
    for (boolean settled = false; !settled && !isClosed(); ) {
      try {
        worker.settle(claim, ending);
        settled = true;
      } catch (KvException.Unavailable unavailable) {
        LOG.log(
            Level.WARNING,
            () -> "event=work.unsettled " + Herald.name(claim) + Herald.failure(unavailable));
        pause();
      }
    }
  }

  private void leave(Claim claim) {
    lock.lock();
    try {
      running.remove(claim);
      runningOfKind.computeIfPresent(claim.kind(), (_, count) -> count == 1 ? null : count - 1);
      alone = false;
      ended = true;
      rung = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return phase == Phase.CLOSED;
    } finally {
      lock.unlock();
    }
  }

  /// Waits a while, or until this inbox closes.
  private void pause() {
    lock.lock();
    try {
      long left = PAUSE.toNanos();
      while (left > 0 && phase != Phase.CLOSED) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /// Takes no more, and waits that long for the runs under way. An interrupt ends the waiting, and
  /// is kept.
  void drain(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    lock.lock();
    try {
      phase = Phase.DRAINING;
      changed.signalAll();
      // Bounded by the claim under way: after this none can be taken behind our back.
      while (dispatching) {
        changed.awaitUninterruptibly();
      }
      long left = deadline - System.nanoTime();
      while (!running.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /// Interrupts what still runs, whose works have been given back.
  void abandon() {
    lock.lock();
    try {
      phase = Phase.CLOSED;
      changed.signalAll();
      running.values().forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
  }
}
