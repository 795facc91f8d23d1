package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A caller's place in the queue for the writer, and what became of it.
///
/// A turn is waiting, then either taken, when its command is applied by whoever leads, or holding,
/// when its caller is the one who has the writer. It ends after the commit of its group, or before
/// if it failed alone.
///
/// @param <T> what the command returns
final class Turn<T extends @Nullable Object> {

  enum Phase {
    WAITING,
    WITHDRAWN,
    TAKEN,
    HOLDING,
    ENDED
  }

  /// Something small that any thread may apply for the caller.
  @FunctionalInterface
  interface Command<T extends @Nullable Object> {
    T apply(Transaction transaction);
  }

  private final @Nullable Command<T> command;
  private final boolean alone;
  private final Thread caller = Thread.currentThread();
  private volatile Phase phase = Phase.WAITING;
  private @Nullable T result;
  private @Nullable Throwable failure;

  private Turn(@Nullable Command<T> command, boolean alone) {
    this.command = command;
    this.alone = alone;
  }

  static <T extends @Nullable Object> Turn<T> ofCommand(Command<T> command) {
    return new Turn<>(command, false);
  }

  /// Returns a turn whose caller does the work by itself, once it holds the writer.
  static Turn<Boolean> ofBody() {
    Turn<Boolean> turn = new Turn<>(null, false);
    turn.result = true;
    return turn;
  }

  /// Returns a turn whose caller does something outside of any transaction.
  static Turn<Boolean> ofStep() {
    return new Turn<>(null, true);
  }

  boolean isAlone() {
    return alone;
  }

  /// Returns whether the caller itself is to hold the writer: a virtual thread must not commit,
  /// because an fsync would pin its carrier.
  boolean wantsToHold() {
    return command == null || !caller.isVirtual();
  }

  Phase phase() {
    return phase;
  }

  void enter(Phase next) {
    phase = next;
    // A caller whose command is taken has nothing to do before the end.
    if (next != Phase.TAKEN) {
      LockSupport.unpark(caller);
    }
  }

  boolean isBody() {
    return command == null;
  }

  /// Applies the command and keeps what it returned, to be told after the commit.
  void apply(Transaction transaction) {
    result = requireNonNull(command, "command").apply(transaction);
  }

  void end(@Nullable Throwable failure) {
    this.failure = failure;
    enter(Phase.ENDED);
  }

  /// Waits for the end, however long the commit takes, and tells what came of it.
  @SuppressWarnings(
      "NullAway") // Where there is no failure, the result is what the command returned.
  T outcome() {
    boolean interrupted = false;
    while (phase != Phase.ENDED) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return switch (failure) {
      case null -> result;
      // Made anew, so that the stack trace shows the caller's own call; the cause shows the
      // thread which led.
      case KvException e -> throw e.toldAgain();
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException("a command can't fail so", e);
    };
  }
}
