package dev.latchkey.inbox;

import org.jspecify.annotations.Nullable;

/// A failure of the inbox or of a work. Each kind answers one question: what may be done now?
/// Mistakes in calling are not of these: they're [IllegalArgumentException] and
/// [IllegalStateException].
public abstract sealed class InboxException extends RuntimeException
    permits InboxException.Unavailable,
        InboxException.Superseded,
        InboxException.Suspended,
        InboxException.Unusable,
        InboxException.NotAllowed,
        PermanentFailure,
        RetryAt {

  private static final long serialVersionUID = 1L;

  InboxException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// The delivery could not be made durable, or nobody knows whether it was, or the inbox is full:
  /// send it again later. If it was kept after all, it will be a duplicate.
  public static final class Unavailable extends InboxException {
    private static final long serialVersionUID = 1L;

    Unavailable(String message, @Nullable Throwable cause) {
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

  /// This run of the work ends here, without having failed: the work was cancelled, or a limit
  /// refuses its next call, or an earlier call may have been lost. Let it through: whatever the
  /// handler returns or throws instead doesn't count.
  public static final class Suspended extends InboxException {
    private static final long serialVersionUID = 1L;

    Suspended(String message) {
      super(message, null);
    }
  }

  /// What was asked for isn't allowed in the state that the work is in; nothing was changed.
  public static final class NotAllowed extends InboxException {
    private static final long serialVersionUID = 1L;

    NotAllowed(String message) {
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
