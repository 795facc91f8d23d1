package dev.latchkey.kv;

/// The copies of logs into their files, each of which runs on a thread of its own.
final class Copies {

  private Copies() {}

  /// Waits for those under way in this process.
  static void await() {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("latchkey-kv-checkpoint")) {
        Threads.join(thread);
      }
    }
  }
}
