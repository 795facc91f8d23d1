package dev.latchkey.kv;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one writer of a database: callers queue in the order of their arrival, and many share a
/// commit.
///
/// Whoever holds the writer leads: it applies the commands of those who wait, gives the writer on
/// to a caller with a body, which runs it on its own thread and then leads in turn, and commits
/// when nobody waits any more, or somebody has waited for the commit for long enough. Nobody waits
/// for company: a lone caller commits at once. Those who come during a commit make up the next
/// group.
///
/// A virtual thread never leads, since an fsync would pin its carrier: it gives the writer to a
/// platform thread of our own.
///
/// Whatever is thrown in leading and is not one caller's own failure stops the engine. Our own
/// thread sees to that, since the one where it was thrown may have no stack left.
final class Writer {

  /// How long the first to be done in a group waits for others. A commit takes about a tenth of it,
  /// so little is gained by longer groups.
  private static final long LONGEST_GROUP_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

  /// How many commands are taken at once, each a matter of microseconds.
  private static final int MOST_TAKEN = 128;

  /// A body that holds the writer for longer is told to the listeners.
  private static final long LONG_BODY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /// Every waiting turn is a blocked thread, so this is a guard against a runaway caller only.
  private static final int MOST_WAITING = 100_000;

  private final Engine engine;
  private final Group group;
  private final Thread leader;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition leaderIsWanted = lock.newCondition();

  // Guarded by the lock.
  private final ArrayDeque<Turn<?>> waiting = new ArrayDeque<>();
  private boolean held;
  private boolean leaderHolds;
  private boolean closed;

  // Touched only by whoever holds the writer.
  private final ArrayDeque<Turn<?>> taken = new ArrayDeque<>(MOST_TAKEN);
  private @Nullable Throwable unforeseen;

  private volatile @Nullable Holder holder;

  /// Whose body runs, for the message to those whom it keeps waiting.
  private record Holder(String thread, long since) {}

  Writer(Engine engine, Group group, String name) {
    this.engine = engine;
    this.group = group;
    this.leader =
        Thread.ofPlatform().daemon().name("latchkey-kv-writer " + name).start(this::serve);
  }

  int waitingTurns() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /// Has the command applied and returns what it returned, once that is durable.
  <T extends @Nullable Object> T apply(Turn.Command<T> command, Duration timeout) {
    return apply(Turn.ofCommand(command), timeout);
  }

  /// Has a body run as a command, by whoever leads, and returns what it returned once that is
  /// durable. It is undone alone if it throws.
  <T> T applyBody(SqlDatabase handle, Database.Work<T, RuntimeException> body) {
    Turn.Command<T> command =
        transaction -> engine.within(transaction, () -> transaction.nested(body));
    return apply(Turn.ofCommand(command, handle), handle.options().lockTimeout());
  }

  /// Has a command applied which only reads, in memory, where there is one connection.
  <T extends @Nullable Object> T read(Turn.Command<T> command, Duration timeout) {
    return apply(Turn.ofReading(command), timeout);
  }

  private <T extends @Nullable Object> T apply(Turn<T> turn, Duration timeout) {
    takeTurn(turn, timeout);
    if (turn.phase() == Turn.Phase.HOLDING) {
      apply(turn);
      lead(false);
    }
    return turn.outcome();
  }

  /// Runs the body on this thread as a transaction, and returns when that is durable.
  <T, X extends Exception> T transact(SqlDatabase handle, Database.Work<T, X> body) throws X {
    return run(Turn.ofBody(), handle, body);
  }

  /// As [#transact], for the body of a snapshot or query in memory, where there is one connection.
  /// Its time is limited.
  <T, X extends Exception> T read(SqlDatabase handle, Database.Work<T, X> body) throws X {
    return run(Turn.ofReadingBody(), handle, body);
  }

  private <T, X extends Exception> T run(
      Turn<Boolean> turn, SqlDatabase handle, Database.Work<T, X> body) throws X {
    takeTurn(turn, handle.options().lockTimeout());
    long begun = System.nanoTime();
    T result;
    try {
      holder = new Holder(Thread.currentThread().getName(), begun);
      Transaction transaction = group.begin(handle);
      if (!turn.isWriting()) {
        transaction.limitTo(handle.options().snapshotTimeout());
      }
      result = engine.within(transaction, () -> transaction.nested(body));
      if (transaction.hasWritten()) {
        turn.hasWritten();
      }
      group.add(turn);
    } catch (Throwable e) {
      turn.end(null);
      if (turn.isWriting()) {
        engine.tally().rolledBack();
      }
      throw e;
    } finally {
      holder = null;
      long held = System.nanoTime() - begun;
      handOn();
      if (held > LONG_BODY_NANOS) {
        engine.listeners().tell(new DatabaseListener.Event.HeldTooLong(Duration.ofNanos(held)));
      }
    }
    turn.outcome();
    return result;
  }

  /// Runs a step on this thread outside of any transaction, while nobody else has the writer.
  <T> T alone(Session.Step<T> step, Duration timeout) throws SQLException {
    Turn<Boolean> turn = Turn.ofStep();
    takeTurn(turn, timeout);
    try {
      engine.requireRunning();
      return step.on(group.session());
    } finally {
      turn.end(null);
      handOn();
    }
  }

  /// Stops the thread of our own. No turn may be under way.
  void close() {
    lock.lock();
    try {
      closed = true;
      leaderIsWanted.signal();
    } finally {
      lock.unlock();
    }
    Threads.join(leader);
  }

  /// Waits until the turn's caller holds the writer, or its command is taken by whoever does.
  private void takeTurn(Turn<?> turn, Duration timeout) {
    long deadline = System.nanoTime() + Millis.waitNanos(timeout);
    lock.lock();
    try {
      if (waiting.size() >= MOST_WAITING) {
        throw new KvException.Unavailable(
            "no turn to write: " + MOST_WAITING + " callers are waiting already", null);
      }
      waiting.add(turn);
      if (!held) {
        held = true;
        giveToFirst();
      }
    } finally {
      lock.unlock();
    }
    try {
      await(turn, timeout, deadline);
    } catch (Throwable e) {
      // Whatever made it throw, nobody may wait for a caller who is gone.
      if (!withdraw(turn) && turn.phase() == Turn.Phase.HOLDING) {
        turn.end(null);
        handOn();
      }
      throw e;
    }
  }

  private void await(Turn<?> turn, Duration timeout, long deadline) {
    boolean interrupted = false;
    try {
      while (turn.phase() == Turn.Phase.WAITING) {
        if (interrupted && withdraw(turn)) {
          throw new KvException.Unavailable("interrupted while waiting for a turn to write", null);
        }
        long left = deadline - System.nanoTime();
        if (left <= 0 && withdraw(turn)) {
          throw new KvException.Unavailable(noTurnWithin(timeout), null);
        }
        LockSupport.parkNanos(this, left);
        interrupted |= Thread.interrupted();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean withdraw(Turn<?> turn) {
    lock.lock();
    try {
      if (turn.phase() != Turn.Phase.WAITING) {
        return false;
      }
      waiting.remove(turn);
      turn.enter(Turn.Phase.WITHDRAWN);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private String noTurnWithin(Duration timeout) {
    Holder now = holder;
    String reason =
        now == null
            ? waitingTurns() + " others are waiting"
            : "thread \""
                + now.thread()
                + "\" has been in its transaction for "
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - now.since())
                + " ms; a body must not wait for another thread's write";
    return "no turn to write within " + timeout.toMillis() + " ms: " + reason;
  }

  /// Leads until the writer is given on or nobody wants it. Called by whoever holds it.
  ///
  /// @param staying whether to go on after a commit; a caller's thread has its own work to return
  ///   to
  private void lead(boolean staying) {
    try {
      leadOn(staying);
    } catch (Throwable e) {
      fall(e);
    }
  }

  private void leadOn(boolean staying) {
    while (true) {
      Turn<?> next = group.isUndone() ? null : taken.poll();
      if (next == null && taken.isEmpty() && !isDue()) {
        next = takeNext();
      }
      if (next == null) {
        boolean committed = commit();
        if (taken.isEmpty() && !(committed && staying)) {
          giveOn();
          return;
        }
      } else if (next.isBody()) {
        // Its caller holds the writer now, and the group with it.
        return;
      } else {
        apply(next);
      }
    }
  }

  private boolean isDue() {
    return group.isUndone() || group.isKeptWaiting(LONGEST_GROUP_NANOS);
  }

  /// Takes the next turn, unless the group is to be committed before it, and the commands behind it
  /// with it, so that the lock is asked for once for all of them.
  private @Nullable Turn<?> takeNext() {
    lock.lock();
    try {
      Turn<?> first = waiting.peek();
      if (first == null || (first.isAlone() && group.isOpen())) {
        return null;
      }
      waiting.remove();
      if (first.isBody()) {
        first.enter(Turn.Phase.HOLDING);
        return first;
      }
      first.enter(Turn.Phase.TAKEN);
      takeCommands();
      return first;
    } finally {
      lock.unlock();
    }
  }

  private void takeCommands() {
    while (taken.size() < MOST_TAKEN) {
      Turn<?> next = waiting.peek();
      if (next == null || next.isBody()) {
        return;
      }
      taken.add(next);
      waiting.remove();
      next.enter(Turn.Phase.TAKEN);
    }
  }

  private void giveOn() {
    lock.lock();
    try {
      giveToFirst();
    } finally {
      lock.unlock();
    }
  }

  private void giveToFirst() {
    Turn<?> first = waiting.peek();
    if (first == null) {
      held = false;
    } else if (first.wantsToHold()) {
      waiting.remove();
      first.enter(Turn.Phase.HOLDING);
    } else {
      giveToLeader();
    }
  }

  private void giveToLeader() {
    leaderHolds = true;
    leaderIsWanted.signal();
  }

  /// Gives on the writer after a body has run on this thread.
  private void handOn() {
    if (!Thread.currentThread().isVirtual()) {
      lead(false);
      return;
    }
    lock.lock();
    try {
      giveToLeader();
    } finally {
      lock.unlock();
    }
  }

  /// Gives the writer to our own thread, for it to stop the engine.
  private void fall(Throwable reason) {
    lock.lock();
    try {
      unforeseen = reason;
      giveToLeader();
    } finally {
      lock.unlock();
    }
  }

  private void serve() {
    while (waitUntilHolding()) {
      Throwable reason = unforeseen;
      if (reason != null) {
        unforeseen = null;
        stop(reason);
      }
      lead(true);
    }
  }

  /// Those who wait are led on after this, and find out that the engine has stopped.
  private void stop(Throwable reason) {
    try {
      engine.stop("the writer failed", reason);
    } catch (RuntimeException | Error e) {
      // It has stopped all the same: what failed was to say so, for want of memory perhaps.
    } finally {
      group.abandon();
      for (Turn<?> turn = taken.poll(); turn != null; turn = taken.poll()) {
        turn.end(engine.stoppedAnyway());
      }
    }
  }

  private boolean waitUntilHolding() {
    lock.lock();
    try {
      while (!leaderHolds && !closed) {
        leaderIsWanted.awaitUninterruptibly();
      }
      boolean holds = leaderHolds;
      leaderHolds = false;
      return holds;
    } finally {
      lock.unlock();
    }
  }

  private void apply(Turn<?> turn) {
    try {
      turn.apply(group.begin(turn.handle()));
      group.add(turn);
    } catch (RuntimeException e) {
      turn.end(e);
    } catch (Error e) {
      // It can come from between two steps of the command, or after the last.
      group.breakOff(e);
      turn.end(e);
    }
  }

  /// Ends the group, if there is one, and tells its members.
  ///
  /// @return whether there was one
  private boolean commit() {
    if (!group.isOpen()) {
      return false;
    }
    long begun = System.nanoTime();
    int committed = group.commit();
    if (committed > 0) {
      engine.tally().committed(committed);
      if (!engine.listeners().isEmpty()) {
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        engine.listeners().tell(new DatabaseListener.Event.Committed(committed, took));
      }
    }
    group.tellMembers();
    engine.afterCommit();
    return true;
  }
}
