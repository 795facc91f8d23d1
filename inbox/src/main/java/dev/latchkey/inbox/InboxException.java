package dev.latchkey.inbox;

import org.jspecify.annotations.Nullable;

/// A failure of the inbox or of a work. Each kind answers one question: what may be done now?
/// Mistakes in calling are not of these: they're [IllegalArgumentException] and
/// [IllegalStateException].
public abstract sealed class InboxException extends RuntimeException
    permits InboxException.Unavailable,
        InboxException.Superseded,
        InboxException.Unusable,
        PermanentFailure,
        RetryAt {

  private static final long serialVersionUID = 1L;

  InboxException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// The delivery could not be made durable, or nobody knows whether it was: send it again. If it
  /// was kept after all, it will be a duplicate.
  public static final class Unavailable extends InboxException {
    private static final long serialVersionUID = 1L;

    Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// This run of the work is over: the work was handed on, and nothing that this run still writes
  /// counts. Let it through, and do nothing more.
  public static final class Superseded extends InboxException {
    private static final long serialVersionUID = 1L;

    Superseded(String message) {
      super(message, null);
    }
  }

  /// The tables were written by a newer release; trying again won't help.
  public static final class Unusable extends InboxException {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message, null);
    }
  }
}
