package dev.latchkey.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// Everything at once on one file, for as long as is wanted. What must be true all the time is
/// looked at all the time: two stores that are written together are equal, money moved by own SQL
/// is neither made nor lost, counters are exact, and limits hold.
final class SoakRun {

  private static final long LOG_LIMIT = 4 << 20;
  private static final int KEYS = 40;
  private static final int ACCOUNTS = 8;
  private static final long BALANCE = 1_000;
  private static final long MOST_PER_WINDOW = 5;
  private static final int PHASES = 12;
  private static final Duration UPKEEP_PAUSE = Duration.ofMillis(20);

  private static final StoreSpec<String> WORDS =
      StoreSpec.of("words", Codec.text()).expireAfter(Duration.ofMillis(300));
  private static final StoreSpec<String> LEFT = StoreSpec.of("left_canary", Codec.text());
  private static final StoreSpec<byte[]> RIGHT =
      StoreSpec.of("right_canary", Codec.bytes()).ofLargeValues();

  private final Path directory;
  private final Duration time;
  private final long seed;
  private final DatabaseOptions options;
  private final SoakSamples samples;
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
  private final AtomicLongArray tally = new AtomicLongArray(KEYS);
  private final Map<String, AtomicLong> done = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private boolean tearing;
  private volatile long end;

  // Guarded by the lock.
  private Database database;

  SoakRun(Path directory, Duration time, long seed) {
    this.directory = directory;
    this.time = time;
    this.seed = seed;
    this.options =
        DatabaseOptions.defaults()
            .withWalLimitBytes(LOG_LIMIT)
            .withLockTimeout(Duration.ofMinutes(1))
            .withSweepInterval(Duration.ofMillis(200));
    this.samples = new SoakSamples(directory.resolve("data.db-wal"));
    this.database = open();
  }

  /// Plants a bug: the two stores aren't written in one transaction.
  SoakRun tearing() {
    tearing = true;
    return this;
  }

  private Database open() {
    return Database.open(directory.resolve("data.db"), options);
  }

  /// What a worker does again and again.
  @FunctionalInterface
  private interface Work {
    void once(Random random) throws Exception;
  }

  /// Runs for the time it was made for and returns what was wrong.
  List<String> run() throws Exception {
    prepare();
    end = System.nanoTime() + time.toNanos();
    Callers callers = Callers.onPlatformThreads();
    Callers virtual = Callers.onVirtualThreads();
    start(callers, "singles", this::writeSingles);
    start(virtual, "singles", this::writeSingles);
    start(callers, "pairs", this::writePair);
    start(virtual, "pairs", this::writePair);
    start(callers, "transfers", this::transfer);
    start(callers, "additions", this::add);
    start(virtual, "additions", this::add);
    start(callers, "windows", this::addWithinWindow);
    start(virtual, "reads", this::read);
    start(callers, "snapshots", this::lookAtOneView);
    start(callers, "scans", this::scan);
    start(callers, "upkeep", this::keepUp);
    for (int phase = 1; phase <= PHASES && faults.isEmpty(); phase++) {
      awaitPhase(phase);
      reopenAndLook();
    }
    end = System.nanoTime();
    callers.join(time).forEach(e -> faults.add("threw " + e));
    virtual.join(time).forEach(e -> faults.add("threw " + e));
    lookAtTheEnd();
    database.close();
    return List.copyOf(faults);
  }

  private void awaitPhase(int phase) throws IOException {
    long due = end - time.toNanos() * (PHASES - phase) / PHASES;
    Duration look = time.dividedBy(10L * PHASES);
    while (System.nanoTime() - due < 0 && faults.isEmpty()) {
      LockSupport.parkNanos(look.toNanos());
      samples.lookAtLog();
    }
  }

  private void prepare() {
    database.store(WORDS);
    database.store(LEFT);
    database.store(RIGHT);
    database.update("CREATE TABLE account (id INTEGER PRIMARY KEY, cents INTEGER NOT NULL)");
    for (int i = 0; i < ACCOUNTS; i++) {
      database.update("INSERT INTO account (id, cents) VALUES (?, ?)", i, BALANCE);
    }
  }

  private void start(Callers callers, String name, Work work) {
    AtomicLong count = done.computeIfAbsent(name, same -> new AtomicLong());
    Random random = new Random(seed + done.size());
    callers.start(() -> {
      while (System.nanoTime() - end < 0 && faults.isEmpty()) {
        open.readLock().lock();
        try {
          work.once(random);
        } catch (RuntimeException e) {
          faults.add(name + " threw " + e);
        } finally {
          open.readLock().unlock();
        }
        count.incrementAndGet();
      }
    });
  }

  private static String key(Random random) {
    return "key-" + random.nextInt(KEYS);
  }

  private void writeSingles(Random random) {
    Store<String> words = database.store(WORDS);
    String text = "x".repeat(random.nextInt(200));
    switch (random.nextInt(5)) {
      case 0 -> words.put(key(random), text);
      case 1 -> words.putIfAbsent(key(random), text, Expiry.after(Duration.ofMillis(20)));
      case 2 -> words.update(key(random), "", value -> value.length() > 500 ? "" : value + text);
      case 3 -> words.touch(key(random), Expiry.after(Duration.ofMillis(100)));
      default -> words.remove(key(random));
    }
  }

  private static final class Undone extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private void writePair(Random random) {
    String key = key(random);
    String value = "pair " + random.nextLong();
    byte[] bytes = value.getBytes(UTF_8);
    Store<String> left = database.store(LEFT);
    Store<byte[]> right = database.store(RIGHT);
    if (tearing) {
      left.put(key, value);
      right.put(key, bytes);
      return;
    }
    boolean fails = random.nextInt(8) == 0;
    try {
      database.transact(() -> {
        left.put(key, value);
        database.transact(() -> right.put(key, bytes));
        if (fails) {
          throw new Undone();
        }
      });
    } catch (Undone e) {
      done.computeIfAbsent("undone", same -> new AtomicLong()).incrementAndGet();
    }
  }

  private void transfer(Random random) {
    int cents = random.nextInt(10);
    int from = random.nextInt(ACCOUNTS);
    database.transact(() -> {
      database.update("UPDATE account SET cents = cents - ? WHERE id = ?", cents, from);
      database.update(
          "UPDATE account SET cents = cents + ? WHERE id = ?", cents, (from + 1) % ACCOUNTS);
      database.store(WORDS).put("last transfer", from + ": " + cents);
    });
  }

  private void add(Random random) {
    int which = random.nextInt(KEYS);
    int delta = random.nextInt(5) - 1;
    database.counters("totals", Expiry.never()).add("total-" + which, delta);
    tally.addAndGet(which, delta);
  }

  private void addWithinWindow(Random random) {
    Counters windows = database.counters("windows", Expiry.after(Duration.ofMillis(50)));
    String key = key(random);
    windows.tryAdd(key, 1, MOST_PER_WINDOW);
    if (windows.get(key) > MOST_PER_WINDOW) {
      faults.add("a window has " + windows.get(key));
    }
  }

  private void read(Random random) {
    Store<String> left = database.store(LEFT);
    String key = key(random);
    left.get(key);
    left.contains(key);
    database.store(WORDS).entry(key);
  }

  private void lookAtOneView(Random random) {
    Duration lasting = random.nextInt(50) == 0 ? Duration.ofMillis(200) : Duration.ZERO;
    database.snapshot(() -> {
      lookAt(database, "snapshot");
      LockSupport.parkNanos(lasting.toNanos());
      lookAt(database, "snapshot, later");
      return true;
    });
  }

  /// Compares the two stores, and sums up the accounts.
  private void lookAt(Database view, String where) {
    Map<String, String> left = new TreeMap<>(view.store(LEFT).asMap());
    Map<String, String> right = new TreeMap<>();
    view.store(RIGHT).asMap().forEach((key, bytes) -> right.put(key, new String(bytes, UTF_8)));
    if (!left.equals(right)) {
      faults.add(where + ": the pairs differ: " + left + " and " + right);
    }
    long cents = view.query("SELECT sum(cents) FROM account", row -> row.number(1)).getFirst();
    if (cents != ACCOUNTS * BALANCE) {
      faults.add(where + ": there are " + cents + " cents");
    }
  }

  private void scan(Random random) {
    Store<String> words = database.store(WORDS);
    List<Entry<String>> page = words.scan(KeyRange.prefix("key-").after(key(random)), 7);
    for (int i = 1; i < page.size(); i++) {
      if (page.get(i - 1).key().compareTo(page.get(i).key()) >= 0) {
        faults.add("a scan is out of order: " + page);
      }
    }
    words.count(KeyRange.all());
  }

  private void keepUp(Random random) throws IOException {
    LockSupport.parkNanos(UPKEEP_PAUSE.toNanos());
    switch (random.nextInt(3)) {
      case 0 -> database.sweep(1 + random.nextInt(50));
      case 1 -> database.check().forEach(line -> faults.add("check: " + line));
      default -> {
        Path copy = directory.resolve("copy-" + random.nextLong());
        database.backupTo(copy);
        try (Database opened = Database.open(copy, options)) {
          lookAt(opened, "backup");
          opened.check().forEach(line -> faults.add("backup: " + line));
        }
        Files.delete(copy);
        Files.delete(directory.resolve(copy.getFileName() + ".lock"));
      }
    }
  }

  /// Closes and opens the file while nobody uses it, and compares the counters with the tally.
  private void reopenAndLook() throws IOException {
    open.writeLock().lock();
    try {
      database.close();
      samples.take();
      database = open();
      lookAtCounters();
      lookAt(database, "reopened");
    } finally {
      open.writeLock().unlock();
    }
  }

  private void lookAtCounters() {
    Counters totals = database.counters("totals", Expiry.never());
    for (int i = 0; i < KEYS; i++) {
      long found = totals.get("total-" + i);
      if (found != tally.get(i)) {
        faults.add("total-" + i + " is " + found + ", not " + tally.get(i));
      }
    }
  }

  private void lookAtTheEnd() {
    lookAtCounters();
    done.forEach((name, count) -> {
      if (count.get() == 0) {
        faults.add("no " + name + " were done");
      }
    });
    // Who reads already may read on, and some do for a while; nobody else is let in meanwhile.
    if (samples.largestLog() > 16 * LOG_LIMIT) {
      faults.add("the log grew to " + samples.largestLog() + " bytes");
    }
    if (samples.heapGrowth() > 16 << 20) {
      faults.add("the heap grew by " + samples.heapGrowth() + " bytes");
    }
    if (samples.descriptorGrowth() > 2 || samples.threadGrowth() > 0) {
      faults.add("files or threads were left: " + samples);
    }
  }

  /// Returns the figures of the run.
  String report() {
    return "soak seconds=" + time.toSeconds() + " " + new TreeMap<>(done) + " " + samples;
  }
}
