package dev.latchkey.kv;

import java.util.Optional;

/// A durable map from text keys to values, whose entries may expire.
///
/// Each method is atomic, and a write is durable when it returns. A key has 1 to 512 bytes of
/// UTF-8, without U+0000; keys are ordered by those bytes. An encoded value has at most
/// [DatabaseOptions#maxValueBytes] bytes. A key or value outside these limits is refused with
/// [IllegalArgumentException].
///
/// An entry whose deadline has come is absent for every method, whether or not it still takes up
/// room.
///
/// @param <V> the values, best immutable: a value read is a fresh copy, and changing it changes
///   nothing here
public sealed interface Store<V> permits SqlStore {

  /// Returns the value.
  Optional<V> get(String key);

  /// Returns whether there is an entry, without decoding its value.
  boolean contains(String key);

  /// Returns the value with its version and deadline.
  Optional<Entry<V>> entry(String key);

  /// Stores the value and gives it the store's default expiry, whatever deadline it replaces.
  void put(String key, V value);

  /// Stores the value with an expiry of its own.
  void put(String key, V value, Expiry expiry);

  /// Stores the value unless the key has one.
  ///
  /// @return true if it was stored by this call: of several callers, exactly one sees true
  boolean putIfAbsent(String key, V value);

  /// As [#putIfAbsent(String, Object)], with an expiry of its own.
  boolean putIfAbsent(String key, V value, Expiry expiry);

  /// Replaces a value only if the entry is still the one which was read. It keeps its deadline.
  ///
  /// @return false, with nothing changed, if the entry was written, removed or has expired since
  boolean compareAndSet(Entry<V> expected, V value);

  /// Removes the entry and returns whether there was one.
  boolean remove(String key);

  /// Removes the entry only if it is still the one which was read.
  boolean remove(Entry<V> expected);
}
