package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.testkit.Scale;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What several threads see could have been seen one call after the other. Lincheck makes up what
/// the threads do; where nothing but Java takes part, it tries their interleavings one by one.
@Tag("lincheck")
class LinearizabilityTest {

  private static final int SCENARIOS = Scale.pick(3, 10, 100);
  private static final int INTERLEAVINGS = Scale.pick(50, 300, 10_000);
  private static final int RUNS = Scale.pick(120, 1_000, 20_000);

  /// Trying interleavings through a cache of another library takes long.
  private static final boolean CACHE_IS_INTERLEAVED = Scale.pick(0, 1, 1) == 1;

  @Test
  void nobodyIsWithinAGateThatHasClosed() {
    interleaved().check(GateCalls.class);
  }

  @Test
  void gateThatClosesWithoutWaitingIsFoundOut() {
    assertThatThrownBy(() -> interleaved().check(HastyGateCalls.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void cacheIsNeverBehind() {
    checkRegister(CachedRegister.class);
  }

  @Test
  void cacheThatIsBehindIsFoundOut() {
    Class<?> faulty =
        CACHE_IS_INTERLEAVED ? CarelesslyCachedRegister.class : ForgetfullyCachedRegister.class;

    assertThatThrownBy(() -> checkRegister(faulty)).isInstanceOf(LincheckAssertionError.class);
  }

  private static void checkRegister(Class<?> calls) {
    if (CACHE_IS_INTERLEAVED) {
      interleaved().sequentialSpecification(Register.class).check(calls);
    } else {
      atOnce().sequentialSpecification(Register.class).check(calls);
    }
  }

  @Test
  void callsOfADatabaseInMemoryAreAsIfOneAfterTheOther() {
    atOnce().sequentialSpecification(PlainEntry.class).check(EntryCalls.class);
  }

  @Test
  void handlesAreCountedOneByOne() {
    atOnce()
        .iterations(2)
        .invocationsPerIteration(RUNS / 40)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(0)
        .sequentialSpecification(PlainHandles.class)
        .check(HandleCalls.class);
  }

  private static ModelCheckingOptions interleaved() {
    return new ModelCheckingOptions()
        .iterations(SCENARIOS)
        .invocationsPerIteration(INTERLEAVINGS)
        .threads(2)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(0)
        .minimizeFailedScenario(false);
  }

  /// Has threads run as they happen to.
  private static StressOptions atOnce() {
    return new StressOptions()
        .iterations(SCENARIOS)
        .invocationsPerIteration(RUNS)
        .threads(3)
        .actorsPerThread(3)
        .minimizeFailedScenario(false);
  }

  /// Calls of one handle, and its closing.
  public static final class GateCalls {
    private final Gate gate = new Gate();
    private volatile boolean closed;

    @Operation
    public String call() {
      try {
        gate.enter();
      } catch (IllegalStateException e) {
        return "refused";
      }
      String seen = closed ? "within a closed gate" : "within";
      gate.leave();
      return seen;
    }

    @Operation
    public boolean close() {
      boolean first = gate.close();
      if (first) {
        closed = true;
      }
      return first;
    }
  }

  /// As [GateCalls], with a gate that doesn't wait.
  public static final class HastyGateCalls {
    private volatile boolean shut;
    private volatile boolean closed;

    @Operation
    public String call() {
      if (shut) {
        return "refused";
      }
      return closed ? "within a closed gate" : "within";
    }

    @Operation
    public boolean close() {
      shut = true;
      closed = true;
      return true;
    }
  }

  /// What [CachedRegister] should be.
  public static final class Register {
    private long value;

    public void write(int number) {
      value = number;
    }

    public long read() {
      return value;
    }
  }

  /// One entry, written and read as [Group] and [SqlStore] do.
  public static class CachedRegister {
    private static final EntryCache.Key KEY =
        new EntryCache.Key(Table.ofEntries(StoreSpec.of("words", Codec.text())), "a");

    private final EntryCache cache = new EntryCache(1 << 20);
    private final Object writer = new Object();
    private volatile long file;

    @Operation
    public void write(@Param(gen = IntGen.class, conf = "1:3") int number) {
      synchronized (writer) {
        cache.beforeCommit(changed());
        file = number;
        cache.afterCommit();
      }
    }

    @Operation
    public long read() {
      Encoded known = cache.find(KEY);
      if (known != null) {
        return known.version();
      }
      int mark = cache.mark(KEY);
      long found = file;
      cache.keep(KEY, new Encoded(found, 0, false, new byte[0]), markToShow(mark));
      return found;
    }

    List<EntryCache.Key> changed() {
      return List.of(KEY);
    }

    int markToShow(int mark) {
      return mark;
    }

    final int currentMark() {
      return cache.mark(KEY);
    }
  }

  /// As [CachedRegister], with a reader who doesn't say when it began to read.
  public static final class CarelesslyCachedRegister extends CachedRegister {
    @Override
    int markToShow(int mark) {
      return currentMark();
    }
  }

  /// As [CachedRegister], with a writer who doesn't say what it changes.
  public static final class ForgetfullyCachedRegister extends CachedRegister {
    @Override
    List<EntryCache.Key> changed() {
      return List.of();
    }
  }

  /// What [EntryCalls] should do.
  public static final class PlainEntry {
    private final Map<String, Integer> value = new HashMap<>();
    private long count;

    public boolean putIfAbsent(int number) {
      return value.putIfAbsent("a", number) == null;
    }

    public boolean compareAndSet(int expected, int number) {
      return value.replace("a", expected, number);
    }

    public void put(int number) {
      value.put("a", number);
    }

    public boolean remove() {
      return value.remove("a") != null;
    }

    public String get() {
      return String.valueOf(value.get("a"));
    }

    public String move(int number) {
      String before = get();
      put(number);
      return before;
    }

    public long add(int number) {
      count += number;
      return count;
    }

    public boolean tryAdd(int number) {
      if (count + number > 4) {
        return false;
      }
      count += number;
      return true;
    }
  }

  /// Calls on one entry and one counter.
  public static final class EntryCalls {
    private static final AtomicLong KEYS = new AtomicLong();

    private static final Database DATABASE =
        Database.inMemory(
            DatabaseOptions.defaults()
                .withSweepInterval(Duration.ZERO)
                .withLockTimeout(Duration.ofMinutes(1)));

    private static final Store<String> STORE = DATABASE.store(StoreSpec.of("words", Codec.text()));
    private static final Counters COUNTERS = DATABASE.counters("hits", Expiry.never());

    private final String key = "key-" + KEYS.incrementAndGet();

    @Operation
    public boolean putIfAbsent(@Param(gen = IntGen.class, conf = "1:3") int number) {
      return STORE.putIfAbsent(key, String.valueOf(number));
    }

    @Operation
    public boolean compareAndSet(
        @Param(gen = IntGen.class, conf = "1:3") int expected,
        @Param(gen = IntGen.class, conf = "1:3") int number) {
      while (true) {
        Entry<String> entry = STORE.entry(key).orElse(null);
        if (entry == null || !entry.value().equals(String.valueOf(expected))) {
          return false;
        } else if (STORE.compareAndSet(entry, String.valueOf(number))) {
          return true;
        }
      }
    }

    @Operation
    public void put(@Param(gen = IntGen.class, conf = "1:3") int number) {
      STORE.put(key, String.valueOf(number));
    }

    @Operation
    public boolean remove() {
      return STORE.remove(key);
    }

    @Operation
    public String get() {
      return STORE.get(key).orElse("null");
    }

    @Operation
    public String move(@Param(gen = IntGen.class, conf = "1:3") int number) {
      return DATABASE.transact(() -> {
        String before = get();
        put(number);
        return before;
      });
    }

    @Operation
    public long add(@Param(gen = IntGen.class, conf = "1:3") int number) {
      return COUNTERS.add(key, number);
    }

    @Operation
    public boolean tryAdd(@Param(gen = IntGen.class, conf = "1:3") int number) {
      return COUNTERS.tryAdd(key, number, 4);
    }
  }

  /// What [HandleCalls] should do.
  public static final class PlainHandles {
    private int open;
    private long count;

    public void open() {
      open++;
    }

    public boolean close() {
      if (open == 0) {
        return false;
      }
      open--;
      return true;
    }

    public long use() {
      return ++count;
    }
  }

  /// Handles on one file, opened and closed at the same time: the engine must be there for each,
  /// and what was counted through one must be there for the next.
  public static final class HandleCalls {
    private static final DatabaseOptions OPTIONS =
        DatabaseOptions.defaults()
            .withDurability(DatabaseOptions.Durability.RELAXED)
            .withSweepInterval(Duration.ZERO)
            .withLockTimeout(Duration.ofMinutes(1));

    private final ConcurrentLinkedQueue<Database> handles = new ConcurrentLinkedQueue<>();
    private final AtomicInteger toClose = new AtomicInteger();
    private @Nullable Path directory;

    private synchronized Path file() {
      try {
        if (directory == null) {
          directory = Files.createTempDirectory("latchkey-handles");
        }
        return directory.resolve("data.db");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Operation
    public void open() {
      handles.add(Database.open(file(), OPTIONS));
      toClose.incrementAndGet();
    }

    @Operation
    public boolean close() {
      int before = toClose.getAndUpdate(n -> Math.max(0, n - 1));
      if (before == 0) {
        return false;
      }
      handles.remove().close();
      return true;
    }

    @Operation
    public long use() {
      try (Database own = Database.open(file(), OPTIONS)) {
        return own.counters("uses", Expiry.never()).add("a", 1);
      }
    }

    @Validate
    public synchronized void closeAll() {
      Path used = directory;
      if (used == null) {
        return;
      }
      handles.forEach(Database::close);
      handles.clear();
      try (Stream<Path> files = Files.list(used)) {
        for (Path file : files.toList()) {
          if (file.toString().endsWith("-wal")) {
            throw new IllegalStateException("the engine did not stop with its last handle");
          }
          Files.delete(file);
        }
        Files.delete(used);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
