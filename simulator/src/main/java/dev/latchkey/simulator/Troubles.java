package dev.latchkey.simulator;

import java.time.Duration;

/// What can go wrong at the simulated GitHub from one moment to the next. For a single request, see
/// [Fate].
public final class Troubles {
  private final GitHubState state;
  private final AppTokens tokens;
  private final Limits limits;

  Troubles(GitHubState state, AppTokens tokens, Limits limits) {
    this.state = state;
    this.tokens = tokens;
    this.limits = limits;
  }

  /// Makes every installation token issued so far worthless: 401.
  public void revokeTokens() {
    synchronized (state) {
      tokens.revoke();
    }
  }

  /// Makes tokens issued from now on valid for that long instead of an hour.
  public void tokenLife(Duration life) {
    synchronized (state) {
      tokens.life(life);
    }
  }

  /// Refuses to create content for that long by the clock, with `retry-after`.
  public void limitContent(Duration time) {
    synchronized (state) {
      limits.refuseContent(time);
    }
  }

  /// Refuses every request with an installation token for that long by the clock, with
  /// `x-ratelimit-reset`.
  public void limitRequests(Duration time) {
    synchronized (state) {
      limits.refuseRequests(time);
    }
  }

  /// Suspends the installation in a repository's account, or ends that. Sends nothing.
  public void suspend(SimulatedRepository repository, boolean suspended) {
    synchronized (state) {
      state.suspend(repository.installation(), suspended);
    }
  }

  /// Takes the App out of a repository's account, or puts it back. Sends nothing.
  public void uninstall(SimulatedRepository repository, boolean uninstalled) {
    synchronized (state) {
      state.uninstall(repository.installation(), uninstalled);
    }
  }
}
