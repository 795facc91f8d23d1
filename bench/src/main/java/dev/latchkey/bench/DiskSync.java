package dev.latchkey.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What the disk takes for the least that any durable put has to do: to write 4 KiB over a part of
/// a file and wait until they're there.
final class DiskSync {
  private static final int BYTES = 4096;
  private static final int PLACES = 256;
  private static final int TIMES = 500;

  private DiskSync() {}

  static Latencies measure(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "latchkey-bench-", ".sync");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      // Written beforehand, so that what is measured doesn't make the file longer.
      channel.write(ByteBuffer.allocate(BYTES * PLACES), 0);
      channel.force(true);
      ByteBuffer page = ByteBuffer.allocateDirect(BYTES);
      Latencies latencies = new Latencies();
      for (int i = 0; i < TIMES; i++) {
        long begin = System.nanoTime();
        channel.write(page.clear(), (long) BYTES * (i % PLACES));
        channel.force(false);
        latencies.record(System.nanoTime() - begin);
      }
      return latencies;
    } finally {
      Files.delete(file);
    }
  }
}
