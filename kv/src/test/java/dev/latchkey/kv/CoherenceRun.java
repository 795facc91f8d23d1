package dev.latchkey.kv;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// Writers and readers of the same keys, who check that no read is behind.
///
/// Each key has one writer, who knows exactly what is there and writes ever greater numbers, with
/// every kind of write. Its readers know less: whatever they see is at least what they saw before,
/// and at least what was there before they began to read.
final class CoherenceRun {

  private static final int WRITERS = 3;
  private static final int READERS = 3;
  private static final int KEYS_EACH = 12;

  private final Database database;
  private final Store<String> store;
  private final long seed;
  private final AtomicLongArray versions = new AtomicLongArray(WRITERS * KEYS_EACH);
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private boolean forgetful;
  private volatile long end;

  CoherenceRun(Database database, long seed) {
    this.database = database;
    this.store = database.store(StoreSpec.of("coherence", Codec.text()));
    this.seed = seed;
  }

  /// Plants the bug: now and then a written entry is left in the cache as it was before.
  CoherenceRun forgettingToInvalidate() {
    forgetful = true;
    return this;
  }

  long writes() {
    return writes.get();
  }

  long reads() {
    return reads.get();
  }

  /// Runs for that long and returns what was wrong.
  List<String> during(Duration time) throws InterruptedException {
    end = System.nanoTime() + time.toNanos();
    Callers callers = Callers.onPlatformThreads();
    for (int i = 0; i < WRITERS; i++) {
      int first = i * KEYS_EACH;
      callers.start(() -> write(first, new Random(seed + first)));
    }
    for (int i = 0; i < READERS; i++) {
      Random random = new Random(seed - i - 1);
      callers.start(() -> read(random));
    }
    callers.join(time).forEach(e -> faults.add("threw " + e));
    return List.copyOf(faults);
  }

  private boolean isOver() {
    return !faults.isEmpty() || System.nanoTime() - end >= 0;
  }

  private static String key(int index) {
    return "key-" + index;
  }

  private void write(int first, Random random) {
    long number = 0;
    @Nullable String[] present = new @Nullable String[KEYS_EACH];
    while (!isOver()) {
      int offset = random.nextInt(KEYS_EACH);
      @Nullable String before = present[offset];
      number++;
      @Nullable String after =
          writeOnce(random, key(first + offset), before, String.valueOf(number));
      writes.incrementAndGet();
      present[offset] = after;
      Optional<String> found = store.get(key(first + offset));
      if (!found.equals(Optional.ofNullable(after))) {
        faults.add("its writer finds " + found + " at " + key(first + offset) + ", not " + after);
      }
      Optional<Entry<String>> entry = store.entry(key(first + offset));
      entry.ifPresent(there -> raise(first + offset, there.version()));
    }
  }

  private @Nullable String writeOnce(
      Random random, String key, @Nullable String before, String next) {
    @Nullable Encoded stale = forgetful ? cached(key) : null;
    @Nullable String after = before;
    switch (random.nextInt(9)) {
      case 0, 1 -> {
        store.put(key, next);
        after = next;
      }
      case 2 -> {
        store.remove(key);
        after = null;
      }
      case 3 -> after = store.putIfAbsent(key, next) ? next : before;
      case 4 -> after = store.update(key, next, value -> next);
      case 5 -> store.touch(key, Expiry.after(Duration.ofDays(1)));
      case 6 -> {
        Entry<String> entry = store.entry(key).orElse(null);
        after = entry != null && store.compareAndSet(entry, next) ? next : before;
      }
      case 7 -> {
        store.putAll(Map.of(key, next));
        after = next;
      }
      default -> {
        database.transact(() -> {
          store.remove(key);
          store.put(key, next);
        });
        after = next;
      }
    }
    if (stale != null) {
      EntryCache cache = ((SqlDatabase) database).engine().cache();
      cache.keep(place(key), stale, cache.mark(place(key)));
    }
    return after;
  }

  private @Nullable Encoded cached(String key) {
    return ((SqlDatabase) database).engine().cache().find(place(key));
  }

  private EntryCache.Key place(String key) {
    Table table =
        ((SqlDatabase) database)
            .engine()
            .claim(Table.ofEntries(StoreSpec.of("coherence", Codec.text())));
    return new EntryCache.Key(table, key);
  }

  private void read(Random random) {
    long[] seen = new long[WRITERS * KEYS_EACH];
    while (!isOver()) {
      int index = random.nextInt(seen.length);
      long least = Math.max(seen[index], versions.get(index));
      Optional<Entry<String>> entry =
          switch (random.nextInt(4)) {
            case 0 -> database.snapshot(() -> store.entry(key(index)));
            case 1 ->
                store.scan(KeyRange.prefix(key(index)), 1).stream()
                    .filter(found -> found.key().equals(key(index)))
                    .findFirst();
            default -> store.entry(key(index));
          };
      reads.incrementAndGet();
      if (entry.isPresent()) {
        long version = entry.orElseThrow().version();
        if (version < least) {
          faults.add("a reader finds version " + version + " of " + key(index) + " after " + least);
        }
        seen[index] = Math.max(seen[index], version);
      }
    }
  }

  private void raise(int index, long version) {
    versions.accumulateAndGet(index, version, Math::max);
  }
}
