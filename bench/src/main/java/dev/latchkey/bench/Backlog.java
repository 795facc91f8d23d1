package dev.latchkey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// How fast the inbox takes and does works while very many others can't be done, compared with how
/// fast it does beside few of them.
///
/// A round commits some works in one transaction, and counts from then on until they are done.
final class Backlog {

  /// How many times as fast it is to be beside many as it is beside few.
  private static final double LEAST_RATIO = 0.5;

  /// The least that works can be filled in.
  private static final int FEW = 100;

  private static final int BATCH = 1_000;
  private static final int LANES = 1_000;
  private static final int BACKLOG_LANES = 50_000;
  private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(1);
  private static final Duration LONGEST_ROUND = Duration.ofSeconds(5);

  private final QueuePlan plan;
  private final Path root;
  private final Webhooks webhooks = new Webhooks(11, LANES);
  private final Map<Filling, Path> filled = new HashMap<>();

  /// Why the others can't be done.
  enum Shape {
    FULL_POOL("ready, in many lanes, the pool of their kind full"),
    FULL_LIMIT("behind one limit, which is full"),
    BUSY_LANE("in one lane, which is busy");

    private final String title;

    Shape(String title) {
      this.title = title;
    }

    /// One filling serves for two shapes, as it takes most of the time.
    Filling filling(int works) {
      return this == BUSY_LANE
          ? new Filling(InboxQueue.HELD, works, 1)
          : new Filling(InboxQueue.LIMITED, works, BACKLOG_LANES);
    }

    InboxQueue.Settings settings() {
      return new InboxQueue.Settings(QueuePeer.WORKERS, this == FULL_POOL);
    }

    /// How many of the others begin before the rest can't.
    int begun() {
      return switch (this) {
        case FULL_POOL -> QueuePeer.WORKERS;
        case FULL_LIMIT -> InboxQueue.UNITS;
        case BUSY_LANE -> 1;
      };
    }
  }

  /// What an inbox is filled with.
  record Filling(String kind, int works, int lanes) {}

  /// An inbox beside its backlog.
  private record Side(Path folder, Flights flights, InboxQueue queue, List<Measurement> rounds)
      implements Rounds {}

  /// @param root an existing folder, in which the databases are made, and left
  Backlog(QueuePlan plan, Path root) {
    this.plan = plan;
    this.root = root;
  }

  Figure measure(Shape shape) throws Exception {
    Side few = open(shape, FEW);
    try {
      Side many = open(shape, plan.backlog());
      try {
        race(few, many);
        return figure(shape, few, many);
      } finally {
        close(many);
      }
    } finally {
      close(few);
    }
  }

  private Side open(Shape shape, int works) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(root, shape.name()).resolve("copy");
    Folders.copy(filled(shape.filling(works)), folder);
    Flights flights = new Flights();
    CountDownLatch begun = new CountDownLatch(shape.begun());
    InboxQueue queue = InboxQueue.open(folder, new Begun(flights, begun), shape.settings());
    queue.start();
    begun.await();
    return new Side(folder, flights, queue, new ArrayList<>());
  }

  private Path filled(Filling filling) throws IOException {
    Path folder = filled.get(filling);
    if (folder == null) {
      folder = Files.createTempDirectory(root, filling.kind());
      long begin = System.nanoTime();
      try (InboxQueue queue = InboxQueue.open(folder, new Flights())) {
        queue.fill(filling.kind(), filling.works(), filling.lanes());
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      System.err.printf(
          Locale.ROOT, "bench: %,d works filled in, in %.1f s%n", filling.works(), seconds);
      filled.put(filling, folder);
    }
    return folder;
  }

  /// Counts those that begin, too.
  private record Begun(Flights flights, CountDownLatch begun) implements WebhookQueue.Watch {
    @Override
    public void started(String id) {
      flights.started(id);
      begun.countDown();
    }

    @Override
    public void done(String id) {
      flights.done(id);
    }
  }

  private void race(Side few, Side many) throws InterruptedException {
    // The first time, those that can't be done may have to be looked at once each.
    drain(few, LONGEST_WARM_UP);
    drain(many, LONGEST_WARM_UP);
    for (int i = 0; i < plan.rounds(); i++) {
      Side first = i % 2 == 0 ? few : many;
      Side second = i % 2 == 0 ? many : few;
      first.rounds().add(drain(first, LONGEST_ROUND));
      second.rounds().add(drain(second, LONGEST_ROUND));
    }
  }

  /// Has some works done, or as many of them as a round has time for.
  private Measurement drain(Side side, Duration longest) throws InterruptedException {
    List<Webhook> batch = new ArrayList<>();
    List<Flights.Flight> flights = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      Webhook webhook = webhooks.next();
      batch.add(webhook);
      flights.add(side.flights().begin(webhook.id()));
    }
    side.queue().acceptAll(batch);
    long begin = System.nanoTime();
    long deadline = begin + longest.toNanos();
    int done = 0;
    for (Flights.Flight flight : flights) {
      done += flight.isDoneBy(deadline) ? 1 : 0;
    }
    long nanos = System.nanoTime() - begin;
    return new Measurement(done * 1e9 / nanos, 0, 0, new Latencies());
  }

  private Figure figure(Shape shape, Side few, Side many) {
    Spread ratio = many.ratioTo(few);
    return new Figure(
        "done beside %,d works %s".formatted(plan.backlog(), shape.title),
        "%,.0f/s, %.2fx (%.2f–%.2f) of the %,.0f/s beside %,d"
            .formatted(
                many.perSecond().median(),
                ratio.median(),
                ratio.least(),
                ratio.most(),
                few.perSecond().median(),
                FEW),
        ">= %.1fx".formatted(LEAST_RATIO),
        ratio.median() >= LEAST_RATIO);
  }

  private static void close(Side side) throws IOException {
    side.queue().close();
    Folders.delete(side.folder());
  }
}
