package dev.latchkey.github;

/// A file of a repository.
///
/// @param path from the repository's root, with `/`
/// @param ref a branch, tag or commit
/// @param maxBytes the most it may have, 1 or more
public record FileAt(String path, String ref, int maxBytes) {

  Object[] segments() {
    return path.split("/", -1);
  }
}
