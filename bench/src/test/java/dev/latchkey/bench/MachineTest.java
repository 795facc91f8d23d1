package dev.latchkey.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineTest {
  @TempDir Path folder;

  @Test
  void aFolderInMemoryIsKnown() {
    assertThat(Machine.isInMemory("tmpfs")).isTrue();
    assertThat(Machine.isInMemory("ext4")).isFalse();
  }

  @Test
  void saysWhatTheFiguresDependOn() throws Exception {
    Map<String, String> facts = Machine.facts(folder, Instant.EPOCH, "abc");

    assertThat(facts)
        .containsEntry("date", "1970-01-01T00:00:00Z")
        .containsEntry("commit", "abc")
        .containsKeys("processor", "memory", "system", "file system", "Java");
    assertThat(facts.get("SQLite")).matches("3\\.\\d+\\.\\d+ \\(sqlite-jdbc-.*\\.jar\\)");
    assertThat(facts.get("RocksDB")).matches("\\d+\\.\\d+\\.\\d+ \\(rocksdbjni-.*\\.jar\\)");
    assertThat(facts.get("LMDB")).matches("0\\.\\d+\\.\\d+ \\(lmdbjava-.*\\.jar\\)");
  }

  @Test
  void theRawSyncIsTimed() throws Exception {
    Latencies sync = DiskSync.measure(folder);

    assertThat(sync.count()).isPositive();
    assertThat(sync.longest()).isPositive();
    assertThat(folder).isEmptyDirectory();
  }
}
