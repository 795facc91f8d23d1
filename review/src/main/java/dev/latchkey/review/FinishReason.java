package dev.latchkey.review;

/// Why a model stopped writing.
public enum FinishReason {
  /// It was done.
  STOP,
  /// It reached the limit of its output: the answer is cut.
  LENGTH,
  /// A content filter stopped it.
  FILTERED,
  /// It said something else, or nothing.
  OTHER
}
