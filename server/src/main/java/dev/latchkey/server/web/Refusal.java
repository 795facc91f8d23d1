package dev.latchkey.server.web;

/// A request can't be done, and its sender is told why. Nothing was done.
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /// @param status as in HTTP
  /// @param detail what to tell the sender; no secret
  Refusal(int status, String detail) {
    super(detail);
    this.status = status;
  }

  Problem problem() {
    return Problem.of(status, String.valueOf(getMessage()));
  }
}
