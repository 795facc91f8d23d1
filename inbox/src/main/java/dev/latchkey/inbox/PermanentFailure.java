package dev.latchkey.inbox;

/// Thrown by a handler when trying again is useless: the work is DEAD at once, with this message.
public final class PermanentFailure extends InboxException {
  private static final long serialVersionUID = 1L;

  public PermanentFailure(String message) {
    super(message, null);
  }

  public PermanentFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
