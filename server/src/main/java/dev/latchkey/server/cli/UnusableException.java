package dev.latchkey.server.cli;

import org.jspecify.annotations.Nullable;

/// A file can't be used, or what was to be written couldn't be. The message is one line.
final class UnusableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
