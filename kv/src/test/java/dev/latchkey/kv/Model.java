package dev.latchkey.kv;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a database should hold and answer, in plain maps. Used by one thread.
final class Model {

  /// @param serial of the write it comes from
  record Value(String text, @Nullable Long deadline, long serial) {
    boolean isLive(long now) {
      return deadline == null || deadline > now;
    }
  }

  record Count(long count, @Nullable Long deadline) {
    boolean isLive(long now) {
      return deadline == null || deadline > now;
    }
  }

  /// What a transaction changes, and what is restored if it fails.
  private static final class State {
    final TreeSet<String> names = new TreeSet<>();
    final TreeMap<String, TreeMap<String, Value>> stores = new TreeMap<>();
    final TreeMap<String, TreeMap<String, Count>> counters = new TreeMap<>();

    State copy() {
      State copy = new State();
      copy.names.addAll(names);
      stores.forEach((name, entries) -> copy.stores.put(name, new TreeMap<>(entries)));
      counters.forEach((name, counts) -> copy.counters.put(name, new TreeMap<>(counts)));
      return copy;
    }
  }

  private State state = new State();
  private final ArrayList<State> saved = new ArrayList<>();
  private long latest = Long.MIN_VALUE;
  private long clock;
  private @Nullable Long frozen;
  private long serials;

  /// Forgets everything but the time.
  void clear() {
    state = new State();
  }

  void setClock(Instant instant) {
    clock = instant.toEpochMilli();
  }

  long now() {
    if (frozen != null) {
      return frozen;
    }
    latest = Math.max(latest, clock);
    return latest;
  }

  /// Begins a transaction or a part of one; a transaction has one time.
  void begin() {
    long now = now();
    if (saved.isEmpty()) {
      frozen = now;
    }
    saved.add(state);
    state = state.copy();
  }

  void end(boolean kept) {
    State before = saved.removeLast();
    if (!kept) {
      state = before;
    }
    if (saved.isEmpty()) {
      frozen = null;
    }
  }

  boolean isInTransaction() {
    return !saved.isEmpty();
  }

  List<String> names() {
    return List.copyOf(state.names);
  }

  void create(String name) {
    state.names.add(name);
  }

  boolean drop(String name) {
    state.stores.remove(name);
    state.counters.remove(name);
    return state.names.remove(name);
  }

  private Map<String, Value> entries(String store) {
    return state.stores.computeIfAbsent(store, name -> new TreeMap<>());
  }

  private Map<String, Count> counts(String counters) {
    return state.counters.computeIfAbsent(counters, name -> new TreeMap<>());
  }

  @Nullable Value find(String store, String key) {
    Value value = entries(store).get(key);
    return value != null && value.isLive(now()) ? value : null;
  }

  /// Returns the entries there are.
  Map<String, Value> live(String store) {
    TreeMap<String, Value> live = new TreeMap<>();
    entries(store)
        .forEach((key, value) -> {
          if (value.isLive(now())) {
            live.put(key, value);
          }
        });
    return live;
  }

  private @Nullable Long deadline(Expiry expiry) {
    return switch (expiry) {
      case Expiry.Never() -> null;
      case Expiry.After(var lifetime) -> now() + lifetime.toMillis();
      case Expiry.At(var instant) -> instant.toEpochMilli();
    };
  }

  void put(String store, String key, String text, Expiry expiry) {
    create(store);
    set(store, key, text, deadline(expiry));
  }

  private void set(String store, String key, String text, @Nullable Long deadline) {
    Value value = new Value(text, deadline, ++serials);
    if (value.isLive(now())) {
      entries(store).put(key, value);
    } else if (find(store, key) != null) {
      entries(store).remove(key);
    }
  }

  boolean putIfAbsent(String store, String key, String text, Expiry expiry) {
    create(store);
    if (find(store, key) != null) {
      return false;
    }
    put(store, key, text, expiry);
    return true;
  }

  boolean compareAndSet(String store, String key, long serial, String text) {
    create(store);
    Value before = find(store, key);
    if (before == null || before.serial() != serial) {
      return false;
    }
    set(store, key, text, before.deadline());
    return true;
  }

  String update(
      String store, String key, String initial, Function<String, String> change, Expiry expiry) {
    create(store);
    Value before = find(store, key);
    String after = change.apply(before == null ? initial : before.text());
    if (before == null) {
      put(store, key, after, expiry);
    } else {
      set(store, key, after, before.deadline());
    }
    return after;
  }

  boolean touch(String store, String key, Expiry expiry) {
    create(store);
    Value before = find(store, key);
    if (before == null) {
      return false;
    }
    set(store, key, before.text(), deadline(expiry));
    return true;
  }

  boolean remove(String store, String key) {
    create(store);
    // What has expired is for the sweep to remove, and to count.
    return find(store, key) != null && entries(store).remove(key) != null;
  }

  boolean remove(String store, String key, long serial) {
    create(store);
    Value before = find(store, key);
    return before != null && before.serial() == serial && remove(store, key);
  }

  private @Nullable Count findCount(String counters, String key) {
    Count count = counts(counters).get(key);
    return count != null && count.isLive(now()) ? count : null;
  }

  long count(String counters, String key) {
    Count count = findCount(counters, key);
    return count == null ? 0 : count.count();
  }

  /// @throws ArithmeticException if the sum exceeds a long
  long add(String counters, String key, long delta, Expiry expiry) {
    create(counters);
    Count before = findCount(counters, key);
    long sum = Math.addExact(before == null ? 0 : before.count(), delta);
    Count after = new Count(sum, before == null ? deadline(expiry) : before.deadline());
    counts(counters).remove(key);
    if (after.isLive(now())) {
      counts(counters).put(key, after);
    }
    return sum;
  }

  boolean tryAdd(String counters, String key, long delta, long max, Expiry expiry) {
    create(counters);
    if (Math.addExact(count(counters, key), delta) > max) {
      return false;
    }
    add(counters, key, delta, expiry);
    return true;
  }

  boolean removeCount(String counters, String key) {
    create(counters);
    return findCount(counters, key) != null && counts(counters).remove(key) != null;
  }

  /// Removes up to so many of what has expired, oldest first, and returns how many there were. Of
  /// those with the same deadline it doesn't matter which.
  int sweep(int limit) {
    long now = now();
    TreeMap<Long, List<Runnable>> expired = new TreeMap<>();
    state
        .stores
        .values()
        .forEach(entries ->
            entries.forEach((key, value) -> {
              if (value.deadline() != null && !value.isLive(now)) {
                expired
                    .computeIfAbsent(value.deadline(), same -> new ArrayList<>())
                    .add(() -> entries.remove(key));
              }
            }));
    state
        .counters
        .values()
        .forEach(counts ->
            counts.forEach((key, count) -> {
              if (count.deadline() != null && !count.isLive(now)) {
                expired
                    .computeIfAbsent(count.deadline(), same -> new ArrayList<>())
                    .add(() -> counts.remove(key));
              }
            }));
    List<Runnable> removals = expired.values().stream().flatMap(List::stream).limit(limit).toList();
    removals.forEach(Runnable::run);
    return removals.size();
  }
}
