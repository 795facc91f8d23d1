package dev.latchkey.review;

import java.util.List;

/// What one question to the model holds.
///
/// @param hash SHA-256 in 64 hex digits over the content, the rules, the prompt's version, the
///   model and the repository: an answer kept for it stays good while it is the same
/// @param files the files in order, each with all of its hunks or, if it is huge, some; the file at
///   index `i` is `F(i + 1)` in the prompt
/// @param maxOutputTokens where the model is to stop writing
/// @param wishes what the repository's maintainers ask about these files, for the prompt's rules
public record Chunk(String hash, List<FileDiff> files, int maxOutputTokens, String wishes) {
  public Chunk {
    files = List.copyOf(files);
  }

  /// Returns about how many tokens of a model's context the files take.
  public long tokens() {
    return files.stream().mapToLong(Tokens::of).sum();
  }

  /// A chunk without wishes.
  public Chunk(String hash, List<FileDiff> files, int maxOutputTokens) {
    this(hash, files, maxOutputTokens, "");
  }
}
