package dev.latchkey.simulator;

import java.util.List;

/// A pull request as it stands at the moment of asking.
///
/// @param state `open` or `closed`
/// @param earlierHeads the commits that were its head before, oldest first, without those a
///   force-push took away
public record SimulatedPullRequest(
    SimulatedRepository repository,
    int number,
    String state,
    boolean draft,
    String title,
    String body,
    String author,
    String headSha,
    List<String> earlierHeads,
    List<SimulatedFile> files) {

  public boolean open() {
    return state.equals("open");
  }
}
