package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;

/// The App's id and private key, with which it proves who it is. Neither is ever shown.
public final class AppCredentials {
  /// GitHub refuses a token that expires in more than 10 minutes. It is dated a minute back, as
  /// GitHub advises, for a clock that runs ahead; from there to its end are 9 minutes.
  private static final Duration BACK = Duration.ofSeconds(60);

  private static final Duration AHEAD = Duration.ofMinutes(8);
  private static final Pattern APP_ID = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private final String appId;
  private final PrivateKey key;

  private AppCredentials(String appId, PrivateKey key) {
    this.appId = appId;
    this.key = key;
  }

  /// Takes the key as text.
  ///
  /// @param appId the App's number or its client id
  /// @param pem the key as GitHub gives it, PKCS#1, or as PKCS#8; line ends may be written as `\n`,
  ///   as environment files need it
  /// @throws IllegalArgumentException in one line, without any of the key, if either is not that
  public static AppCredentials of(String appId, String pem) {
    return new AppCredentials(requireAppId(appId), PrivateKeyPem.parse("the private key", pem));
  }

  /// Reads the key from a file that nobody but its owner may use, such as one of mode 0600 or 0400.
  ///
  /// @throws IllegalArgumentException in one line, naming the file, if it can't be read, is open to
  ///   group or others, or is no such key
  public static AppCredentials read(String appId, Path file) {
    return new AppCredentials(requireAppId(appId), PrivateKeyPem.read(file));
  }

  /// The App's number or client id.
  public String appId() {
    return appId;
  }

  /// A JWT (RFC 7519, RS256) with which the App itself speaks.
  Secret jwt(Instant now) {
    String header = base64("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
    String claims =
        "{\"iat\":%d,\"exp\":%d,\"iss\":\"%s\"}"
            .formatted(now.minus(BACK).getEpochSecond(), now.plus(AHEAD).getEpochSecond(), appId);
    String signed = header + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
    return Secret.of(signed + "." + base64(sign(signed.getBytes(StandardCharsets.US_ASCII))));
  }

  @Override
  public String toString() {
    return "AppCredentials[" + appId + "]";
  }

  private byte[] sign(byte[] bytes) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(bytes);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the private key of App " + appId + " can't sign", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String requireAppId(String appId) {
    if (!APP_ID.matcher(requireNonNull(appId, "appId")).matches()) {
      throw new IllegalArgumentException(
          "the App id must be the App's number or client id: 1 to 100 letters, digits, . _ or -");
    }
    return appId;
  }
}
