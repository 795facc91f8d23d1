package dev.latchkey.server.cli;

/// The command was called with something it can't work with. The message is one line that says what
/// to do.
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }

  UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
