package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailStopTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());

  @TempDir Path directory;

  @Test
  void removedFileStopsTheDatabaseBeforeAnyoneIsTold() throws Exception {
    Database first = Database.open(file());
    Database second = Database.open(file());
    Store<String> words = first.store(WORDS);
    words.put("a", "1");

    Files.delete(file());

    assertThatThrownBy(() -> words.put("b", "2")).isInstanceOf(KvException.OutcomeUnknown.class);
    assertStopped(first, words);
    assertThatThrownBy(() -> second.store(WORDS)).isInstanceOf(KvException.Stopped.class);
    first.close();
    assertThatThrownBy(() -> Database.open(file()).close())
        .isInstanceOf(KvException.Stopped.class)
        .hasMessageContaining("removed");
    second.close();
    try (Database again = Database.open(file())) {
      assertThat(again.store(WORDS).get("a")).isEmpty();
    }
  }

  @Test
  void replacedFileStopsTheDatabaseAndTheNewOneIsNotHarmed() throws Exception {
    Path other = directory.resolve("other.db");
    try (Database database = Database.open(other)) {
      database.store(WORDS).put("a", "other");
    }
    Database database = Database.open(file());
    Store<String> words = database.store(WORDS);
    words.put("a", "1");

    Files.delete(file());
    Files.move(other, file());

    assertThatThrownBy(() -> database.transact(() -> words.put("b", "2")))
        .isInstanceOf(KvException.OutcomeUnknown.class);
    assertStopped(database, words);
    assertThatThrownBy(() -> Database.open(file())).isInstanceOf(KvException.Stopped.class);
    database.close();
    try (Database again = Database.open(file())) {
      assertThat(again.store(WORDS).get("a")).contains("other");
      assertThat(again.store(WORDS).get("b")).isEmpty();
    }
  }

  @Test
  void openingTheReplacementFindsOutToo() throws Exception {
    Path other = directory.resolve("other.db");
    Database.open(other).close();
    Database database = Database.open(file());
    Store<String> words = database.store(WORDS);

    Files.delete(file());
    Files.move(other, file());

    assertThatThrownBy(() -> Database.open(file()))
        .isInstanceOf(KvException.Stopped.class)
        .hasMessageContaining("replaced");
    assertStopped(database, words);
    database.close();
    Database.open(file()).close();
  }

  @Test
  void removedLogStopsTheDatabase() throws Exception {
    Database database = Database.open(file());
    Store<String> words = database.store(WORDS);
    words.put("a", "1");

    Files.delete(directory.resolve("data.db-wal"));

    assertThatThrownBy(() -> words.put("b", "2")).isInstanceOf(KvException.OutcomeUnknown.class);
    assertStopped(database, words);
    database.close();
  }

  @Test
  void stopKeepsTheLogForTheNextOpen() {
    Database database = Database.open(file());
    Store<String> words = database.store(WORDS);
    words.put("a", "1");
    Path log = directory.resolve("data.db-wal");

    ((SqlDatabase) database).engine().stop("a disk failed", null);
    assertStopped(database, words);
    long length = log.toFile().length();
    database.close();

    // Nothing was copied from it: after a failed write nothing more may be written.
    assertThat(log.toFile().length()).isEqualTo(length).isPositive();
    try (Database again = Database.open(file())) {
      assertThat(again.store(WORDS).get("a")).contains("1");
    }
  }

  @Test
  void groupThatWasOpenAtTheStopIsNotToldASuccess() {
    Database database = Database.open(file());
    Store<String> words = database.store(WORDS);

    assertThatThrownBy(() ->
            database.transact(() -> {
              words.put("a", "1");
              ((SqlDatabase) database).engine().stop("a disk failed", null);
            }))
        .isInstanceOf(KvException.class);

    database.close();
    try (Database again = Database.open(file())) {
      assertThat(again.store(WORDS).contains("a")).isFalse();
    }
  }

  @Test
  void writeThatFailsStopsTheDatabaseAndLosesNothingAcknowledged() throws Exception {
    List<String> said = new ArrayList<>();

    // Its files may grow to 2 MiB; the shell counts in units of 512 bytes.
    try (Child child =
        Child.start(
            List.of("/bin/sh", "-c", "ulimit -f 4096 && exec \"$0\" \"$@\""),
            Child.WriterUntilItFails.class,
            file().toString())) {
      for (String line = child.readLine(); line != null; line = child.readLine()) {
        said.add(line);
      }
    }

    List<String> kept = said.stream().filter(line -> line.startsWith("ack ")).toList();
    assertThat(kept).hasSizeGreaterThan(10);
    // Either a commit finds the disk full, or the log, as it is grown after one.
    assertThat(said.get(kept.size())).isIn("failed OutcomeUnknown", "failed Stopped");
    assertThat(said.subList(kept.size() + 1, said.size()))
        .containsExactly("then Stopped", "then Stopped", "then Stopped", "closed");
    try (Database database = Database.open(file())) {
      Store<byte[]> store = database.store(StoreSpec.of("bytes", Codec.bytes()).ofLargeValues());
      assertThat(kept).allMatch(line -> store.contains(line.substring("ack ".length())));
      store.put("later", new byte[1]);
    }
  }

  private static void assertStopped(Database database, Store<String> words) {
    assertThatThrownBy(() -> words.get("a")).isInstanceOf(KvException.Stopped.class);
    assertThatThrownBy(() -> words.put("a", "3")).isInstanceOf(KvException.Stopped.class);
    assertThatThrownBy(() -> database.transact(() -> 1)).isInstanceOf(KvException.Stopped.class);
    assertThatThrownBy(() -> database.update("CREATE TABLE t (a)"))
        .isInstanceOf(KvException.Stopped.class);
    assertThatThrownBy(() -> database.query("SELECT 1", row -> row.number(1)))
        .isInstanceOf(KvException.Stopped.class);
  }

  private Path file() {
    return directory.resolve("data.db");
  }
}
