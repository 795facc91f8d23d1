package dev.latchkey.github;

import java.util.Arrays;

/// What somebody has to do with a repository, as GitHub says it of authors. It is a hint of the
/// past; whether somebody may do something is asked by [GitHub#permission].
public enum Association {
  OWNER,
  MEMBER,
  COLLABORATOR,
  CONTRIBUTOR,
  FIRST_TIME_CONTRIBUTOR,
  FIRST_TIMER,
  MANNEQUIN,
  NONE;

  /// Whether they belong to the repository or its owner.
  public boolean insider() {
    return this == OWNER || this == MEMBER || this == COLLABORATOR;
  }

  /// A word that is not known counts as no association.
  static Association of(String word) {
    return Arrays.stream(values()).filter(one -> one.name().equals(word)).findFirst().orElse(NONE);
  }
}
