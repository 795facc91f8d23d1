package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;

/// How GitHub is spoken to.
///
/// @param api the base URL: [#GITHUB_COM], an Enterprise Server's `https://HOST/api/v3`, or a
///   server on this machine, which alone may be plain http
/// @param credentials who we are
/// @param clock dates the App's JWT and says which token has expired
/// @param maxBodyBytes the largest answer read, in bytes; one larger counts as unreadable
/// @param writeInterval the pause after each write of an installation before its next one is sent;
///   GitHub asks for a second, so less is allowed only for a server on this machine
public record GitHubOptions(
    URI api,
    AppCredentials credentials,
    InstantSource clock,
    int maxBodyBytes,
    Duration writeInterval) {
  /// GitHub itself.
  public static final URI GITHUB_COM = URI.create("https://api.github.com");

  private static final int MIN_BODY_BYTES = 1 << 10;
  private static final int MAX_BODY_BYTES = 256 << 20;
  private static final int DEFAULT_BODY_BYTES = 16 << 20;
  private static final Duration ONE_SECOND = Duration.ofSeconds(1);
  private static final Duration ONE_MINUTE = Duration.ofMinutes(1);

  /// Checks what it is made of.
  ///
  /// @throws IllegalArgumentException if the URL is neither https nor on this machine or has more
  ///   than a host, port and path; if the cap is not 1 KiB to 256 MiB; if the interval is not 1 to
  ///   60 s, or 0 to 60 s on this machine
  public GitHubOptions {
    requireNonNull(credentials, "credentials");
    requireNonNull(clock, "clock");
    requireAllowed(api);
    if (maxBodyBytes < MIN_BODY_BYTES || maxBodyBytes > MAX_BODY_BYTES) {
      throw new IllegalArgumentException(
          "maxBodyBytes must be 1 KiB to 256 MiB, not " + maxBodyBytes + " bytes");
    }
    Duration least = loopback(api) ? Duration.ZERO : ONE_SECOND;
    if (writeInterval.compareTo(least) < 0 || writeInterval.compareTo(ONE_MINUTE) > 0) {
      throw new IllegalArgumentException(
          "writeInterval must be " + least + " to " + ONE_MINUTE + " for " + api);
    }
  }

  /// A cap of 16 MiB and a write each second.
  public static GitHubOptions of(URI api, AppCredentials credentials, InstantSource clock) {
    return new GitHubOptions(api, credentials, clock, DEFAULT_BODY_BYTES, ONE_SECOND);
  }

  public GitHubOptions withMaxBodyBytes(int bytes) {
    return new GitHubOptions(api, credentials, clock, bytes, writeInterval);
  }

  public GitHubOptions withWriteInterval(Duration interval) {
    return new GitHubOptions(api, credentials, clock, maxBodyBytes, interval);
  }

  private static void requireAllowed(URI api) {
    String scheme = api.getScheme() == null ? "" : api.getScheme().toLowerCase(Locale.ROOT);
    boolean allowed = scheme.equals("https") || (scheme.equals("http") && loopback(api));
    if (api.getHost() == null || !allowed) {
      // The address is not repeated: somebody may have put a password into it.
      throw new IllegalArgumentException(
          "GitHub's address must be https://HOST, or http:// on 127.0.0.1, [::1] or localhost");
    }
    if (api.getRawUserInfo() != null || api.getRawQuery() != null || api.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "GitHub's address must have no user, query or fragment; its host is " + api.getHost());
    }
  }

  private static boolean loopback(URI api) {
    String host = api.getHost() == null ? "" : api.getHost().toLowerCase(Locale.ROOT);
    return host.equals("localhost") || host.equals("[::1]") || host.equals("127.0.0.1");
  }
}
