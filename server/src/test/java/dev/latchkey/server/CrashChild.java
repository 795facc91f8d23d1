package dev.latchkey.server;

import dev.latchkey.inbox.Event;
import dev.latchkey.inbox.InboxListener;
import dev.latchkey.inbox.InboxStats;
import dev.latchkey.inbox.WorkState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// The server as a process of its own, which says on standard output where it is and stands still
/// there, so that the parent can kill it at that very point.
///
/// Arguments: a [CrashPoint] or `NOWHERE`, a [PlantedBug]. The settings come by the environment. It
/// says `ready PORT`; told `finish` on standard input, it waits until no work is left, stops, and
/// says `idle`.
final class CrashChild {

  private final String point;
  private final Semaphore ended = new Semaphore(0);
  private final AtomicBoolean stands = new AtomicBoolean();

  private CrashChild(String point) {
    this.point = point;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    CrashChild child = new CrashChild(arguments[0]);
    App.Seams seams = PlantedBug.valueOf(arguments[1]).seams(child.listener());
    try (App app = App.start(Settings.read(System.getenv()), seams)) {
      say("ready " + app.webhookPort());
      new Scanner(System.in, StandardCharsets.UTF_8).nextLine();
      while (unfinished(app.stats()) > 0) {
        child.ended.acquire();
      }
    }
    say("idle");
  }

  private static long unfinished(InboxStats stats) {
    return Stream.of(WorkState.READY, WorkState.WAITING, WorkState.RUNNING)
        .mapToLong(state -> stats.works().getOrDefault(state, 0L))
        .sum();
  }

  private InboxListener listener() {
    return event -> {
      if (!point.equals("NOWHERE") && CrashPoint.valueOf(point).reachedBy(event)) {
        standStill();
      }
      if (event instanceof Event.Resynced) {
        say("looked");
      }
      if (event instanceof Event.Ended) {
        ended.release();
      }
    };
  }

  /// The first to come by says so; it and all who come later stay here until the process dies.
  private void standStill() {
    if (stands.compareAndSet(false, true)) {
      say("at " + point);
    }
    while (true) {
      LockSupport.park(this);
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
