package dev.latchkey.review;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A checked finding. Its texts are the model's, so they go to a reader only through [Neutral] or
/// another output that escapes them.
///
/// @param path the file's new path; empty if the model named no file of the diff
/// @param firstLine the first line of a range, else 0
/// @param line the line, or the last of a range; for an unanchored finding, what the model said
/// @param quote the line or lines the finding is about, as the prompt showed them; for an
///   unanchored finding, what the model said
/// @param confidence 0 to 1
/// @param replacement text that may replace exactly the quoted lines, without a final line feed, or
///   null
/// @param fingerprint of path, quote and category, without numbers: the same finding after a push
///   that moves it keeps it; a second of the same run has `-2` at its end
public record Finding(
    String path,
    Side side,
    int firstLine,
    int line,
    String quote,
    Anchor anchor,
    Severity severity,
    double confidence,
    Category category,
    String claim,
    @Nullable String replacement,
    String fingerprint) {
  /// The first line of a range, always less than [#line()]; empty for a single line.
  public OptionalInt startLine() {
    return firstLine == 0 ? OptionalInt.empty() : OptionalInt.of(firstLine);
  }

  /// What may be offered as a suggestion: only on the right side, only for lines that were quoted
  /// byte for byte.
  public Optional<String> suggestion() {
    return Optional.ofNullable(replacement);
  }

  /// Tells this finding from those of the same run with the same fingerprint.
  Finding withOrdinal(int ordinal) {
    return new Finding(
        path,
        side,
        firstLine,
        line,
        quote,
        anchor,
        severity,
        confidence,
        category,
        claim,
        replacement,
        fingerprint + "-" + ordinal);
  }
}
