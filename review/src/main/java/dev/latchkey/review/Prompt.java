package dev.latchkey.review;

/// Puts a chunk into words for a model.
public final class Prompt {
  private Prompt() {}

  /// 32 hex digits nobody can foresee. One is drawn for each question and kept with its reply.
  public static String nonce() {
    throw new UnsupportedOperationException();
  }

  /// The question for one chunk.
  ///
  /// @throws IllegalArgumentException if the nonce is not 32 lower-case hex digits
  public static ModelRequest of(Snapshot snapshot, Chunk chunk, String nonce) {
    throw new UnsupportedOperationException();
  }
}
