package dev.latchkey.simulator;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Checks the App's own tokens and keeps the installation tokens it was given (GitHub, "Generating
/// a JSON Web Token (JWT) for a GitHub App"). Not safe for several threads by itself.
final class AppTokens {
  private static final Duration LONGEST_APP_TOKEN = Duration.ofMinutes(10);
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(10);
  private static final Duration TOKEN_LIFE = Duration.ofHours(1);
  private static final JsonMapper JSON = new JsonMapper();

  /// What an installation token allows.
  ///
  /// @param repositories their ids
  record Grant(
      long installation,
      Set<Long> repositories,
      Map<String, String> permissions,
      Instant expiresAt) {

    boolean allows(String permission, String access) {
      var granted = permissions.getOrDefault(permission, "");
      return granted.equals("write") || granted.equals(access);
    }
  }

  record Issued(String token, Grant grant) {}

  private final SimulatedGitHubOptions options;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Grant> grants = new HashMap<>();
  private Duration life = TOKEN_LIFE;

  AppTokens(SimulatedGitHubOptions options) {
    this.options = options;
  }

  /// Forgets every token issued so far.
  void revoke() {
    grants.clear();
  }

  void life(Duration value) {
    life = value;
  }

  Issued issue(long installation, Set<Long> repositories, Map<String, String> permissions) {
    var now = options.clock().instant();
    // Expired ones are of no use any more, so the map is bounded by an hour's requests.
    grants.values().removeIf(grant -> !now.isBefore(grant.expiresAt()));
    var bytes = new byte[18];
    random.nextBytes(bytes);
    var token = "ghs_" + HexFormat.of().formatHex(bytes);
    var grant =
        new Grant(installation, Set.copyOf(repositories), Map.copyOf(permissions), now.plus(life));
    grants.put(token, grant);
    return new Issued(token, grant);
  }

  /// What an installation token allows.
  ///
  /// @throws ApiError 401 if it was never issued or has expired
  Grant grant(String token) {
    var grant = grants.get(token);
    if (grant == null || !options.clock().instant().isBefore(grant.expiresAt())) {
      throw ApiError.badCredentials();
    }
    return grant;
  }

  /// Checks a token that the App signed itself.
  ///
  /// @throws ApiError 401 in GitHub's words
  void requireApp(String token) {
    var parts = token.split("\\.", -1);
    if (parts.length != 3) {
      throw undecodable();
    }
    var header = decoded(parts[0]);
    var claims = decoded(parts[1]);
    if (!header.path("alg").asString("").equals("RS256") || !signed(parts)) {
      throw undecodable();
    }
    requireTimes(claims);
    var issuer = claims.path("iss");
    if (!issuer.asString("").equals(options.appId())) {
      throw ApiError.unauthorized(
          issuer.isMissingNode()
              ? "Missing 'issuer' claim ('iss') in assertion"
              : "A JSON web token could not be decoded");
    }
  }

  private void requireTimes(JsonNode claims) {
    var now = options.clock().instant().getEpochSecond();
    var tolerance = CLOCK_TOLERANCE.toSeconds();
    var issuedAt = claims.path("iat");
    if (!issuedAt.isIntegralNumber() || issuedAt.asLong(Long.MAX_VALUE) > now + tolerance) {
      throw ApiError.unauthorized(
          "'Issued at' claim ('iat') must be an Integer representing the time that the assertion"
              + " was issued");
    }
    var expires = claims.path("exp");
    if (!expires.isIntegralNumber() || expires.asLong(0) <= now - tolerance) {
      throw ApiError.unauthorized(
          "'Expiration time' claim ('exp') must be a numeric value representing the future time at"
              + " which the assertion expires");
    }
    if (expires.asLong(0) > now + LONGEST_APP_TOKEN.toSeconds() + tolerance) {
      throw ApiError.unauthorized("'Expiration time' claim ('exp') is too far in the future");
    }
  }

  private boolean signed(String[] parts) {
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(options.appKey());
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // A signature of the wrong length or alphabet is a wrong signature.
      return false;
    }
  }

  private static JsonNode decoded(String part) {
    try {
      return JSON.readTree(Base64.getUrlDecoder().decode(part));
    } catch (IllegalArgumentException | JacksonException e) {
      throw undecodable();
    }
  }

  private static ApiError undecodable() {
    return ApiError.unauthorized("A JSON web token could not be decoded");
  }
}
