package dev.latchkey.review;

import java.util.List;
import java.util.Optional;

/// Which replacements may be offered. One press of a button puts them into the code, so the bar is
/// higher than for words.
final class Suggestions {
  private static final int MAX_LINES = 50;

  private Suggestions() {}

  /// The replacement, if it stands on the right side, replaces lines that were quoted byte for
  /// byte, changes something, and holds nothing that can't be seen. Not where a secret was masked:
  /// the mask would be put into the code.
  static Optional<String> checked(RawFinding raw, Quote quote, List<DiffLine> found) {
    String replacement = raw.replacement();
    if (replacement == null || raw.side() != Side.RIGHT || !quote.isExactly(found)) {
      return Optional.empty();
    }
    String text = withoutEnd(replacement);
    boolean same = text.equals(withoutEnd(quote.raw()));
    boolean visible = text.codePoints().noneMatch(c -> c != '\n' && c != '\t' && Visible.hidden(c));
    boolean forged = text.contains("<!-- latchkey");
    boolean masked =
        raw.quote().contains(Secrets.MASK)
            || text.contains(Secrets.MASK)
            || !Secrets.in(text).isEmpty();
    return same || !visible || forged || masked || text.lines().count() > MAX_LINES
        ? Optional.empty()
        : Optional.of(text);
  }

  private static String withoutEnd(String raw) {
    return raw.endsWith("\n") ? raw.substring(0, raw.length() - 1) : raw;
  }
}
