package dev.latchkey.simulator;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The App's webhook: sends deliveries and keeps a log of them. Safe for use by several threads.
final class Hook implements AutoCloseable {
  private final SimulatedGitHubOptions options;
  private final WebhookSender sender;
  private final List<DeliveryAttempt> attempts = new ArrayList<>();
  private final Map<String, SimulatedDelivery> sent = new LinkedHashMap<>();
  private volatile @Nullable URI url;
  private volatile boolean active = true;

  Hook(SimulatedGitHubOptions options) {
    this.options = options;
    this.sender = new WebhookSender(options, WebhookSender.ANSWER_WITHIN);
  }

  void url(URI value) {
    url = value;
  }

  void active(boolean value) {
    active = value;
  }

  boolean active() {
    return active;
  }

  /// Sends it once; while the webhook is inactive nothing is sent or logged.
  ///
  /// @throws IllegalStateException if no webhook is set
  DeliveryAttempt send(SimulatedDelivery delivery) {
    var to = url;
    if (to == null) {
      throw new IllegalStateException("no webhook is set");
    }
    if (!active) {
      return new DeliveryAttempt(
          delivery,
          options.clock().instant(),
          Duration.ZERO,
          new DeliveryAttempt.Result.Failed("the webhook is inactive"));
    }
    synchronized (attempts) {
      sent.put(delivery.id(), delivery);
    }
    var attempt = sender.send(delivery, to);
    synchronized (attempts) {
      attempts.add(attempt);
    }
    return attempt;
  }

  /// @throws IllegalArgumentException if no delivery with that id was ever sent
  DeliveryAttempt redeliver(String id) {
    SimulatedDelivery delivery;
    synchronized (attempts) {
      delivery = sent.get(id);
    }
    if (delivery == null) {
      throw new IllegalArgumentException("no delivery " + id + " was ever sent");
    }
    return send(delivery);
  }

  /// Every sending so far, in the order in which they ended.
  List<DeliveryAttempt> attempts() {
    synchronized (attempts) {
      return List.copyOf(attempts);
    }
  }

  @Override
  public void close() {
    sender.close();
  }
}
