package dev.latchkey.review;

import java.util.Locale;

/// How a finding was tied to a line.
public enum Anchor {
  /// The quote stands on the line that was named.
  EXACT,
  /// The quote stands at one nearest place within three lines of the one named, in the same hunk.
  MOVED,
  /// The quote was found at no such place: the finding belongs in the summary and has no weight.
  UNANCHORED;

  /// The name in outputs, for example `exact`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
