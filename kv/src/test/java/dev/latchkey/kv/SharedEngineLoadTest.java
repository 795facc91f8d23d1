package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two stores of one file, each with a handle of its own, written from 64 threads at once: none is
/// told that the file is busy.
class SharedEngineLoadTest {

  private static final StoreSpec<String> COLOURS = StoreSpec.of("colours", Codec.text());
  private static final StoreSpec<byte[]> BYTES =
      StoreSpec.of("bytes", Codec.bytes()).ofLargeValues();
  private static final StoreSpec<byte[]> MORE_BYTES =
      StoreSpec.of("more_bytes", Codec.bytes()).ofLargeValues();
  private static final int CALLERS = 32;
  private static final int WRITES = 10;
  private static final int VALUE_BYTES = 8 << 10;
  private static final long LOG_LIMIT = 2 << 20;

  @TempDir Path directory;

  @Test
  void manyThreadsOnTwoStoresNeverSeeBusyAcrossCheckpoints() throws Exception {
    DatabaseOptions options = DatabaseOptions.defaults().withWalLimitBytes(LOG_LIMIT);
    try (Database first = Database.open(directory.resolve("data.db"), options);
        Database second = Database.open(directory.resolve("data.db"), options)) {
      AtomicBoolean over = new AtomicBoolean();
      AtomicIntegerArray written = new AtomicIntegerArray(CALLERS);
      AtomicIntegerArray more = new AtomicIntegerArray(CALLERS);
      Callers platform = Callers.onPlatformThreads();
      Callers virtual = Callers.onVirtualThreads();

      writeUntil(over, platform, first.store(BYTES), written);
      writeUntil(over, virtual, second.store(MORE_BYTES), more);
      try {
        Callers.awaitThat("the log started over twice", () -> timesTheLogStartedOver() >= 2);
      } finally {
        over.set(true);
      }

      assertThat(platform.join()).isEmpty();
      assertThat(virtual.join()).isEmpty();
      for (int caller = 0; caller < CALLERS; caller++) {
        assertEveryWriteIsThere(first.store(BYTES), caller, written.get(caller));
        assertEveryWriteIsThere(second.store(MORE_BYTES), caller, more.get(caller));
      }
    }
  }

  private static void writeUntil(
      AtomicBoolean over, Callers callers, Store<byte[]> store, AtomicIntegerArray written) {
    for (int i = 0; i < CALLERS; i++) {
      int caller = i;
      callers.start(() -> {
        while (!over.get()) {
          store.put(keyOf(caller, written.get(caller)), new byte[VALUE_BYTES]);
          written.incrementAndGet(caller);
        }
      });
    }
  }

  /// The log counts that in its header (https://www.sqlite.org/fileformat.html).
  private int timesTheLogStartedOver() {
    try (InputStream log = Files.newInputStream(directory.resolve("data.db-wal"))) {
      byte[] header = log.readNBytes(16);
      return header.length < 16 ? 0 : ByteBuffer.wrap(header).getInt(12);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void manyThreadsOnTwoStoresNeverSeeBusyBesideALongReader() throws Exception {
    DatabaseOptions options = DatabaseOptions.defaults().withWalLimitBytes(LOG_LIMIT);
    try (Database first = Database.open(directory.resolve("data.db"), options);
        Database second = Database.open(directory.resolve("data.db"), options)) {
      first.store(COLOURS).put("sky", "blue");
      second.store(MORE_BYTES);
      CountDownLatch goOn = new CountDownLatch(1);
      Callers readers = Callers.onPlatformThreads();
      readInAQuery(readers, first, goOn);
      readInASnapshot(readers, second, goOn);
      Callers writers = Callers.onPlatformThreads();

      writeFromAll(writers, first.store(BYTES));
      writeFromAll(writers, second.store(MORE_BYTES));
      assertThat(writers.join()).isEmpty();
      first.store(COLOURS).put("sky", "grey");
      goOn.countDown();

      assertThat(readers.join()).isEmpty();
      for (int caller = 0; caller < CALLERS; caller++) {
        assertEveryWriteIsThere(first.store(BYTES), caller, WRITES);
        assertEveryWriteIsThere(second.store(MORE_BYTES), caller, WRITES);
      }
      assertThat(second.store(COLOURS).get("sky")).contains("grey");
    }
  }

  /// Both keep their view, whatever is written meanwhile.
  private static void readInAQuery(Callers readers, Database database, CountDownLatch goOn)
      throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    readers.start(() ->
        assertThat(
                database.query(
                    "SELECT key, value FROM kv_entries_colours UNION ALL"
                        + " SELECT 'rows', count(*) FROM kv_entries_more_bytes",
                    row -> {
                      begun.countDown();
                      Callers.awaitThat("written", () -> goOn.getCount() == 0);
                      return row.text(1) + " " + row.text(2);
                    }))
            .containsExactly("sky blue", "rows 0"));
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void readInASnapshot(Callers readers, Database database, CountDownLatch goOn)
      throws Exception {
    Store<byte[]> bytes = database.store(MORE_BYTES);
    Store<String> colours = database.store(COLOURS);
    CountDownLatch begun = new CountDownLatch(1);
    readers.start(() ->
        database.snapshot(() -> {
          begun.countDown();
          goOn.await();
          assertThat(colours.get("sky")).contains("blue");
          assertThat(bytes.count(KeyRange.all())).isZero();
          return true;
        }));
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void writeFromAll(Callers callers, Store<byte[]> store) {
    for (int i = 0; i < CALLERS; i++) {
      int caller = i;
      callers.start(() -> {
        for (int n = 0; n < WRITES; n++) {
          store.put(keyOf(caller, n), new byte[VALUE_BYTES]);
        }
      });
    }
  }

  private static void assertEveryWriteIsThere(Store<byte[]> store, int caller, int written) {
    for (int n = 0; n < written; n++) {
      assertThat(store.contains(keyOf(caller, n))).isTrue();
    }
  }

  private static String keyOf(int caller, int n) {
    return "caller-" + caller + "-" + n;
  }
}
