package dev.latchkey.simulator;

import static java.util.Objects.requireNonNull;

import java.security.PublicKey;
import java.time.InstantSource;
import java.util.Map;

/// What the simulated GitHub knows of the one App that is registered with it.
///
/// @param clock decides on the validity of App tokens and installation tokens, and stamps all times
/// @param appId the App's id, the `iss` of its tokens; digits only
/// @param slug the App's name in addresses; its bot user is `slug[bot]`
/// @param appKey the public half of the App's private key (RSA)
/// @param webhookSecret signs deliveries; never part of [#toString()]
/// @param permissions what the App was granted, name to `read` or `write`
/// @param port of 127.0.0.1; 0 takes any free one
/// @param rules that are not the same everywhere
public record SimulatedGitHubOptions(
    InstantSource clock,
    String appId,
    String slug,
    PublicKey appKey,
    String webhookSecret,
    Map<String, String> permissions,
    int port,
    SimulatedRules rules) {

  /// Checks the id and the port.
  ///
  /// @throws IllegalArgumentException if the App's id is not a number or the port is out of range
  public SimulatedGitHubOptions {
    requireNonNull(clock, "clock");
    requireNonNull(slug, "slug");
    requireNonNull(appKey, "appKey");
    requireNonNull(webhookSecret, "webhookSecret");
    requireNonNull(rules, "rules");
    permissions = Map.copyOf(permissions);
    if (!appId.matches("[1-9][0-9]{0,17}")) {
      throw new IllegalArgumentException("appId is 1 to 18 digits: " + appId);
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port is 0 to 65535: " + port);
    }
  }

  /// The App `latchkey` with what Latchkey needs: pull requests and checks to write, metadata and
  /// contents to read; any free port.
  public static SimulatedGitHubOptions of(
      InstantSource clock, String appId, PublicKey appKey, String webhookSecret) {
    var permissions =
        Map.of("metadata", "read", "contents", "read", "pull_requests", "write", "checks", "write");
    return new SimulatedGitHubOptions(
        clock, appId, "latchkey", appKey, webhookSecret, permissions, 0, SimulatedRules.relaxed());
  }

  public SimulatedGitHubOptions withSlug(String slug) {
    return new SimulatedGitHubOptions(
        clock, appId, slug, appKey, webhookSecret, permissions, port, rules);
  }

  public SimulatedGitHubOptions withPermissions(Map<String, String> permissions) {
    return new SimulatedGitHubOptions(
        clock, appId, slug, appKey, webhookSecret, permissions, port, rules);
  }

  public SimulatedGitHubOptions withPort(int port) {
    return new SimulatedGitHubOptions(
        clock, appId, slug, appKey, webhookSecret, permissions, port, rules);
  }

  public SimulatedGitHubOptions withRules(SimulatedRules rules) {
    return new SimulatedGitHubOptions(
        clock, appId, slug, appKey, webhookSecret, permissions, port, rules);
  }

  /// The login of the App's bot user, the author of its reviews.
  public String botLogin() {
    return slug + "[bot]";
  }

  @Override
  public String toString() {
    return "SimulatedGitHubOptions[appId=" + appId + ", slug=" + slug + ", port=" + port + "]";
  }
}
