package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.util.List;

/// A durable inbox for webhooks: what [#accept] has returned for is kept, and what it asks for is
/// done once.
public final class Inbox implements AutoCloseable {

  private Inbox() {}

  /// Opens the inbox kept in this database, and makes ready again whatever a process that died was
  /// doing. Close it before the database.
  ///
  /// @throws IllegalStateException if an inbox is open on this database, by whichever handle
  /// @throws InboxException.Unusable if its tables were written by a newer release
  /// @throws dev.latchkey.kv.KvException if the database fails
  public static Inbox open(Database database, InboxOptions options) {
    throw new UnsupportedOperationException();
  }

  /// Registers what does the works of a kind. A work of a kind without handler will be DEAD.
  ///
  /// @return this
  /// @throws IllegalStateException if the kind has a handler, or the inbox has been started
  public Inbox handler(String kind, Handler handler) {
    throw new UnsupportedOperationException();
  }

  /// Begins to take works as they become due.
  ///
  /// @throws IllegalStateException if it has been started or closed
  public void start() {
    throw new UnsupportedOperationException();
  }

  /// Keeps the delivery, and what the router says it asks for, and returns once that is durable. It
  /// runs no handler, and it may be called before [#start].
  ///
  /// The source and id are what makes a delivery the same: one which comes again with another body
  /// is a duplicate too, the first body stays, and a warning is logged.
  ///
  /// Called inside a transaction of the caller's own it joins it, and is durable with it.
  ///
  /// @throws IllegalArgumentException if the body is larger than [InboxOptions#maxBodyBytes];
  ///   nothing is kept
  /// @throws InboxException.Unavailable if it could not be made durable; sending it again is right
  ///   and harmless
  /// @throws IllegalStateException if the inbox or its database is closed
  public Receipt accept(Delivery delivery) {
    throw new UnsupportedOperationException();
  }

  /// Looks for due works now, rather than when the clock was expected to reach the next one: for a
  /// clock that is set by hand. It returns at once.
  public void wake() {
    throw new UnsupportedOperationException();
  }

  /// Returns whether the inbox works.
  public InboxHealth health() {
    throw new UnsupportedOperationException();
  }

  /// Counts what is kept.
  ///
  /// @throws dev.latchkey.kv.KvException if the database fails
  public InboxStats stats() {
    throw new UnsupportedOperationException();
  }

  /// Returns the newest works, newest first.
  ///
  /// @param limit the most works to return, 1 to 1,000
  /// @throws dev.latchkey.kv.KvException if the database fails
  public List<WorkView> works(int limit) {
    throw new UnsupportedOperationException();
  }

  /// Takes no more works, waits up to [InboxOptions#drainTimeout] for those under way, and hands
  /// back the rest: their threads are interrupted, nothing they still write counts, and the works
  /// are ready for whoever opens the inbox next, with no attempt counted. Deliveries are accepted
  /// until that is done. Closing again has no effect.
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
