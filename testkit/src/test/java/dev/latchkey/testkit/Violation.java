package dev.latchkey.testkit;

/// A place where the repository breaks a rule of the house: which file and line, which rule, and
/// what it found there beside what is allowed.
record Violation(String file, int line, String rule, String what) {

  @Override
  public String toString() {
    return "%s:%d: %s: %s".formatted(file, line, rule, what);
  }
}
