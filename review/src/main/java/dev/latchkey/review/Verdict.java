package dev.latchkey.review;

import java.util.Locale;

/// What a review comes to, computed from its anchored findings. None of these is an approval.
public enum Verdict {
  /// The whole diff was read, apart from what is left out on purpose, and nothing was found.
  NOTHING_FOUND,
  /// Nothing was found, but part of the diff was not read: this says nothing about that part.
  INCOMPLETE,
  /// The worst anchored finding is below [Severity#MAJOR].
  FINDINGS,
  /// At least one anchored finding is [Severity#MAJOR] or worse.
  SERIOUS_FINDINGS;

  /// The name in outputs, for example `serious_findings`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
