package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

/// A check run to be.
///
/// @param name what people see in the list of checks
/// @param headSha the commit it is about
/// @param externalId ours, by which it is found again
public record NewCheckRun(String name, String headSha, String externalId, CheckState state) {
  public NewCheckRun {
    requireNonNull(name, "name");
    requireNonNull(headSha, "headSha");
    requireNonNull(externalId, "externalId");
    requireNonNull(state, "state");
  }
}
