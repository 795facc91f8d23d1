package dev.latchkey.kv;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;

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

  /// Stores all of these, or none, with the store's default expiry.
  void putAll(Map<String, V> values);

  /// Returns the values of those keys which have one, all read at one moment, in the order of the
  /// keys given.
  Map<String, V> getAll(Collection<String> keys);

  /// Replaces a value only if the entry is still the one which was read. It keeps its deadline.
  ///
  /// @return false, with nothing changed, if the entry was written, removed or has expired since
  boolean compareAndSet(Entry<V> expected, V value);

  /// Applies the change to the value, or to `initial` if there is none, and stores the result. An
  /// entry which exists keeps its deadline; a new one gets the default expiry.
  ///
  /// @param change a function without side effects; it may be applied more than once. What it
  ///   throws is thrown on, with nothing changed
  /// @return the value stored
  V update(String key, V initial, UnaryOperator<V> change);

  /// Gives the entry another expiry, without touching its value. It's a write, so the entry has
  /// another version afterwards.
  ///
  /// @return false if there is none
  boolean touch(String key, Expiry expiry);

  /// Removes the entry and returns whether there was one.
  boolean remove(String key);

  /// Removes the entry only if it is still the one which was read.
  boolean remove(Entry<V> expected);

  /// Returns entries in key order. For the next page, scan `range.after(lastKey)`.
  ///
  /// @param limit the most entries to return, 1 to 10,000; all of them are held in memory
  List<Entry<V>> scan(KeyRange range, int limit);

  /// Counts the entries, which takes time in proportion to their number.
  long count(KeyRange range);

  /// Returns a live view as a map. Its methods are atomic one by one, as the store's are; its
  /// iterators are weakly consistent and read page by page. Values are compared by `equals`, so
  /// arrays never match.
  ///
  /// `put` gives the store's default expiry, as [#put(String, Object)] does; `replace`, `compute`
  /// and `merge` keep the deadline of an entry which exists, as [#update] does. A key that the
  /// store wouldn't accept is absent when read, and refused with [IllegalArgumentException] when
  /// written.
  ConcurrentMap<String, V> asMap();
}
