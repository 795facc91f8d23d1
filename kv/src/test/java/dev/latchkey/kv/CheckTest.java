package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {

  private static final StoreSpec<byte[]> BLOBS = StoreSpec.of("blobs", Codec.bytes());
  private static final int PAGE = 4096;

  @TempDir Path directory;

  @Test
  void soundFileHasNoProblems() {
    try (Database database = Database.open(file())) {
      fill(database);

      assertThat(database.check()).isEmpty();
    }
  }

  /// SQLite tells of a page it can't read, and then fails.
  @Test
  void damageIsReturnedALineEachAndDoesNotStopTheEngine() throws IOException {
    try (Database database = Database.open(file())) {
      fill(database);
    }
    spoil(Files.size(file()) / 2 / PAGE * PAGE);

    try (Database database = Database.open(file())) {
      List<String> problems = database.check();

      assertThat(problems).isNotEmpty().allSatisfy(line -> assertThat(line).doesNotContain("\n"));
      assertThat(problems).anySatisfy(line -> assertThat(line).containsPattern("page [0-9]+"));
      assertThat(database.check()).isEqualTo(problems);
      assertThat(database.storeNames()).containsExactly("blobs");
    }
  }

  private static void fill(Database database) {
    Store<byte[]> blobs = database.store(BLOBS);
    database.transact(() -> {
      for (int i = 0; i < 300; i++) {
        blobs.put("key " + i, new byte[200]);
      }
    });
  }

  private void spoil(long position) throws IOException {
    byte[] page = new byte[PAGE];
    Arrays.fill(page, (byte) 0x55);
    try (RandomAccessFile access = new RandomAccessFile(file().toFile(), "rw")) {
      access.seek(position);
      access.write(page);
    }
  }

  private Path file() {
    return directory.resolve("data.db");
  }
}
