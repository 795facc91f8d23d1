package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import java.time.Duration;
import java.util.Optional;

/// Reads a repository's own file about its reviews, from the base branch only: what a pull request
/// brings along has no say in how it is reviewed.
final class RepositoryRules {

  static final String PATH = ".github/latchkey.yml";

  private static final int TOO_LARGE = 413;
  private static final Duration CALL = Duration.ofSeconds(60);

  private final GitHub github;

  RepositoryRules(GitHub github) {
    this.github = github;
  }

  /// Returns what the file says; [RulesFile#NONE] if there is none.
  ///
  /// @param baseRef the branch
  /// @throws SettingsException if the file has a mistake; the message names the file, the line, the
  ///   key and what is allowed
  RulesFile read(PullRef pull, String baseRef) {
    return bytes(pull, baseRef).map(bytes -> RulesFile.parse(bytes, PATH)).orElse(RulesFile.NONE);
  }

  private Optional<byte[]> bytes(PullRef pull, String baseRef) {
    try {
      return github.fileContent(
          pull.repository(), PATH, baseRef, RulesFile.MAX_BYTES, Deadline.after(CALL));
    } catch (GitHubException.Invalid e) {
      if (e.status() != TOO_LARGE) {
        throw e;
      }
      throw new SettingsException(PATH + " can't be read: larger than 64 KiB", e);
    }
  }
}
