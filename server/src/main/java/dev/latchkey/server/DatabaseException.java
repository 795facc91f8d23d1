package dev.latchkey.server;

/// The database's file or folder can't be made. The message is one line that says why.
final class DatabaseException extends RuntimeException {

  private static final long serialVersionUID = 1;

  DatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
