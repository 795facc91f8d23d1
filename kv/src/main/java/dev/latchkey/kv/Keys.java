package dev.latchkey.kv;

/// The rule for keys: 1 to 512 bytes of UTF-8, without U+0000.
final class Keys {

  private static final int LIMIT = 512;
  private static final int SHOWN = 64;

  private Keys() {}

  static String require(String key) {
    int bytes = 0;
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c == 0) {
        throw new IllegalArgumentException("key contains U+0000: " + brief(key));
      } else if (c < 0x80) {
        bytes += 1;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else if (i + 1 < key.length() && Character.isSurrogatePair(c, key.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        throw new IllegalArgumentException("key has a lone surrogate: " + brief(key));
      }
    }
    if (bytes < 1 || bytes > LIMIT) {
      throw new IllegalArgumentException(
          "key has " + bytes + " bytes, limit 1 to " + LIMIT + ": " + brief(key));
    }
    return key;
  }

  /// Returns whether a store could have an entry of that key.
  static boolean isPossible(String key) {
    try {
      return require(key).equals(key);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// Returns as much of the key as fits into a message of one line.
  static String brief(String key) {
    StringBuilder brief = new StringBuilder("\"");
    for (int i = 0; i < Math.min(key.length(), SHOWN); i++) {
      char c = key.charAt(i);
      brief.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
    }
    return brief.append(key.length() > SHOWN ? "…\"" : "\"").toString();
  }
}
