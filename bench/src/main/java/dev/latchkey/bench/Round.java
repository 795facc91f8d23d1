package dev.latchkey.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// All of a row's callers at work on one contender for a while.
final class Round {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /// Further apart than there are callers, and from the seed of the keys that are there beforehand.
  private static final long SEEDS_APART = 1_000_003;

  /// The longest that a call under way may take once the round is over.
  private static final Duration LONGEST_CALL = Duration.ofMinutes(2);

  private final Row row;
  private final Keys keys;
  private final boolean virtual;
  private final CountDownLatch start = new CountDownLatch(1);
  private final CountDownLatch ready;
  private final CountDownLatch end;
  private volatile boolean stopped;

  Round(Row row, Peer peer, Keys keys) {
    this.row = row;
    this.keys = keys;
    this.virtual = row.isVirtual() && !peer.isOnPlatformThreads();
    this.ready = new CountDownLatch(row.callers());
    this.end = new CountDownLatch(row.callers());
  }

  /// Runs the round.
  ///
  /// @param seed from 0, unlike that of any other round
  /// @throws IllegalStateException if a call failed, or didn't return
  Measurement run(Contender contender, Duration length, long seed) throws InterruptedException {
    List<Caller> callers = new ArrayList<>();
    for (int i = 0; i < row.callers(); i++) {
      callers.add(new Caller(this, contender, (seed + 1) * SEEDS_APART + i));
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
      throw new IllegalStateException("a call of '" + row.name() + "' doesn't return");
    }
    processor = PROCESS.getProcessCpuTime() - processor;
    allocated = THREADS.getTotalThreadAllocatedBytes() - allocated;
    Latencies latencies = new Latencies();
    long finished = 0;
    for (Caller caller : callers) {
      if (caller.failure() != null) {
        throw new IllegalStateException("a call of '" + row.name() + "' failed", caller.failure());
      }
      latencies.add(caller.latencies());
      finished += caller.finished();
    }
    // Each caller did one operation more, which ended after the round.
    double all = finished + callers.size();
    return new Measurement(finished * 1e9 / nanos, processor / all, allocated / all, latencies);
  }

  Row row() {
    return row;
  }

  Keys keys() {
    return keys;
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
