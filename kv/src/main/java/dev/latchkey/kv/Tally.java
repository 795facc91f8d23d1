package dev.latchkey.kv;

/// The counts of an engine, so that they can be read at one moment.
final class Tally {

  // Guarded by this.
  private long transactions;
  private long commits;
  private long rollbacks;
  private long expired;

  synchronized void committed(int members) {
    commits++;
    transactions += members;
  }

  synchronized void rolledBack() {
    rollbacks++;
  }

  synchronized void swept(int entries) {
    expired += entries;
  }

  synchronized DatabaseStats stats(int waitingWriters, long sizeBytes) {
    return new DatabaseStats(transactions, commits, rollbacks, waitingWriters, expired, sizeBytes);
  }
}
