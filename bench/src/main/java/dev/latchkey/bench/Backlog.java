package dev.latchkey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/// How fast the inbox takes and does works while very many others can't be done, compared with how
/// fast it does beside few of them.
///
/// A round commits some works in one transaction, and counts from then on until they are done.
final class Backlog {

  /// How many times as fast it is to be beside many as it is beside few.
  private static final double LEAST_RATIO = 0.5;

  private static final int FEW = 100;
  private static final int BATCH = 1_000;
  private static final int LANES = 1_000;
  private static final int BACKLOG_LANES = 50_000;
  private static final Duration LONGEST_ROUND = Duration.ofSeconds(10);

  private final QueuePlan plan;
  private final Path root;
  private final Webhooks webhooks = new Webhooks(11, LANES);

  /// Why the others can't be done.
  enum Shape {
    FULL_POOL("ready, in many lanes, the pool of their kind full"),
    BUSY_LANE("in one lane, which is busy"),
    FULL_LIMIT("behind one limit, which is full");

    private final String title;

    Shape(String title) {
      this.title = title;
    }

    Webhook webhook(Webhooks webhooks, int number) {
      String lane = "backlog-" + number % BACKLOG_LANES;
      return switch (this) {
        case FULL_POOL -> webhooks.small(InboxQueue.HELD, lane);
        case BUSY_LANE -> webhooks.small(InboxQueue.HELD, "backlog");
        case FULL_LIMIT -> webhooks.small(InboxQueue.LIMITED, lane);
      };
    }
  }

  /// An inbox beside its backlog.
  private record Side(Path folder, Flights flights, InboxQueue queue, List<Measurement> rounds)
      implements Rounds {}

  /// @param root an existing folder, in which the databases are made
  Backlog(QueuePlan plan, Path root) {
    this.plan = plan;
    this.root = root;
  }

  Figure measure(Shape shape) throws Exception {
    Side few = open(shape, Math.min(FEW, plan.backlog()));
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

  private Side open(Shape shape, int backlog) throws Exception {
    Path folder = Files.createTempDirectory(root, shape.name());
    Flights flights = new Flights();
    CountDownLatch first = new CountDownLatch(1);
    InboxQueue queue = InboxQueue.open(folder, new FirstOf(flights, first));
    fill(queue, shape, backlog);
    queue.start();
    // From then on the others wait: for a place in the pool, for the lane, or for the limit.
    first.await();
    return new Side(folder, flights, queue, new ArrayList<>());
  }

  private void fill(InboxQueue queue, Shape shape, int backlog) {
    long begin = System.nanoTime();
    for (int from = 0; from < backlog; from += BATCH) {
      List<Webhook> batch = new ArrayList<>();
      for (int i = from; i < Math.min(backlog, from + BATCH); i++) {
        batch.add(shape.webhook(webhooks, i));
      }
      queue.acceptAll(batch);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.err.printf(Locale.ROOT, "bench: %,d works filled in, in %.1f s%n", backlog, seconds);
  }

  /// Tells of the first of all, too.
  private record FirstOf(Flights flights, CountDownLatch first) implements WebhookQueue.Watch {
    @Override
    public void started(String id) {
      flights.started(id);
      first.countDown();
    }

    @Override
    public void done(String id) {
      flights.done(id);
    }
  }

  private void race(Side few, Side many) throws InterruptedException {
    drain(few);
    drain(many);
    for (int i = 0; i < plan.rounds(); i++) {
      Side first = i % 2 == 0 ? few : many;
      Side second = i % 2 == 0 ? many : few;
      first.rounds().add(drain(first));
      second.rounds().add(drain(second));
    }
  }

  /// Has some works done, or as many of them as a round has time for.
  private Measurement drain(Side side) throws InterruptedException {
    List<Webhook> batch = new ArrayList<>();
    List<Flights.Flight> flights = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      Webhook webhook = webhooks.next();
      batch.add(webhook);
      flights.add(side.flights().begin(webhook.id()));
    }
    side.queue().acceptAll(batch);
    long begin = System.nanoTime();
    long deadline = begin + LONGEST_ROUND.toNanos();
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
                Math.min(FEW, plan.backlog())),
        ">= %.1fx".formatted(LEAST_RATIO),
        ratio.median() >= LEAST_RATIO);
  }

  private static void close(Side side) throws IOException {
    side.queue().close();
    Folders.delete(side.folder());
  }
}
