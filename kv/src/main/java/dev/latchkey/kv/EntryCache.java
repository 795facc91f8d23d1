package dev.latchkey.kv;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/// Committed entries, kept as bytes in memory.
///
/// It is never behind the file. Before a commit can be seen by readers, the keys that it changes
/// are taken out and marked, and until it is over nothing is kept of them; a reader who began
/// before that finds the mark changed, and doesn't keep what it read. Marks are shared by keys with
/// the same hash, which costs a hit now and then and nothing else.
final class EntryCache {

  private static final int MARKS = 1 << 12;

  /// What an entry costs beside its bytes, about.
  private static final int OVERHEAD_BYTES = 160;

  /// Entries that take more than this part of the cache aren't kept.
  private static final int LARGEST_PART = 8;

  private final long bytes;

  /// Null if nothing is kept. Replaced by an empty one where everything is to be taken out: to
  /// empty it would miss an entry which is being put in just then.
  private volatile @Nullable Cache<Key, Encoded> entries;

  /// Even while the keys with that hash are at rest, odd while a commit changes them.
  private final AtomicIntegerArray marks = new AtomicIntegerArray(MARKS);

  // Touched only by whoever holds the writer.
  private final int[] marked = new int[MARKS];
  private int markedCount;

  /// An entry's place.
  record Key(Table table, String key) {
    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(table) + key.hashCode();
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(@Nullable Object other) {
      return other instanceof Key(Table otherTable, String otherKey)
          && table == otherTable
          && key.equals(otherKey);
    }
  }

  /// @param bytes the most to keep; zero for nothing
  EntryCache(long bytes) {
    this.bytes = bytes;
    this.entries = bytes == 0 ? null : empty(bytes);
  }

  private static Cache<Key, Encoded> empty(long bytes) {
    return Caffeine.newBuilder()
        .maximumWeight(bytes)
        .weigher(EntryCache::weight)
        .executor(Runnable::run)
        .build();
  }

  private static int weight(Key key, Encoded entry) {
    return OVERHEAD_BYTES + key.key().length() + entry.value().length;
  }

  boolean isOff() {
    return bytes == 0;
  }

  @Nullable Encoded find(Key key) {
    Cache<Key, Encoded> kept = entries;
    return kept == null ? null : kept.getIfPresent(key);
  }

  /// Returns what to show to [#keep] after reading the entry.
  int mark(Key key) {
    return marks.get(place(key));
  }

  /// Keeps an entry that was read from the file, unless it may have changed since its mark was
  /// taken.
  void keep(Key key, Encoded entry, int mark) {
    Cache<Key, Encoded> kept = entries;
    if (kept == null || (mark & 1) != 0 || weight(key, entry) > bytes / LARGEST_PART) {
      return;
    }
    // One step with the look at the mark, as taking out is with the key: whichever comes second
    // knows of the first.
    kept.asMap().compute(key, (same, known) -> marks.get(place(same)) == mark ? entry : known);
  }

  /// Takes out what a commit is about to change. Called by whoever holds the writer.
  ///
  /// @param keys null for all there may be
  void beforeCommit(@Nullable List<Key> keys) {
    Cache<Key, Encoded> kept = entries;
    if (kept == null) {
      return;
    }
    if (keys == null) {
      for (int place = 0; place < MARKS; place++) {
        mark(place);
      }
      entries = empty(bytes);
      return;
    }
    for (Key key : keys) {
      mark(place(key));
      kept.invalidate(key);
    }
  }

  private void mark(int place) {
    if ((marks.get(place) & 1) == 0) {
      marks.incrementAndGet(place);
      marked[markedCount++] = place;
    }
  }

  /// Called after [#beforeCommit], whatever came of the commit.
  void afterCommit() {
    while (markedCount > 0) {
      marks.incrementAndGet(marked[--markedCount]);
    }
  }

  private static int place(Key key) {
    int hash = key.hashCode() * 0x9E3779B9;
    return (hash >>> 16) & (MARKS - 1);
  }
}
