package dev.latchkey.bench;

import dev.latchkey.inbox.Delivery;
import dev.latchkey.inbox.Event;
import dev.latchkey.inbox.Inbox;
import dev.latchkey.inbox.InboxOptions;
import dev.latchkey.inbox.Limit;
import dev.latchkey.inbox.NewWork;
import dev.latchkey.inbox.Outcome;
import dev.latchkey.inbox.Receipt;
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

/// Latchkey's `inbox`: the one place that says how it is run. Each webhook makes a work of its own,
/// known by the webhook's id.
final class InboxQueue implements WebhookQueue {

  /// Does nothing.
  static final String PLAIN = "plain";

  /// Does nothing, and doesn't end until its inbox is closed.
  static final String HELD = "held";

  /// Pays for its unit of [#ONE_A_YEAR] and does nothing else.
  static final String LIMITED = "limited";

  private static final String LANE = "X-Lane";
  private static final Limit ONE_A_YEAR = new Limit("scarce", 1, Duration.ofDays(365));

  private final Database database;
  private final Watch watch;
  private final Inbox inbox;
  private final CountDownLatch never = new CountDownLatch(1);

  private InboxQueue(Path folder, Watch watch, int running) {
    this.watch = watch;
    // A caller shall see a stall as a late answer and not as a failure, whatever the disk does.
    DatabaseOptions databaseOptions =
        DatabaseOptions.defaults().withLockTimeout(Duration.ofMinutes(1));
    this.database = Database.open(folder.resolve("inbox.db"), databaseOptions);
    InboxOptions options =
        InboxOptions.of(InboxQueue::route)
            .withWorkers(running)
            .withDrainTimeout(Duration.ZERO)
            .withListener(this::on);
    this.inbox =
        Inbox.open(database, options)
            .handler(PLAIN, this::plain)
            .handler(HELD, this::held)
            .handler(LIMITED, this::limited);
  }

  static InboxQueue open(Path folder, Watch watch) {
    return open(folder, watch, QueuePeer.WORKERS);
  }

  /// @param running how many works run at the same time
  static InboxQueue open(Path folder, Watch watch, int running) {
    return new InboxQueue(folder, watch, running);
  }

  private static List<NewWork> route(Delivery delivery) {
    String lane = Objects.requireNonNull(delivery.headers().get(LANE));
    NewWork work = NewWork.of(delivery.kind(), lane, delivery.id());
    return List.of(delivery.kind().equals(LIMITED) ? work.withLimits(ONE_A_YEAR) : work);
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
