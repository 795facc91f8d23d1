package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(
    value = Place.class,
    names = {"FILE", "MEMORY"})
class BackupTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
  private static final StoreSpec<String> OTHERS = StoreSpec.of("others", Codec.text());
  private static final StoreSpec<byte[]> LARGE =
      StoreSpec.of("large", Codec.bytes()).ofLargeValues();

  private final Place place;
  private final HandClock clock = new HandClock();
  @TempDir Path directory;
  @TempDir Path elsewhere;
  private Database database;
  private Store<String> words;

  BackupTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, options());
    words = database.store(WORDS);
    words.put("a", "1");
    words.put("b", "2", Expiry.after(Duration.ofHours(1)));
  }

  @AfterEach
  void close() {
    database.close();
  }

  /// Its process was killed between giving it the second name and taking away the first.
  @Test
  void copyThatStillHasTheNameOfAnUnfinishedOneIsOpened() throws Exception {
    Path copy = elsewhere.resolve("copy.db");
    database.backupTo(copy);
    Path unfinished = Files.createLink(elsewhere.resolve(".latchkey-backup-1"), copy);

    try (Database opened = Database.open(copy)) {
      assertThat(opened.store(WORDS).get("a")).contains("1");
    }

    assertThat(unfinished).doesNotExist();
  }

  @Test
  void copyHasEverythingThatWasCommitted() throws Exception {
    database.store(LARGE).put("a", new byte[100_000]);
    database.counters("hits", Expiry.never()).add("a", 7);
    database.update("CREATE TABLE note (text TEXT)");
    database.update("INSERT INTO note (text) VALUES ('kept')");
    List<Entry<String>> before = words.scan(KeyRange.all(), 10);

    database.backupTo(copy());
    words.put("a", "later");

    try (Database opened = Database.open(copy(), options())) {
      assertThat(opened.check()).isEmpty();
      assertThat(opened.storeNames()).isEqualTo(database.storeNames());
      assertThat(opened.store(WORDS).scan(KeyRange.all(), 10)).isEqualTo(before);
      assertThat(opened.store(LARGE).get("a").orElseThrow()).hasSize(100_000);
      assertThat(opened.counters("hits", Expiry.never()).get("a")).isEqualTo(7);
      assertThat(opened.query("SELECT text FROM note", Place::text)).containsExactly("kept");
    }
    assertThat(words.get("a")).contains("later");
  }

  @Test
  void copyGoesOnWithVersionsOfItsOwn() throws Exception {
    Entry<String> last = words.entry("b").orElseThrow();

    database.backupTo(copy());

    try (Database opened = Database.open(copy(), options())) {
      Store<String> copied = opened.store(WORDS);
      copied.put("a", "1");
      assertThat(copied.entry("a").orElseThrow().version()).isGreaterThan(last.version());
    }
  }

  @Test
  void copyIsOfOneMomentWhileWritersGoOn() throws Exception {
    Store<String> others = database.store(OTHERS);
    AtomicBoolean over = new AtomicBoolean();
    Callers callers = Callers.onPlatformThreads();
    for (int i = 0; i < 3; i++) {
      String key = "canary-" + i;
      callers.start(() -> {
        for (int n = 0; !over.get(); n++) {
          String value = String.valueOf(n);
          database.transact(() -> {
            words.put(key, value);
            others.put(key, value);
          });
        }
      });
    }
    Callers.awaitThat("all write", () -> others.count(KeyRange.all()) == 3);

    List<Path> copies = List.of(elsewhere.resolve("1"), elsewhere.resolve("2"));
    for (Path copy : copies) {
      database.backupTo(copy);
    }
    over.set(true);

    assertThat(callers.join()).isEmpty();
    for (Path copy : copies) {
      try (Database opened = Database.open(copy, options())) {
        Map<String, String> right = opened.store(OTHERS).asMap();
        assertThat(right).hasSize(3);
        assertThat(opened.store(WORDS).asMap()).containsAllEntriesOf(right);
      }
    }
  }

  @Test
  void existingFileIsRefusedAndStaysAsItIs() throws Exception {
    Files.writeString(copy(), "precious");

    assertThatThrownBy(() -> database.backupTo(copy()))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining(copy().toString());

    assertThat(copy()).hasContent("precious");
    assertThat(namesElsewhere()).containsExactly("copy.db");
  }

  @Test
  void emptyFileDirectoryAndLinkAreRefusedToo() throws Exception {
    Path empty = Files.createFile(elsewhere.resolve("empty"));
    Path folder = Files.createDirectory(elsewhere.resolve("folder"));
    Path dangling = Files.createSymbolicLink(elsewhere.resolve("dangling"), Path.of("nowhere"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("link"), Path.of("empty"));

    for (Path target : List.of(empty, folder, dangling, link)) {
      assertThatThrownBy(() -> database.backupTo(target))
          .isInstanceOf(FileAlreadyExistsException.class);
    }

    assertThat(empty).isEmptyFile();
    assertThat(folder).isEmptyDirectory();
    assertThat(namesElsewhere()).containsExactlyInAnyOrder("empty", "folder", "dangling", "link");
  }

  @Test
  void secondCopyDoesNotReplaceTheFirst() throws Exception {
    database.backupTo(copy());
    byte[] first = Files.readAllBytes(copy());
    words.put("a", "2");

    assertThatThrownBy(() -> database.backupTo(copy()))
        .isInstanceOf(FileAlreadyExistsException.class);

    assertThat(Files.readAllBytes(copy())).isEqualTo(first);
  }

  @Test
  void missingDirectoryIsAnIoExceptionAndNotCreated() {
    Path missing = elsewhere.resolve("missing").resolve("copy.db");

    assertThatThrownBy(() -> database.backupTo(missing)).isInstanceOf(IOException.class);

    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void copyThatFailsAtTheEndLeavesNothingBehind() {
    Path tooLong = elsewhere.resolve("n".repeat(300));

    assertThatThrownBy(() -> database.backupTo(tooLong)).isInstanceOf(IOException.class);

    assertThat(elsewhere).isEmptyDirectory();
    assertThat(words.get("a")).contains("1");
  }

  @Test
  void copyIsRefusedInsideATransactionSnapshotOrMapper() {
    database.transact(this::assertRefused);
    database.snapshot(() -> {
      assertRefused();
      return true;
    });
    database.query(
        "SELECT 1",
        row -> {
          assertRefused();
          return true;
        });

    assertThat(elsewhere).isEmptyDirectory();
  }

  private void assertRefused() {
    assertThatThrownBy(() -> database.backupTo(copy())).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> database.check()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void interruptedCallerGetsItsCopyAndKeepsTheFlag() throws Exception {
    Thread.currentThread().interrupt();

    database.backupTo(copy());

    assertThat(Thread.interrupted()).isTrue();
    try (Database opened = Database.open(copy(), options())) {
      assertThat(opened.store(WORDS).get("a")).contains("1");
    }
  }

  @Test
  void virtualThreadsMayCopyAndCheck() throws Exception {
    Callers callers = Callers.onVirtualThreads();
    for (int i = 0; i < 4; i++) {
      Path copy = elsewhere.resolve("copy-" + i);
      callers.start(() -> {
        database.backupTo(copy);
        assertThat(database.check()).isEmpty();
      });
    }

    assertThat(callers.join()).isEmpty();

    assertThat(namesElsewhere()).hasSize(4);
  }

  @Test
  void copyIsForNobodyWhoMayNotReadTheOriginal() throws Exception {
    if (place == Place.FILE) {
      Path original = directory.resolve("data.db");
      Files.setPosixFilePermissions(original, PosixFilePermissions.fromString("rw-------"));
    }

    database.backupTo(copy());

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy())))
        .isEqualTo("rw-------");
  }

  @Test
  void copyHasOneNameAndMayBeOpenedWhileTheOriginalIsOpen() throws Exception {
    database.backupTo(copy());

    assertThat(Files.getAttribute(copy(), "unix:nlink")).isEqualTo(1);
    assertThat(namesElsewhere()).containsExactly("copy.db");
    try (Database opened = Database.open(copy(), options())) {
      opened.store(WORDS).put("a", "of the copy");
      assertThat(words.get("a")).contains("1");
    }
  }

  @Test
  void soundDatabaseHasNothingToReport() {
    assertThat(database.check()).isEmpty();
  }

  private DatabaseOptions options() {
    return DatabaseOptions.defaults().withClock(clock);
  }

  private Path copy() {
    return elsewhere.resolve("copy.db");
  }

  private List<String> namesElsewhere() throws IOException {
    try (var files = Files.list(elsewhere)) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }
}
