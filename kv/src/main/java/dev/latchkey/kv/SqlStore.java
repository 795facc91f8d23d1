package dev.latchkey.kv;

import java.util.Optional;

/// A store kept as a table.
final class SqlStore<V> implements Store<V> {
  @Override
  public Optional<V> get(String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean contains(String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Entry<V>> entry(String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void put(String key, V value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void put(String key, V value, Expiry expiry) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean putIfAbsent(String key, V value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean putIfAbsent(String key, V value, Expiry expiry) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean compareAndSet(Entry<V> expected, V value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean remove(String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean remove(Entry<V> expected) {
    throw new UnsupportedOperationException();
  }
}
