package dev.latchkey.bench;

import dev.latchkey.inbox.Delivery;
import dev.latchkey.inbox.Event;
import dev.latchkey.inbox.Inbox;
import dev.latchkey.inbox.InboxOptions;
import dev.latchkey.inbox.Limit;
import dev.latchkey.inbox.NewWork;
import dev.latchkey.inbox.Outcome;
import dev.latchkey.inbox.Receipt;
import dev.latchkey.inbox.Routing;
import dev.latchkey.inbox.Task;
import dev.latchkey.inbox.WorkState;
import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.DatabaseOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/// Latchkey's `inbox`: the one place that says how it is run. Each webhook makes a work of its own,
/// known by the webhook's id.
final class InboxQueue implements WebhookQueue {

  /// Does nothing.
  static final String PLAIN = "plain";

  /// Doesn't end until its inbox is closed.
  static final String HELD = "held";

  /// Pays for a unit of its limit and does nothing else, or doesn't end either if so opened.
  static final String LIMITED = "limited";

  /// How many works of a kind that is limited begin, and then none for a year. More than a pool has
  /// room for, so that works which don't end leave the limit open.
  static final int UNITS = 50;

  private static final Limit SCARCE = new Limit("scarce", UNITS, Duration.ofDays(365));

  private static final String LANE = "X-Lane";
  private static final String WORKS = "X-Works";
  private static final String LANES = "X-Lanes";

  /// Of all pools together, as by default.
  private static final int LEAST_RUNNING = 256;

  private static final long MOST_BACKLOG = 100_000_000;

  /// The most that one delivery may ask for.
  private static final int MOST_WORKS = 100;

  /// How many deliveries are filled in within one transaction.
  private static final int FILLED_TOGETHER = 10;

  private final Database database;
  private final Watch watch;
  private final Inbox inbox;
  private final CountDownLatch never = new CountDownLatch(1);

  /// How an inbox is run where that isn't as by default.
  ///
  /// @param running how many works run at the same time
  /// @param holding whether works that are limited don't end
  record Settings(int running, boolean holding) {
    static final Settings DEFAULT = new Settings(QueuePeer.WORKERS, false);
  }

  private InboxQueue(Path folder, Watch watch, Settings settings) {
    this.watch = watch;
    // A caller shall see a stall as a late answer and not as a failure, whatever the disk does.
    DatabaseOptions databaseOptions =
        DatabaseOptions.defaults().withLockTimeout(Duration.ofMinutes(1));
    this.database = Database.open(folder.resolve("inbox.db"), databaseOptions);
    InboxOptions options =
        InboxOptions.of(InboxQueue::route)
            .withWorkers(settings.running())
            .withMaxRunning(Math.max(LEAST_RUNNING, settings.running()))
            .withMaxBacklog(MOST_BACKLOG)
            .withDrainTimeout(Duration.ZERO)
            .withListener(this::on);
    this.inbox =
        Inbox.open(database, options)
            .handler(PLAIN, this::plain)
            .handler(HELD, this::held)
            .handler(LIMITED, settings.holding() ? this::held : this::limited);
  }

  static InboxQueue open(Path folder, Watch watch) {
    return open(folder, watch, Settings.DEFAULT);
  }

  static InboxQueue open(Path folder, Watch watch, Settings settings) {
    return new InboxQueue(folder, watch, settings);
  }

  private static Routing route(Delivery delivery) {
    Map<String, String> headers = delivery.headers();
    String lane = Objects.requireNonNull(headers.get(LANE));
    int works = Integer.parseInt(headers.getOrDefault(WORKS, "1"));
    if (works == 1) {
      return Routing.to(work(delivery.kind(), lane, delivery.id()));
    }
    int lanes = Integer.parseInt(headers.getOrDefault(LANES, "1"));
    int first = Integer.parseInt(delivery.id());
    return Routing.to(
        IntStream.range(first, first + works)
            .mapToObj(i -> work(delivery.kind(), lane + i % lanes, Integer.toString(i)))
            .toList());
  }

  private static NewWork work(String kind, String lane, String key) {
    NewWork work = NewWork.of(kind, lane, key);
    return kind.equals(LIMITED) ? work.withLimits(SCARCE) : work;
  }

  private Outcome plain(Task task) {
    watch.started(task.key());
    return Outcome.done();
  }

  private Outcome held(Task task) {
    watch.started(task.key());
    try {
      never.await();
    } catch (InterruptedException e) {
      // The inbox has closed, and has given the work back: how this run ends counts no more.
      Thread.currentThread().interrupt();
    }
    return Outcome.done();
  }

  private Outcome limited(Task task) {
    watch.started(task.key());
    task.<String, RuntimeException>paidStep("pay", "", Codec.text(), () -> "paid");
    return Outcome.done();
  }

  private void on(Event event) {
    if (event instanceof Event.Ended(var claim, var state, var note)) {
      if (state != WorkState.DONE) {
        throw new IllegalStateException(claim + " is " + state + ": " + note);
      }
      watch.done(claim.key());
    }
  }

  @Override
  public boolean accept(Webhook webhook) {
    Delivery delivery =
        new Delivery(
            "github",
            webhook.id(),
            webhook.kind(),
            Map.of("X-GitHub-Event", webhook.kind(), LANE, webhook.lane()),
            webhook.body());
    return inbox.accept(delivery) == Receipt.ACCEPTED;
  }

  /// Keeps all of them in one transaction; for preparing, not for measuring.
  void acceptAll(List<Webhook> webhooks) {
    database.transact(() -> webhooks.forEach(this::accept));
  }

  /// Fills works in, whose deliveries have hardly any body: what is measured beside them never
  /// reads it.
  ///
  /// @param works a multiple of 100
  /// @param lanes over which they are spread
  void fill(String kind, int works, int lanes) {
    for (int from = 0; from < works; from += MOST_WORKS * FILLED_TOGETHER) {
      int begin = from;
      int end = Math.min(works, from + MOST_WORKS * FILLED_TOGETHER);
      database.transact(() -> {
        for (int i = begin; i < end; i += MOST_WORKS) {
          fillHundred(kind, i, lanes);
        }
      });
    }
  }

  private void fillHundred(String kind, int first, int lanes) {
    Map<String, String> headers =
        Map.of(
            LANE, "backlog-", WORKS, Integer.toString(MOST_WORKS), LANES, Integer.toString(lanes));
    inbox.accept(
        new Delivery("bench", Integer.toString(first), kind, headers, new byte[] {'{', '}'}));
  }

  @Override
  public void start() {
    inbox.start();
  }

  @Override
  public void close() {
    inbox.close();
    database.close();
  }
}
