package dev.latchkey.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is compared does the same thing everywhere.
final class WebhookQueueTest {

  @BeforeAll
  static void quieten() {
    Logs.quieten();
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void doesWhatWasAcceptedBeforeAndAfterItsStart(QueuePeer peer) throws Exception {
    Webhooks webhooks = new Webhooks(1, 3);
    Seen seen = new Seen(40);
    try (WebhookQueue queue = peer.open(folder, seen)) {
      for (int i = 0; i < 20; i++) {
        assertThat(queue.accept(webhooks.next())).isTrue();
      }

      queue.start();
      for (int i = 0; i < 20; i++) {
        assertThat(queue.accept(webhooks.next())).isTrue();
      }

      assertThat(seen.awaitAll()).isTrue();
      assertThat(seen.done).hasSize(40).isEqualTo(seen.started);
      assertThat(seen.wrong).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWebhookWhoseIdIsKeptIsKnownAfterOpeningAgain(QueuePeer peer) throws Exception {
    Webhook webhook = new Webhooks(1, 1).next();
    boolean first;
    boolean again;
    try (WebhookQueue queue = peer.open(folder, new Seen(1))) {
      first = queue.accept(webhook);
      again = queue.accept(webhook);
    }

    boolean later;
    try (WebhookQueue queue = peer.open(folder, new Seen(1))) {
      later = queue.accept(webhook);
    }

    assertThat(first).isTrue();
    assertThat(again).isFalse();
    assertThat(later).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void whatWasAcceptedIsDoneOnceAfterOpeningAgain(QueuePeer peer) throws Exception {
    Webhooks webhooks = new Webhooks(1, 3);
    Seen seen = new Seen(5);
    try (WebhookQueue queue = peer.open(folder, new Seen(1))) {
      for (int i = 0; i < 5; i++) {
        queue.accept(webhooks.next());
      }
    }

    try (WebhookQueue queue = peer.open(folder, seen)) {
      queue.start();
      assertThat(seen.awaitAll()).isTrue();
    }
    Seen later = new Seen(1);
    try (WebhookQueue queue = peer.open(folder, later)) {
      queue.start();
      queue.accept(webhooks.next());
      assertThat(later.awaitAll()).isTrue();
    }

    assertThat(later.started).hasSize(1).doesNotContainAnyElementsOf(seen.started);
  }

  /// What has been told.
  private static final class Seen implements WebhookQueue.Watch {
    final Set<String> started = ConcurrentHashMap.newKeySet();
    final Set<String> done = ConcurrentHashMap.newKeySet();
    final Set<String> wrong = ConcurrentHashMap.newKeySet();
    private final CountDownLatch missing;

    Seen(int wanted) {
      missing = new CountDownLatch(wanted);
    }

    @Override
    public void started(String id) {
      if (!started.add(id)) {
        wrong.add("started twice: " + id);
      }
    }

    @Override
    public void done(String id) {
      if (!started.contains(id) || !done.add(id)) {
        wrong.add("done twice, or before it was started: " + id);
      }
      missing.countDown();
    }

    boolean awaitAll() throws InterruptedException {
      return missing.await(1, TimeUnit.MINUTES);
    }
  }
}
