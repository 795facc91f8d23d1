package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A store as a map. What reads and then writes does so again if the entry has changed meanwhile.
final class StoreMap<V> extends AbstractMap<String, V> implements ConcurrentMap<String, V> {

  private static final int PAGE = 256;

  private final SqlStore<V> store;

  /// What came of something: a value or none.
  private record Result<V>(@Nullable V value) {
    static <V> Result<V> none() {
      return new Result<>(null);
    }
  }

  StoreMap(SqlStore<V> store) {
    this.store = store;
  }

  /// Returns the key if the store could have it, or else null.
  private static @Nullable String possible(@Nullable Object key) {
    return requireNonNull(key, "key") instanceof String text && Keys.isPossible(text) ? text : null;
  }

  private dev.latchkey.kv.@Nullable Entry<V> find(@Nullable Object key) {
    String possible = possible(key);
    return possible == null ? null : store.entry(possible).orElse(null);
  }

  @Override
  public @Nullable V get(@Nullable Object key) {
    String possible = possible(key);
    return possible == null ? null : store.get(possible).orElse(null);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    String possible = possible(key);
    return possible != null && store.contains(possible);
  }

  @Override
  public boolean containsValue(@Nullable Object value) {
    return super.containsValue(requireNonNull(value, "value"));
  }

  @Override
  public int size() {
    return (int) Math.min(Integer.MAX_VALUE, store.count(KeyRange.all()));
  }

  @Override
  public boolean isEmpty() {
    return store.scan(KeyRange.all(), 1).isEmpty();
  }

  @Override
  public @Nullable V put(String key, V value) {
    requireNonNull(value, "value");
    return store
        .<Optional<V>>atomically(() -> {
          Optional<V> before = store.get(key);
          store.put(key, value);
          return before;
        })
        .orElse(null);
  }

  @Override
  public void putAll(Map<? extends String, ? extends V> values) {
    store.putAll(Map.copyOf(values));
  }

  @Override
  public @Nullable V remove(@Nullable Object key) {
    return store
        .untilWon(() -> {
          var before = find(key);
          if (before == null) {
            return Result.<V>none();
          }
          return store.remove(before) ? new Result<>(before.value()) : null;
        })
        .value();
  }

  @Override
  public void clear() {
    for (String key : keySet()) {
      store.remove(key);
    }
  }

  @Override
  public @Nullable V putIfAbsent(String key, V value) {
    return store
        .untilWon(() -> {
          Optional<V> before = store.get(key);
          return before.isPresent() || store.putIfAbsent(key, value)
              ? new Result<>(before.orElse(null))
              : null;
        })
        .value();
  }

  @Override
  public boolean remove(@Nullable Object key, @Nullable Object value) {
    return store.untilWon(() -> {
      var before = find(key);
      if (before == null || !before.value().equals(value)) {
        return false;
      }
      return store.remove(before) ? true : null;
    });
  }

  @Override
  public boolean replace(String key, V expected, V value) {
    requireNonNull(expected, "expected");
    requireNonNull(value, "value");
    return store.untilWon(() -> {
      var before = store.entry(key).orElse(null);
      if (before == null || !before.value().equals(expected)) {
        return false;
      }
      return store.compareAndSet(before, value) ? true : null;
    });
  }

  @Override
  public @Nullable V replace(String key, V value) {
    requireNonNull(value, "value");
    return store
        .untilWon(() -> {
          var before = store.entry(key).orElse(null);
          if (before == null) {
            return Result.<V>none();
          }
          return store.compareAndSet(before, value) ? new Result<>(before.value()) : null;
        })
        .value();
  }

  @Override
  public @Nullable V compute(
      String key, BiFunction<? super String, ? super @Nullable V, ? extends @Nullable V> change) {
    return store
        .untilWon(() -> {
          var before = store.entry(key).orElse(null);
          V after = change.apply(key, before == null ? null : before.value());
          return become(key, before, after);
        })
        .value();
  }

  @Override
  public @Nullable V computeIfAbsent(
      String key, Function<? super String, ? extends @Nullable V> make) {
    return store
        .untilWon(() -> {
          var before = store.entry(key).orElse(null);
          return before != null ? new Result<>(before.value()) : become(key, null, make.apply(key));
        })
        .value();
  }

  @Override
  public @Nullable V computeIfPresent(
      String key, BiFunction<? super String, ? super V, ? extends @Nullable V> change) {
    return store
        .untilWon(() -> {
          var before = store.entry(key).orElse(null);
          return before == null
              ? Result.<V>none()
              : become(key, before, change.apply(key, before.value()));
        })
        .value();
  }

  @Override
  public @Nullable V merge(
      String key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> change) {
    requireNonNull(value, "value");
    return store
        .untilWon(() -> {
          var before = store.entry(key).orElse(null);
          return become(key, before, before == null ? value : change.apply(before.value(), value));
        })
        .value();
  }

  /// Has an entry become what a function made of it, null being none.
  ///
  /// @return what it is now, or null if it has changed since it was read
  private @Nullable Result<V> become(
      String key, dev.latchkey.kv.@Nullable Entry<V> before, @Nullable V after) {
    boolean done =
        after != null ? store.replace(key, before, after) : before == null || store.remove(before);
    return done ? new Result<>(after) : null;
  }

  @Override
  public Set<Map.Entry<String, V>> entrySet() {
    return new Entries();
  }

  private final class Entries extends AbstractSet<Map.Entry<String, V>> {
    @Override
    public Iterator<Map.Entry<String, V>> iterator() {
      return new Pages();
    }

    @Override
    public int size() {
      return StoreMap.this.size();
    }

    @Override
    public boolean isEmpty() {
      return StoreMap.this.isEmpty();
    }

    @Override
    public boolean contains(@Nullable Object entry) {
      return entry instanceof Map.Entry<?, ?> wanted
          && wanted.getKey() != null
          && Optional.ofNullable(get(wanted.getKey()))
              .equals(Optional.ofNullable(wanted.getValue()));
    }

    @Override
    public boolean remove(@Nullable Object entry) {
      return entry instanceof Map.Entry<?, ?> wanted
          && wanted.getKey() != null
          && StoreMap.this.remove(wanted.getKey(), wanted.getValue());
    }

    @Override
    public void clear() {
      StoreMap.this.clear();
    }
  }

  /// Goes through the entries in key order, a page at a time.
  private final class Pages implements Iterator<Map.Entry<String, V>> {

    private Iterator<dev.latchkey.kv.Entry<V>> page =
        List.<dev.latchkey.kv.Entry<V>>of().iterator();
    private String last = "";
    private boolean atEnd;
    private @Nullable String returned;

    @Override
    public boolean hasNext() {
      if (!page.hasNext() && !atEnd) {
        var next = store.scan(KeyRange.all().after(last), PAGE);
        atEnd = next.size() < PAGE;
        page = next.iterator();
      }
      return page.hasNext();
    }

    @Override
    public Map.Entry<String, V> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      var entry = page.next();
      last = entry.key();
      returned = last;
      return new WriteThrough(entry.key(), entry.value());
    }

    @Override
    public void remove() {
      if (returned == null) {
        throw new IllegalStateException("there is no entry to remove");
      }
      store.remove(returned);
      returned = null;
    }
  }

  /// An entry as it was read, whose value can be set in the store.
  private final class WriteThrough extends SimpleEntry<String, V> {
    private static final long serialVersionUID = 1L;

    WriteThrough(String key, V value) {
      super(key, value);
    }

    @Override
    public V setValue(V value) {
      store.put(getKey(), value);
      return super.setValue(value);
    }
  }
}
