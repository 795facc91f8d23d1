package dev.latchkey.github;

import java.util.Arrays;

/// How an author stands to the repository, as GitHub sees it (`author_association`). It tells less
/// than [GitHub#permission]: a member of an organisation may have no right to write.
public enum Association {
  OWNER,
  MEMBER,
  COLLABORATOR,
  CONTRIBUTOR,
  FIRST_TIME_CONTRIBUTOR,
  FIRST_TIMER,
  MANNEQUIN,
  /// Also whatever GitHub may say that is not known here.
  NONE;

  /// Whether the owner let them in.
  public boolean insider() {
    return this == OWNER || this == MEMBER || this == COLLABORATOR;
  }

  static Association of(String word) {
    return Arrays.stream(values()).filter(one -> one.name().equals(word)).findFirst().orElse(NONE);
  }
}
