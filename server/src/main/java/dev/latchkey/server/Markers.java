package dev.latchkey.server;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Writes and recognises the marker which every posted review carries in an HTML comment, so that a
/// review of ours is known again when our own memory of it is in doubt.
///
/// A marker is authenticated: without one of the keys nobody can make a comment which passes for a
/// review of ours, and so silence the real one.
final class Markers {

  private static final Pattern MARKER =
      Pattern.compile(
          "<!-- latchkey v1 key=([0-9a-f]{64}) head=([0-9a-f]{40,64}) round=([0-9]{1,9})"
              + " mac=([0-9a-f]{64}) -->");

  private final List<byte[]> keys;

  /// @param keys the ring, the one in use first; earlier ones still recognise what they signed
  Markers(List<byte[]> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("a ring of marker keys needs at least one key");
    }
    this.keys = keys.stream().map(byte[]::clone).toList();
  }

  String write(ReviewKey key) {
    String mac =
        HexFormat.of().formatHex(mac(keys.getFirst(), key.hash(), key.head(), key.round()));
    return "<!-- latchkey v1 key=%s head=%s round=%d mac=%s -->"
        .formatted(key.hash(), key.head(), key.round(), mac);
  }

  /// Returns the hash of the key which the body's marker names, if the body has exactly one marker
  /// and that is authentic. A body with more than one is not ours: we write one.
  Optional<String> read(String body) {
    Matcher matcher = MARKER.matcher(body);
    if (!matcher.find()) {
      return Optional.empty();
    }
    String key = matcher.group(1);
    String head = matcher.group(2);
    int round = Integer.parseInt(matcher.group(3));
    byte[] mac = HexFormat.of().parseHex(matcher.group(4));
    boolean authentic =
        keys.stream().anyMatch(k -> MessageDigest.isEqual(mac, mac(k, key, head, round)));
    return authentic && !matcher.find() ? Optional.of(key) : Optional.empty();
  }

  private static byte[] mac(byte[] secret, String key, String head, int round) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      String signed = "v1\n" + key + "\n" + head + "\n" + round;
      return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HmacSHA256", e);
    }
  }
}
