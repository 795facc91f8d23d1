package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// Turns a store's values into bytes and back, and says which was at fault when that fails.
///
/// @param maxBytes the most that a value may have
record Values<V>(StoreSpec<V> spec, int maxBytes) {

  byte[] encode(String key, V value) {
    requireNonNull(value, "value");
    byte[] bytes;
    try {
      bytes = spec.codec().encode(value);
    } catch (RuntimeException e) {
      throw badValue("can't encode the value", key, e);
    }
    if (bytes == null) {
      throw badValue("returned null for the value", key, null);
    }
    if (bytes.length > maxBytes) {
      throw new IllegalArgumentException(
          "value has " + bytes.length + " bytes, limit " + maxBytes + ": " + where(key));
    }
    return bytes;
  }

  /// @param bytes which may be kept, so a codec that might give them out gets a copy
  V decode(String key, byte[] bytes) {
    V value;
    try {
      value = spec.codec().decode(Codecs.copies(spec.codec()) ? bytes : bytes.clone());
    } catch (RuntimeException e) {
      throw badValue("can't decode the value", key, e);
    }
    if (value == null) {
      throw badValue("decoded the value to null", key, null);
    }
    return value;
  }

  Entry<V> decodeEntry(String key, Encoded found) {
    return new Entry<>(key, decode(key, found.value()), found.version(), found.expiresAt());
  }

  private KvException badValue(String what, String key, @Nullable RuntimeException cause) {
    return new KvException.BadValue("the codec " + what + " of " + where(key), cause);
  }

  private String where(String key) {
    return "store " + spec.name() + ", key " + Keys.brief(key);
  }
}
