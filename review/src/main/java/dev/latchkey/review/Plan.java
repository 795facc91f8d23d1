package dev.latchkey.review;

import java.util.List;

/// What is asked of the model, and what is left out and why. The same snapshot and options always
/// give the same plan.
public record Plan(List<Chunk> chunks, List<Omitted> omitted) {
  public Plan {
    chunks = List.copyOf(chunks);
    omitted = List.copyOf(omitted);
  }

  /// Selects files, source before tests before configuration and documents, and packs them.
  public static Plan of(Snapshot snapshot, ReviewOptions options) {
    throw new UnsupportedOperationException();
  }
}
