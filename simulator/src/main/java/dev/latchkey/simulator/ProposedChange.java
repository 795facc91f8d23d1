package dev.latchkey.simulator;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What somebody opens a pull request with.
///
/// @param author a login; the author is a user, not a bot
/// @param baseSha 40 hex digits
/// @param headSha 40 hex digits
/// @param files as git lists them, against the base
public record ProposedChange(
    String title,
    String body,
    String author,
    String baseSha,
    String headSha,
    boolean draft,
    List<SimulatedFile> files) {

  /// Checks the commit ids.
  ///
  /// @throws IllegalArgumentException if base or head are not 40 lower-case hex digits
  public ProposedChange {
    requireNonNull(title, "title");
    requireNonNull(body, "body");
    requireNonNull(author, "author");
    files = List.copyOf(files);
    requireSha(baseSha);
    requireSha(headSha);
  }

  static void requireSha(String sha) {
    if (!sha.matches("[0-9a-f]{40}")) {
      throw new IllegalArgumentException("a commit id is 40 lower-case hex digits: " + sha);
    }
  }
}
