package dev.latchkey.kv;

import java.time.Duration;

/// Told what a database does, for metrics and logs. It is called on the thread where the thing
/// happens, often the one that leads a group's commit, so it should return at once, and it must not
/// call the database. One that throws is logged, and not told anything more.
@FunctionalInterface
public interface DatabaseListener {

  void on(Event event);

  static DatabaseListener none() {
    return Listeners.NONE;
  }

  /// Something which happened. Later releases may add kinds, so let a switch over them have a
  /// default.
  sealed interface Event {

    /// A group of transactions was made durable by one commit. Told before those who wait for it
    /// are.
    record Committed(int transactions, Duration took) implements Event {}

    /// The body of a transaction held the writer for longer than 100 ms. Told when it has ended.
    record HeldTooLong(Duration took) implements Event {}

    /// Expired entries were removed.
    record Swept(int entries, Duration took) implements Event {}

    /// The engine stopped, for the reason that [KvException.Stopped] gives. Told once.
    record Stopped(String reason) implements Event {}
  }
}
