package dev.latchkey.server;

import java.util.List;

/// What a repository does not want reviewed.
///
/// @param enabled false for nothing at all
/// @param onPush whether commits which are pushed to a reviewed pull request are reviewed too
/// @param labels a pull request with one of these is skipped
/// @param titles a pull request whose title has one of these in it is skipped, whatever its case
public record Skips(boolean enabled, boolean onPush, List<String> labels, List<String> titles) {

  static final Skips NONE = new Skips(true, true, List.of(), List.of());

  public Skips {
    labels = List.copyOf(labels);
    titles = List.copyOf(titles);
  }
}
