package dev.latchkey.kv;

/// The keys which begin with the prefix and come after a given key. The limits of keys hold for
/// both: at most 512 bytes of UTF-8, without U+0000.
///
/// @param prefix the empty string for every key
/// @param after the empty string to begin with the first key
public record KeyRange(String prefix, String after) {

  private static final KeyRange ALL = new KeyRange("", "");

  /// @throws IllegalArgumentException if one of them is neither empty nor a possible key
  public KeyRange {
    if (!prefix.isEmpty()) {
      Keys.require(prefix);
    }
    if (!after.isEmpty()) {
      Keys.require(after);
    }
  }

  public static KeyRange all() {
    return ALL;
  }

  public static KeyRange prefix(String prefix) {
    return new KeyRange(prefix, "");
  }

  /// Returns the part of this range which comes after the key.
  public KeyRange after(String key) {
    return new KeyRange(prefix, key);
  }
}
