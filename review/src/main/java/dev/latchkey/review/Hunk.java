package dev.latchkey.review;

import java.util.List;

/// A run of lines of one file, in the diff's order.
///
/// @param oldStart the first line's number before the change; where `oldCount` is 0, the number of
///   the line before the hunk
/// @param newStart the same after the change
public record Hunk(int oldStart, int oldCount, int newStart, int newCount, List<DiffLine> lines) {
  public Hunk {
    lines = List.copyOf(lines);
  }

  Hunk withLines(List<DiffLine> others) {
    return new Hunk(oldStart, oldCount, newStart, newCount, others);
  }
}
