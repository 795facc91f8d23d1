package dev.latchkey.bench;

import dev.latchkey.server.web.WebhookRoute;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// Sends webhooks over one connection. Where they are due at times that are set beforehand, one
/// that is sent late because the answer before was late counts from when it was due.
final class PostDuty implements Duty {
  private final ServerRow row;
  private final int caller;
  private final HttpConnection connection;
  private final PullRequestWebhooks webhooks;
  private final LongAdder accepted;
  private final Latencies all;
  private final Latencies own = new Latencies();
  private long due;

  /// @param accepted counts the answers that are 202
  /// @param all is added what this one has seen, when it leaves
  record Counts(LongAdder accepted, Latencies all) {}

  PostDuty(
      ServerRow row,
      int caller,
      HttpConnection connection,
      PullRequestWebhooks webhooks,
      Counts counts) {
    this.row = row;
    this.caller = caller;
    this.connection = connection;
    this.webhooks = webhooks;
    this.accepted = counts.accepted();
    this.all = counts.all();
  }

  @Override
  public void rest() {
    if (row.perSecond() == 0) {
      return;
    }
    long apart = TimeUnit.SECONDS.toNanos(1) / row.perSecond();
    due = due == 0 ? System.nanoTime() + caller * apart : due + row.connections() * apart;
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void once() throws IOException {
    PullRequestWebhooks.Signed webhook = webhooks.next();
    long begin = row.perSecond() == 0 ? System.nanoTime() : due;
    HttpConnection.Answer answer =
        connection.exchange(
            "POST "
                + WebhookRoute.PATH
                + " HTTP/1.1\r\nContent-Type: application/json\r\nX-GitHub-Event: pull_request\r\n"
                + "X-GitHub-Hook-ID: 4711\r\nX-GitHub-Delivery: "
                + webhook.id()
                + "\r\nX-Hub-Signature-256: "
                + webhook.signature()
                + "\r\n",
            webhook.body());
    if (answer.status() != 202) {
      throw new IOException("a new webhook was answered with " + answer);
    }
    own.record(System.nanoTime() - begin);
    accepted.increment();
  }

  @Override
  public void leave() {
    synchronized (all) {
      all.add(own);
    }
    try {
      connection.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
