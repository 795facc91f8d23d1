package dev.latchkey.simulator;

import java.nio.file.Path;
import java.util.List;

/// Makes pull requests of a real repository's last commits, by running `git`. Reads only.
public final class PullRequestsFromGit {

  private PullRequestsFromGit() {}

  /// One pull request for each of the last commits that have one parent and change something,
  /// oldest first: base is the parent, head the commit. As many as there are, at most `count`.
  ///
  /// @param count 1 to 100
  /// @throws SimulatorException.GitMissing if there is no git on the PATH
  /// @throws SimulatorException.NotARepository if the folder is in no git repository
  /// @throws SimulatorException.NotEnoughHistory if there is no such commit
  /// @throws SimulatorException.GitFailed if git fails
  public static List<ProposedChange> last(Path folder, int count) {
    return List.of();
  }
}
