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
  private final @Nullable SqlDatabase handle;
  private final boolean alone;
  private boolean writing;
  private final Thread caller = Thread.currentThread();
  private volatile Phase phase = Phase.WAITING;
  private @Nullable T result;
  private @Nullable Throwable failure;

  private Turn(
      @Nullable Command<T> command, @Nullable SqlDatabase handle, boolean alone, boolean writing) {
    this.command = command;
    this.handle = handle;
    this.alone = alone;
    this.writing = writing;
  }

  static <T extends @Nullable Object> Turn<T> ofCommand(Command<T> command) {
    return new Turn<>(command, null, false, true);
  }

  /// As [#ofCommand], for one which makes calls of this handle.
  static <T extends @Nullable Object> Turn<T> ofCommand(Command<T> command, SqlDatabase handle) {
    return new Turn<>(command, handle, false, true);
  }

  /// Returns a turn which only reads, where there is one connection for everything.
  static <T extends @Nullable Object> Turn<T> ofReading(Command<T> command) {
    return new Turn<>(command, null, false, false);
  }

  /// Returns a turn whose caller does the work by itself, once it holds the writer.
  static Turn<Boolean> ofBody() {
    return ofBody(true);
  }

  /// As [#ofBody], for a body which is there to read.
  static Turn<Boolean> ofReadingBody() {
    return ofBody(false);
  }

  private static Turn<Boolean> ofBody(boolean writing) {
    Turn<Boolean> turn = new Turn<>(null, null, false, writing);
    turn.result = true;
    return turn;
  }

  /// Returns a turn whose caller does something outside of any transaction.
  static Turn<Boolean> ofStep() {
    return new Turn<>(null, null, true, false);
  }

  /// Returns whether it is a transaction to its caller, and not only a reading.
  boolean isWriting() {
    return writing;
  }

  /// Says that a body which was there to read has written, as the mapper of a query may.
  void hasWritten() {
    writing = true;
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

  /// Returns the handle whose calls the command makes, or null if it makes none.
  @Nullable SqlDatabase handle() {
    return handle;
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
