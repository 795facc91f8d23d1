package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// What a store is called and holds; best kept as a constant.
///
/// @param name lower-case letters, digits and underscores, beginning with a letter, at most 48 of
///   them
/// @param codec how values are kept as bytes
/// @param defaultExpiry how long entries last when a write doesn't say
/// @param largeValues whether values are mostly of 1 KiB or more, which are kept another way; it
///   takes effect when the store is created
public record StoreSpec<V>(String name, Codec<V> codec, Expiry defaultExpiry, boolean largeValues) {

  public StoreSpec {
    Names.requireStoreName(name);
    requireNonNull(codec, "codec");
    requireNonNull(defaultExpiry, "defaultExpiry");
  }

  /// Describes a store whose entries last until they're removed.
  public static <V> StoreSpec<V> of(String name, Codec<V> codec) {
    return new StoreSpec<>(name, codec, Expiry.never(), false);
  }

  /// Returns this spec with entries which expire that long after they're put.
  public StoreSpec<V> expireAfter(Duration lifetime) {
    return new StoreSpec<>(name, codec, Expiry.after(lifetime), largeValues);
  }

  /// Returns this spec for values of 1 KiB or more.
  public StoreSpec<V> ofLargeValues() {
    return new StoreSpec<>(name, codec, defaultExpiry, true);
  }
}
