package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tells whether a webhook was sent by somebody who knows the secret: HMAC-SHA256 over the raw
/// body, as GitHub describes it in "Validating webhook deliveries".
public final class WebhookSignature {
  /// The only header that counts. `X-Hub-Signature` is SHA-1 and is not looked at.
  public static final String HEADER = "X-Hub-Signature-256";

  private static final String PREFIX = "sha256=";
  private static final int HEX_DIGITS = 64;

  private WebhookSignature() {}

  /// Whether `headerValues` is exactly one `sha256=` and 64 hex digits, and these are the body's
  /// MAC under one of the secrets. Every secret is tried, in constant time each, whichever matches.
  ///
  /// @param secrets the secret in force, and during a rotation the former one; none: never true
  /// @param headerValues all values of [#HEADER] in the request; none or several: not true
  /// @param body the bytes as they came, before any parsing
  public static boolean verify(List<Secret> secrets, List<String> headerValues, byte[] body) {
    requireNonNull(secrets, "secrets");
    requireNonNull(headerValues, "headerValues");
    requireNonNull(body, "body");
    if (headerValues.size() != 1) {
      return false;
    }
    byte[] claimed = digest(requireNonNull(headerValues.getFirst(), "headerValues[0]"));
    boolean matches = false;
    for (Secret secret : secrets) {
      matches |= MessageDigest.isEqual(mac(secret, body), claimed);
    }
    return matches;
  }

  /// The 32 bytes a well-formed header claims; for any other an empty array, which no MAC equals.
  private static byte[] digest(String header) {
    if (header.length() != PREFIX.length() + HEX_DIGITS || !header.startsWith(PREFIX)) {
      return new byte[0];
    }
    String hex = header.substring(PREFIX.length());
    boolean wellFormed = hex.chars().allMatch(HexFormat::isHexDigit);
    return wellFormed ? HexFormat.of().parseHex(hex) : new byte[0];
  }

  private static byte[] mac(Secret secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.bytes(), "HmacSHA256"));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256", e);
    }
  }
}
