package dev.latchkey.review;

import org.jspecify.annotations.Nullable;

/// What can go wrong in a review that is neither the caller's mistake nor a bug: an unreadable
/// diff, or a model that gives no answer.
public abstract sealed class ReviewException extends RuntimeException
    permits DiffException, ModelException {
  private static final long serialVersionUID = 1L;

  ReviewException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
