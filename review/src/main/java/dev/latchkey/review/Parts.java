package dev.latchkey.review;

import java.util.ArrayList;
import java.util.List;

/// Splits a file that is too large for one question: between hunks where that is enough, and within
/// one where it is not. A part of a hunk is a hunk, with the numbers of its own lines.
final class Parts {
  private final FileDiff file;
  private final long budget;
  private final List<FileDiff> parts = new ArrayList<>();
  private final List<Hunk> hunks = new ArrayList<>();
  private long used;

  private Parts(FileDiff file, long budget) {
    this.file = file;
    this.budget = budget;
  }

  static List<FileDiff> of(FileDiff file, long budget) {
    if (Tokens.of(file) <= budget) {
      return List.of(file);
    }
    Parts parts = new Parts(file, budget);
    file.hunks().forEach(parts::add);
    parts.endPart();
    return parts.parts;
  }

  private void add(Hunk hunk) {
    long whole = hunk.lines().stream().mapToLong(Tokens::of).sum();
    if (used + whole > budget) {
      endPart();
    }
    if (whole <= budget) {
      hunks.add(hunk);
      used += whole;
      return;
    }
    List<DiffLine> run = new ArrayList<>();
    for (DiffLine line : hunk.lines()) {
      long tokens = Tokens.of(line);
      if (!run.isEmpty() && used + tokens > budget) {
        hunks.add(hunk(run));
        run.clear();
        endPart();
      }
      run.add(line);
      used += tokens;
    }
    hunks.add(hunk(run));
  }

  private void endPart() {
    if (!hunks.isEmpty()) {
      parts.add(file.withHunks(hunks));
      hunks.clear();
    }
    used = 0;
  }

  private static Hunk hunk(List<DiffLine> lines) {
    int oldStart = 0;
    int newStart = 0;
    int oldCount = 0;
    int newCount = 0;
    for (DiffLine line : lines) {
      oldStart = oldStart == 0 ? line.oldNumber() : oldStart;
      newStart = newStart == 0 ? line.newNumber() : newStart;
      oldCount += line.oldNumber() > 0 ? 1 : 0;
      newCount += line.newNumber() > 0 ? 1 : 0;
    }
    return new Hunk(oldStart, oldCount, newStart, newCount, lines);
  }
}
