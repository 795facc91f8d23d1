package dev.latchkey.review;

/// How much a finding matters, least first, so that the natural order is the order of weight.
public enum Severity {
  NIT,
  MINOR,
  MAJOR,
  CRITICAL;

  public boolean atLeast(Severity other) {
    return compareTo(other) >= 0;
  }
}
