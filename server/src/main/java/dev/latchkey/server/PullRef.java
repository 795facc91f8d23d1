package dev.latchkey.server;

import dev.latchkey.github.RepositoryRef;

/// Which pull request. It is the subject of its works, kept with them as JSON.
record PullRef(RepositoryRef repository, int number) {

  /// The lane: works about one pull request never run at the same time. It is made of GitHub's id,
  /// so that a renamed repository keeps its lanes.
  String lane() {
    return "pull/" + repository.id() + "/" + number;
  }

  @Override
  public String toString() {
    return repository.fullName() + "#" + number;
  }
}
