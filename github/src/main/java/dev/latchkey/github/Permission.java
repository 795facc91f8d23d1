package dev.latchkey.github;

import java.util.Arrays;
import java.util.Locale;

/// What somebody may do in a repository, from the most to the least.
public enum Permission {
  ADMIN,
  MAINTAIN,
  WRITE,
  TRIAGE,
  READ,
  NONE;

  public boolean canWrite() {
    return compareTo(WRITE) <= 0;
  }

  /// A role that is not known, such as one an organisation made up, counts as none by itself.
  static Permission of(String word) {
    String name = word.toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(one -> one.name().equals(name)).findFirst().orElse(NONE);
  }
}
