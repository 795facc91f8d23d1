package dev.latchkey.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What databases cost that are open and not used: heap, and the time of threads.
final class Idleness {
  static final String NAME = "idle";

  private static final int DATABASES = 4;
  private static final int VALUE_BYTES = 100;
  private static final Duration USE = Duration.ofMillis(250);
  private static final Duration SETTLE = Duration.ofSeconds(1);

  /// A thread that spins uses a hundred times as much.
  private static final double MOST_MILLIS = 10;

  private final Folders folders;
  private final Keys keys;
  private final Duration length;

  Idleness(Folders folders, Keys keys, Duration length) {
    this.folders = folders;
    this.keys = keys;
    this.length = length;
  }

  /// Opens some databases, uses each for a moment, and watches them do nothing.
  List<Figure> measure() throws Exception {
    List<Contender> open = new ArrayList<>();
    try {
      // Once without looking, for the classes that are loaded and what is shared.
      open.add(used());
      long before = heap();
      for (int i = 0; i < DATABASES; i++) {
        open.add(used());
      }
      double each = (double) (heap() - before) / DATABASES;
      pause(SETTLE);
      return figures(each);
    } finally {
      for (Contender contender : open) {
        contender.close();
      }
    }
  }

  private Contender used() throws Exception {
    Contender contender = Peer.KV.open(folders.prepared(Peer.KV, VALUE_BYTES), false);
    for (Operation operation : List.of(Operation.PUT, Operation.GET_UNCACHED)) {
      Row row = Row.of(NAME, operation, 8, VALUE_BYTES, List.of(Peer.KV));
      new Round(row, Peer.KV, keys).run(contender, USE, 0);
    }
    return contender;
  }

  private List<Figure> figures(double heap) throws InterruptedException, IOException {
    Activity begin = Activity.now();
    pause(length);
    Activity end = Activity.now();
    double seconds = length.toNanos() / 1e9;
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure(
            "heap of an open database beside its cache",
            "%.2f MiB".formatted(heap / (1 << 20)),
            "< 4 MiB",
            heap < 4 << 20));
    Map.Entry<String, Long> busiest = most(end.nanos(), begin.nanos());
    double millis = busiest.getValue() / 1e6 / seconds;
    figures.add(
        new Figure(
            "processor time of the busiest thread",
            "%.2f ms/s, %s".formatted(millis, busiest.getKey()),
            "< 10 ms/s",
            millis < MOST_MILLIS));
    long started = end.started() - begin.started();
    figures.add(perSecond("threads started", started, seconds, ""));
    if (!end.wakeUps().isEmpty()) {
      Map.Entry<String, Long> waking = most(end.wakeUps(), begin.wakeUps());
      String name = "wake-ups of the thread that wakes most";
      figures.add(perSecond(name, waking.getValue(), seconds, ", " + waking.getKey()));
    }
    return figures;
  }

  /// A figure that is to be at most one per second. A span of some seconds may see one more than it
  /// has seconds.
  private static Figure perSecond(String name, long count, double seconds, String who) {
    String value = "%.1f/s%s".formatted(count / seconds, who);
    return new Figure(name, value, "at most 1/s", count <= seconds + 1);
  }

  /// Returns the thread that has added most, and what.
  private static Map.Entry<String, Long> most(Map<String, Long> end, Map<String, Long> begin) {
    return end.entrySet().stream()
        .map(entry ->
            Map.entry(entry.getKey(), entry.getValue() - begin.getOrDefault(entry.getKey(), 0L)))
        .filter(entry -> entry.getValue() > 0)
        .max(Map.Entry.comparingByValue())
        .orElse(Map.entry("no thread", 0L));
  }

  private static long heap() throws InterruptedException {
    // What the first collection leaves to cleaners, the second takes away.
    for (int i = 0; i < 3; i++) {
      System.gc();
      pause(Duration.ofMillis(50));
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /// Waits for nothing else than time, as that is what is measured.
  private static void pause(Duration length) throws InterruptedException {
    boolean never = new CountDownLatch(1).await(length.toNanos(), TimeUnit.NANOSECONDS);
    assert !never;
  }
}
