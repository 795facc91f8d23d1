package dev.latchkey.bench;

import java.nio.file.Path;

/// The process that is killed: has some works running which don't end, says so, and waits.
final class Victim {
  static final String READY = "ready";

  private Victim() {}

  /// Takes the folder, and how many works.
  public static void main(String[] arguments) throws Exception {
    Logs.quieten();
    int works = Integer.parseInt(arguments[1]);
    Recovery.Starts starts = new Recovery.Starts(works);
    try (InboxQueue queue =
        InboxQueue.open(Path.of(arguments[0]), starts, Recovery.settings(works))) {
      queue.fill(InboxQueue.HELD, works, works);
      queue.start();
      starts.await();
      System.out.println(READY);
      // Ends by itself only when whoever is to kill it is gone.
      while (System.in.read() >= 0) {}
    }
  }
}
