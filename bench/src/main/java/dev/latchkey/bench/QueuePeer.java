package dev.latchkey.bench;

import java.nio.file.Path;

/// What takes webhooks in beside the inbox.
enum QueuePeer {
  INBOX("inbox") {
    @Override
    WebhookQueue open(Path folder, WebhookQueue.Watch watch) {
      return InboxQueue.open(folder, watch);
    }
  },
  DB_SCHEDULER("db-scheduler") {
    @Override
    WebhookQueue open(Path folder, WebhookQueue.Watch watch) throws Exception {
      return new SchedulerQueue(folder, watch);
    }
  },
  TABLE("table and polling") {
    @Override
    WebhookQueue open(Path folder, WebhookQueue.Watch watch) throws Exception {
      return new TableQueue(folder, watch);
    }
  };

  /// How many works each of them does at the same time.
  static final int WORKERS = 16;

  private final String title;

  QueuePeer(String title) {
    this.title = title;
  }

  /// Opens its database in the folder, which exists; the database is created there if absent.
  abstract WebhookQueue open(Path folder, WebhookQueue.Watch watch) throws Exception;

  String title() {
    return title;
  }
}
