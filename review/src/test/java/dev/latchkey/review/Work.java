package dev.latchkey.review;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// Work counted by what the thread allocates, which is the same on a slow machine and a fast one.
/// The compiler may leave allocations out, so a count is never too high by chance.
final class Work {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Work() {}

  /// The bytes `task` allocates in this thread.
  static long allocated(Runnable task) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    task.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
