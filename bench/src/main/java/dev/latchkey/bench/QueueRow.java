package dev.latchkey.bench;

import java.util.List;

/// One thing which is measured with several queues, the inbox first. Callers are virtual threads.
///
/// @param lanes over which the webhooks are spread
record QueueRow(
    String name, QueueOperation operation, int callers, int lanes, List<QueuePeer> peers) {

  private static final List<QueuePeer> ALL = List.of(QueuePeer.values());
  private static final int MANY = 1_000;

  /// Peers without lanes would win in the row of one lane by not doing what it asks for.
  static List<QueueRow> all() {
    return List.of(
        new QueueRow("accept, 1 caller", QueueOperation.ACCEPT, 1, MANY, ALL),
        new QueueRow("accept, 8 callers", QueueOperation.ACCEPT, 8, MANY, ALL),
        new QueueRow(Goals.ACCEPT, QueueOperation.ACCEPT, 64, MANY, ALL),
        new QueueRow("accept, 512 callers", QueueOperation.ACCEPT, 512, MANY, ALL),
        new QueueRow(Goals.IDLE, QueueOperation.DONE_IDLE, 1, MANY, ALL),
        new QueueRow("to done, 64 callers, 1,000 lanes", QueueOperation.DONE, 64, MANY, ALL),
        new QueueRow(Goals.DONE, QueueOperation.DONE, 512, MANY, ALL),
        new QueueRow(
            "to done, 64 callers, 1 lane", QueueOperation.DONE, 64, 1, List.of(QueuePeer.INBOX)));
  }
}
