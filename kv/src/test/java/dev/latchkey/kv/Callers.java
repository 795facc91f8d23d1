package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/// Threads that call a database at the same time.
final class Callers {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Thread.Builder builder;
  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  private Callers(Thread.Builder builder) {
    this.builder = builder;
  }

  static Callers onPlatformThreads() {
    return new Callers(Thread.ofPlatform().daemon());
  }

  static Callers onVirtualThreads() {
    return new Callers(Thread.ofVirtual());
  }

  /// What a caller does.
  @FunctionalInterface
  interface Task {
    void run() throws Exception;
  }

  Thread start(Task task) {
    Thread thread =
        builder.start(() -> {
          try {
            task.run();
          } catch (Throwable e) {
            failures.add(e);
          }
        });
    threads.add(thread);
    return thread;
  }

  /// Waits for all of them and returns what they threw.
  List<Throwable> join() throws InterruptedException {
    return join(Duration.ZERO);
  }

  /// As [#join()], where they take that time if all is well.
  List<Throwable> join(Duration time) throws InterruptedException {
    for (Thread thread : threads) {
      assertThat(thread.join(PATIENCE.plus(time))).as("caller ended").isTrue();
    }
    return List.copyOf(failures);
  }

  static void awaitThat(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
