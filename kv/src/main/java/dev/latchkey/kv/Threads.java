package dev.latchkey.kv;

import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/// Work that must not be done on the thread that asks for it.
final class Threads {

  private Threads() {}

  /// Runs the work on a platform thread of its own and returns what it returned. Opening and
  /// closing files goes this way: an fsync would pin a virtual thread's carrier, and an interrupt
  /// would close the channel which is being opened.
  static <T> T onOwn(String name, Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(work::get);
    join(Thread.ofPlatform().daemon().name(name).start(task));
    try {
      return task.resultNow();
    } catch (IllegalStateException failed) {
      switch (task.exceptionNow()) {
        case KvException e -> throw e.toldAgain();
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }

  /// Waits for the thread's end, and keeps an interrupt for later.
  static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
