package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

/// A repository as one installation of the App sees it.
///
/// @param installation the installation's id, which the token is asked for
/// @param id the repository's id, which stays when it is renamed or transferred
/// @param owner the login of the user or organisation it belongs to
/// @param name without the owner
public record RepositoryRef(long installation, long id, String owner, String name) {
  private static final int MAX_NAME_LENGTH = 255;

  /// Checks what it is made of.
  ///
  /// @throws IllegalArgumentException if an id is not positive, or a name is empty, longer than 255
  ///   characters, `.` or `..`, or has control characters
  public RepositoryRef {
    if (installation <= 0) {
      throw new IllegalArgumentException("installation id must be positive: " + installation);
    }
    if (id <= 0) {
      throw new IllegalArgumentException("repository id must be positive: " + id);
    }
    requireSegment("owner", owner);
    requireSegment("name", name);
  }

  /// `owner/name`, for people.
  public String fullName() {
    return owner + "/" + name;
  }

  private static void requireSegment(String what, String value) {
    requireNonNull(value, what);
    boolean wrong =
        value.isBlank()
            || value.length() > MAX_NAME_LENGTH
            || value.equals(".")
            || value.equals("..")
            || value.chars().anyMatch(Character::isISOControl);
    if (wrong) {
      throw new IllegalArgumentException(
          "a repository's " + what + " must be 1 to 255 printable characters, not . or ..");
    }
  }
}
