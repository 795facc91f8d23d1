package dev.latchkey.inbox;

import java.time.Instant;
import java.util.Objects;

/// Thrown by a handler which failed and knows when trying again makes sense, as when a server said
/// so. It counts as an attempt.
public final class RetryAt extends InboxException {
  private static final long serialVersionUID = 1L;

  private final Instant at;

  public RetryAt(Instant at, String message) {
    super(message, null);
    this.at = Objects.requireNonNull(at, "at");
  }

  public RetryAt(Instant at, String message, Throwable cause) {
    super(message, cause);
    this.at = Objects.requireNonNull(at, "at");
  }

  /// Returns when to try again; a time past is at once.
  public Instant at() {
    return at;
  }
}
