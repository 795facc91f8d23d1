package dev.latchkey.server;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.Entry;
import dev.latchkey.kv.KeyRange;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Writes and recognises the markers which everything we post carries in an HTML comment, so that
/// it is known again when our own memory of it is in doubt.
///
/// A marker is authenticated: without one of the keys nobody can make a comment which passes for
/// one of ours, and so silence a review.
final class Markers {

  private static final StoreSpec<byte[]> KEYS = StoreSpec.of("marker_keys", Codec.bytes());
  private static final String FIRST_KEY = "1";
  private static final int KEY_BYTES = 32;
  private static final int MOST_KEYS = 100;

  private static final Pattern MARKER =
      Pattern.compile(
          "<!-- latchkey v1 key=([0-9a-f]{64}) head=([0-9a-f]{40,64}) round=([0-9]{1,9})"
              + " mac=([0-9a-f]{64}) -->");
  private static final Pattern OTHER =
      Pattern.compile("<!-- latchkey v1 ([a-z]{1,20})=([0-9a-z-]{1,100}) mac=([0-9a-f]{64}) -->");

  private final List<byte[]> keys;

  /// What a marker stands on, other than a review.
  enum Kind {
    FINDING,
    SUMMARY,
    REPLY;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param keys the ring, the one in use first; earlier ones still recognise what they signed
  Markers(List<byte[]> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("a ring of marker keys needs at least one key");
    }
    this.keys = keys.stream().map(byte[]::clone).toList();
  }

  /// Returns the markers of this database, whose key is made at the first start. It is kept with
  /// the reviews it marks, and so is in the same backup.
  static Markers of(Database database) {
    Store<byte[]> store = database.store(KEYS);
    byte[] fresh = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(fresh);
    store.putIfAbsent(FIRST_KEY, fresh);
    List<byte[]> ring = store.scan(KeyRange.all(), MOST_KEYS).stream().map(Entry::value).toList();
    return new Markers(ring.reversed());
  }

  String write(ReviewKey key) {
    String mac = mac(keys.getFirst(), key.hash(), key.head(), "" + key.round());
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
    boolean authentic = authentic(matcher.group(4), key, matcher.group(2), matcher.group(3));
    return authentic && !matcher.find() ? Optional.of(key) : Optional.empty();
  }

  /// Writes a marker of another kind.
  ///
  /// @param pull to which it belongs; copied to another pull request, it isn't authentic there
  /// @param value lower-case letters, digits and `-`, at most 100
  String write(Kind kind, PullRef pull, String value) {
    String mac = mac(keys.getFirst(), kind.word(), pull.lane(), value);
    return "<!-- latchkey v1 %s=%s mac=%s -->".formatted(kind.word(), value, mac);
  }

  /// Returns the value of the body's marker, if it is the only one, of that kind, and authentic.
  Optional<String> read(Kind kind, PullRef pull, String body) {
    Matcher matcher = OTHER.matcher(body);
    if (!matcher.find() || !matcher.group(1).equals(kind.word())) {
      return Optional.empty();
    }
    String value = matcher.group(2);
    boolean authentic = authentic(matcher.group(3), kind.word(), pull.lane(), value);
    return authentic && !matcher.find() ? Optional.of(value) : Optional.empty();
  }

  private boolean authentic(String mac, String... parts) {
    byte[] shown = mac.getBytes(StandardCharsets.US_ASCII);
    return keys.stream()
        .anyMatch(key ->
            MessageDigest.isEqual(shown, mac(key, parts).getBytes(StandardCharsets.US_ASCII)));
  }

  private static String mac(byte[] secret, String... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      String signed = "v1\n" + String.join("\n", parts);
      return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HmacSHA256", e);
    }
  }
}
