package dev.latchkey.review;

import java.util.Locale;

/// What kind of problem a finding is.
public enum Category {
  BUG,
  SECURITY,
  CONCURRENCY,
  PERFORMANCE,
  ERROR_HANDLING,
  API,
  TEST,
  DOCS,
  STYLE;

  /// The name in prompts and outputs, for example `error-handling`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
