package dev.latchkey.review;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Ties what a model said to lines of the diff. A finding that names no line of its chunk, or
/// quotes what does not stand there, is demoted, not deleted.
final class Checks {
  private static final int REACH = 3;

  /// The most an unanchored finding is trusted.
  private static final double LOW_CONFIDENCE = 0.2;

  private record Target(FileDiff file, LineIndex index) {}

  /// Where the first line of a quote was found.
  private record Place(Anchor anchor, int line) {}

  private final Map<String, Target> targets = new HashMap<>();

  Checks(Chunk chunk) {
    for (int i = 0; i < chunk.files().size(); i++) {
      FileDiff file = chunk.files().get(i);
      targets.put(Numbered.id(i), new Target(file, LineIndex.of(file)));
    }
  }

  /// The finding as far as it holds, without the ordinal of its fingerprint.
  Finding check(RawFinding raw) {
    Target target = targets.get(raw.file());
    Quote quote = Quote.of(raw.quote());
    if (target == null || raw.line() == 0 || !quote.tellsAPlace()) {
      return unanchored(raw, target);
    }
    return place(target.index(), raw, quote)
        .map(place -> anchored(raw, target, quote, place))
        .orElseGet(() -> unanchored(raw, target));
  }

  private static Optional<Place> place(LineIndex index, RawFinding raw, Quote quote) {
    if (stands(index, raw.side(), raw.line(), quote)) {
      return Optional.of(new Place(Anchor.EXACT, raw.line()));
    }
    for (int distance = 1; distance <= REACH; distance++) {
      boolean above = reaches(index, raw, raw.line() - distance, quote);
      boolean below = reaches(index, raw, raw.line() + distance, quote);
      if (above && below) {
        return Optional.empty();
      }
      if (above || below) {
        int line = above ? raw.line() - distance : raw.line() + distance;
        return Optional.of(new Place(Anchor.MOVED, line));
      }
    }
    return Optional.empty();
  }

  /// Whether the quote stands at a line near the one named, in the same hunk. A number just outside
  /// every hunk is in none, so the nearest place may be in any.
  private static boolean reaches(LineIndex index, RawFinding raw, int line, Quote quote) {
    OptionalInt named = index.hunk(raw.side(), raw.line());
    return stands(index, raw.side(), line, quote)
        && (named.isEmpty() || named.equals(index.hunk(raw.side(), line)));
  }

  private static boolean stands(LineIndex index, Side side, int first, Quote quote) {
    OptionalInt hunk = index.hunk(side, first);
    for (int i = 0; i < quote.lines().size(); i++) {
      Optional<DiffLine> line = index.line(side, first + i);
      if (line.isEmpty()
          || !hunk.equals(index.hunk(side, first + i))
          || !quote.matches(i, line.get())) {
        return false;
      }
    }
    return true;
  }

  private static Finding anchored(RawFinding raw, Target target, Quote quote, Place place) {
    List<DiffLine> lines = new ArrayList<>();
    for (int i = 0; i < quote.lines().size(); i++) {
      target.index().line(raw.side(), place.line() + i).ifPresent(lines::add);
    }
    String shown =
        lines.stream()
            .map(line -> Visible.line(line.bytes().text()))
            .collect(Collectors.joining("\n"));
    int last = place.line() + lines.size() - 1;
    return new Finding(
        target.file().path(),
        raw.side(),
        lines.size() > 1 ? place.line() : 0,
        last,
        shown,
        place.anchor(),
        raw.severity(),
        raw.confidence(),
        raw.category(),
        raw.claim(),
        Suggestions.checked(raw, quote, lines).orElse(null),
        fingerprint(target.file().path(), shown, raw.category()));
  }

  private static Finding unanchored(RawFinding raw, @Nullable Target target) {
    String path = target == null ? "" : target.file().path();
    String quote =
        Stream.of(raw.quote().strip().split("\n", -1))
            .limit(REACH)
            .map(Visible::line)
            .collect(Collectors.joining("\n"));
    return new Finding(
        path,
        raw.side(),
        0,
        raw.line(),
        quote,
        Anchor.UNANCHORED,
        raw.severity(),
        Math.min(raw.confidence(), LOW_CONFIDENCE),
        raw.category(),
        raw.claim(),
        null,
        fingerprint(path, quote, raw.category()));
  }

  static String fingerprint(String path, String quote, Category category) {
    String normal = quote.lines().map(Quote::normal).collect(Collectors.joining("\n")).strip();
    return Digest.of(path, normal, category.label()).substring(0, 32);
  }
}
