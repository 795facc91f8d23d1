package dev.latchkey.review;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Which lines of a file may carry a comment, by GitHub's rules: on the right added and context
/// lines, on the left deleted lines; a range lies in one hunk and on one side.
public final class LineIndex {
  private record Spot(int hunk, DiffLine line) {}

  private final Map<Integer, Spot> left = new HashMap<>();
  private final Map<Integer, Spot> right = new HashMap<>();

  private LineIndex(List<Hunk> hunks) {
    for (int hunk = 0; hunk < hunks.size(); hunk++) {
      for (DiffLine line : hunks.get(hunk).lines()) {
        spots(line.side()).put(line.number(), new Spot(hunk, line));
      }
    }
  }

  public static LineIndex of(FileDiff file) {
    return new LineIndex(file.hunks());
  }

  /// Whether the line may carry a comment on that side.
  public boolean commentable(Side side, int line) {
    return spots(side).containsKey(line);
  }

  /// Whether a comment may span the lines: first before last, both in one hunk.
  public boolean commentable(Side side, int firstLine, int lastLine) {
    OptionalInt first = hunk(side, firstLine);
    return firstLine < lastLine && first.isPresent() && first.equals(hunk(side, lastLine));
  }

  /// The line, if it may carry a comment on that side.
  public Optional<DiffLine> line(Side side, int line) {
    return Optional.ofNullable(spots(side).get(line)).map(Spot::line);
  }

  /// The index of the hunk in which the line may carry a comment.
  OptionalInt hunk(Side side, int line) {
    Spot spot = spots(side).get(line);
    return spot == null ? OptionalInt.empty() : OptionalInt.of(spot.hunk());
  }

  private Map<Integer, Spot> spots(Side side) {
    return side == Side.LEFT ? left : right;
  }
}
