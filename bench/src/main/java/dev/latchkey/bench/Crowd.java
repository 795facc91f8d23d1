package dev.latchkey.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Callers at work for a while, at the same time and each for itself.
final class Crowd {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /// The longest that a call under way may take once the round is over.
  private static final Duration LONGEST_CALL = Duration.ofMinutes(2);

  private final String name;
  private final int size;
  private final boolean virtual;
  private final CountDownLatch start = new CountDownLatch(1);
  private final CountDownLatch ready;
  private final CountDownLatch end;
  private volatile boolean stopped;

  /// @param name what they do, for messages
  Crowd(String name, int size, boolean virtual) {
    this.name = name;
    this.size = size;
    this.virtual = virtual;
    this.ready = new CountDownLatch(size);
    this.end = new CountDownLatch(size);
  }

  /// Lets them work that long, once.
  ///
  /// @throws IllegalStateException if a call failed, or didn't return
  Measurement run(Duration length, Duty.Source duties) throws InterruptedException {
    List<Caller> callers = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      callers.add(new Caller(this, duties, i));
    }
    Thread.Builder threads = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
    callers.forEach(caller -> threads.name("caller").start(caller));
    ready.await();

    long allocated = THREADS.getTotalThreadAllocatedBytes();
    long processor = PROCESS.getProcessCpuTime();
    long begin = System.nanoTime();
    start.countDown();
    // Only a caller that fails ends before it is stopped.
    boolean ended = end.await(length.toNanos(), TimeUnit.NANOSECONDS);
    stopped = true;
    long nanos = System.nanoTime() - begin;
    if (!ended && !end.await(LONGEST_CALL.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new IllegalStateException("a call of '" + name + "' doesn't return");
    }
    processor = PROCESS.getProcessCpuTime() - processor;
    allocated = THREADS.getTotalThreadAllocatedBytes() - allocated;
    Latencies latencies = new Latencies();
    long finished = 0;
    for (Caller caller : callers) {
      if (caller.failure() != null) {
        throw new IllegalStateException("a call of '" + name + "' failed", caller.failure());
      }
      latencies.add(caller.latencies());
      finished += caller.finished();
    }
    // Each caller did one operation more, which ended after the round.
    double all = finished + callers.size();
    return new Measurement(finished * 1e9 / nanos, processor / all, allocated / all, latencies);
  }

  void awaitStart() throws InterruptedException {
    ready.countDown();
    start.await();
  }

  boolean isStopped() {
    return stopped;
  }

  void ended() {
    // One that failed before it was ready must not be waited for.
    ready.countDown();
    end.countDown();
  }
}
