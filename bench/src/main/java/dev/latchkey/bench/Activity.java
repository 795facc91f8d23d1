package dev.latchkey.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What the threads of this process have done so far, those of the JVM itself and the one that asks
/// left out.
///
/// @param nanos of the processor by thread
/// @param wakeUps how often each thread of the system has stopped waiting; empty where there's no
///   `/proc`
/// @param started how many threads there have been
record Activity(Map<String, Long> nanos, Map<String, Long> wakeUps, long started) {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final String SWITCHES = "voluntary_ctxt_switches:";

  /// What Linux keeps of a thread's name.
  private static final int KEPT_OF_NAME = 15;

  static Activity now() throws IOException {
    Map<String, Long> nanos = new HashMap<>();
    Set<String> names = new HashSet<>();
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null && thread.getThreadId() != Thread.currentThread().threadId()) {
        String name = thread.getThreadName();
        long used = THREADS.getThreadCpuTime(thread.getThreadId());
        nanos.put(brief(name) + " (" + thread.getThreadId() + ")", Math.max(0, used));
        names.add(name.substring(0, Math.min(KEPT_OF_NAME, name.length())));
      }
    }
    long started = THREADS.getTotalStartedThreadCount();
    return new Activity(Map.copyOf(nanos), wakeUps(names), started);
  }

  private static Map<String, Long> wakeUps(Set<String> names) throws IOException {
    if (!Files.exists(TASKS)) {
      return Map.of();
    }
    Map<String, Long> wakeUps = new HashMap<>();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        try {
          String name = Files.readString(task.resolve("comm")).strip();
          if (names.contains(name)) {
            wakeUps.put(brief(name) + " (" + task.getFileName() + ")", switches(task));
          }
        } catch (NoSuchFileException e) {
          // It has ended since it was listed.
        }
      }
    }
    return Map.copyOf(wakeUps);
  }

  /// The name without the file that it may tell.
  private static String brief(String name) {
    int slash = name.indexOf('/');
    return slash < 0 ? name : name.substring(0, slash).strip();
  }

  private static long switches(Path task) throws IOException {
    for (String line : Files.readAllLines(task.resolve("status"))) {
      if (line.startsWith(SWITCHES)) {
        return Long.parseLong(line.substring(SWITCHES.length()).strip());
      }
    }
    throw new IOException(task + " has no " + SWITCHES);
  }
}
