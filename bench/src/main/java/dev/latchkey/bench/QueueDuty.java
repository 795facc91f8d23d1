package dev.latchkey.bench;

import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A row's operation on a queue.
final class QueueDuty implements Duty {
  private static final int LONGEST_REST_MICROS = 20_000;

  private final QueueRow row;
  private final WebhookQueue queue;
  private final Flights flights;
  private final Webhooks webhooks;
  private final SplittableRandom random;
  private final Latencies all;
  private final Latencies toStart = new Latencies();

  /// @param all is added what this one has seen, when it leaves
  /// @param seed unlike that of any other caller in any round of the row
  QueueDuty(QueueRow row, WebhookQueue queue, Flights flights, Latencies all, long seed) {
    this.row = row;
    this.queue = queue;
    this.flights = flights;
    this.webhooks = new Webhooks(seed, row.lanes());
    this.random = new SplittableRandom(~seed);
    this.all = all;
  }

  @Override
  public void rest() throws InterruptedException {
    if (row.operation() == QueueOperation.DONE_IDLE) {
      long micros = random.nextInt(LONGEST_REST_MICROS);
      boolean _ = new CountDownLatch(1).await(micros, TimeUnit.MICROSECONDS);
    }
  }

  @Override
  public void once() throws Exception {
    Webhook webhook = webhooks.next();
    if (!row.operation().isStarted()) {
      accept(webhook);
      return;
    }
    Flights.Flight flight = flights.begin(webhook.id());
    accept(webhook);
    flight.awaitDone();
    toStart.record(flight.toStart());
  }

  private void accept(Webhook webhook) throws Exception {
    if (!queue.accept(webhook)) {
      throw new IllegalStateException(webhook.id() + " is new, and was called known");
    }
  }

  @Override
  public void leave() {
    synchronized (all) {
      all.add(toStart);
    }
  }
}
