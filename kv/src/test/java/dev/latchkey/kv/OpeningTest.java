package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpeningTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());

  @TempDir Path directory;

  @Test
  void emptyFileIsAdopted() throws Exception {
    Files.createFile(file());

    try (Database database = Database.open(file())) {
      database.store(WORDS).put("a", "1");
    }

    try (Database database = Database.open(file())) {
      assertThat(database.store(WORDS).get("a")).contains("1");
    }
  }

  @Test
  void fileWhoseMakingWasBrokenOffIsAdopted() throws Exception {
    Path half = directory.resolve("half.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + half);
        Statement statement = connection.createStatement()) {
      // With a small cache, pages are written before the commit.
      for (String sql :
          List.of(
              "PRAGMA cache_size = 1",
              "BEGIN",
              "CREATE TABLE filler (a)",
              "INSERT INTO filler VALUES (zeroblob(1000000))")) {
        statement.execute(sql);
      }
      Files.copy(half, file());
      Files.copy(directory.resolve("half.db-journal"), directory.resolve("data.db-journal"));
    }
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      // Of the first page, a disk had not written the first sector.
      channel.write(ByteBuffer.allocate(512), 0);
    }

    try (Database database = Database.open(file())) {
      database.store(WORDS).put("a", "1");

      assertThat(database.storeNames()).containsExactly("words");
    }
  }

  @Test
  void foreignDatabaseIsRefusedUntouched() throws Exception {
    run("CREATE TABLE theirs (a)", "INSERT INTO theirs VALUES (1)");
    byte[] before = Files.readAllBytes(file());

    assertThatThrownBy(() -> Database.open(file()))
        .isInstanceOf(KvException.Unusable.class)
        .hasMessageContaining("another program");

    assertThat(Files.readAllBytes(file())).isEqualTo(before);
    assertThat(filesIn(directory)).containsExactly("data.db");
  }

  @Test
  void fileThatIsNoDatabaseIsRefusedUntouched() throws Exception {
    Files.writeString(file(), "Dear diary, ".repeat(1_000));
    byte[] before = Files.readAllBytes(file());

    assertThatThrownBy(() -> Database.open(file()))
        .isInstanceOf(KvException.Unusable.class)
        .hasMessageContaining("not a SQLite database");

    assertThat(Files.readAllBytes(file())).isEqualTo(before);
    assertThat(filesIn(directory)).containsExactly("data.db");
  }

  @Test
  void backupBesideTheLogOfItsOriginalIsRefused() throws Exception {
    Path copy = directory.resolve("copy.db");
    try (Database database = Database.open(file())) {
      Store<String> words = database.store(StoreSpec.of("words", Codec.text()));
      words.put("a", "1");
      database.backupTo(copy);
      words.put("a", "2");
      Files.copy(directory.resolve("data.db-wal"), directory.resolve("copy.db-wal"));
    }

    assertThatThrownBy(() -> Database.open(copy))
        .isInstanceOf(KvException.Unusable.class)
        .hasMessageContaining("another database's");
  }

  @Test
  void newerSchemaIsRefused() throws Exception {
    Database.open(file()).close();
    run("PRAGMA user_version = 99");

    assertThatThrownBy(() -> Database.open(file()))
        .isInstanceOf(KvException.Unusable.class)
        .hasMessageContaining("99");
  }

  @Test
  void openingThatFailsHalfwayLeavesNoConnection() throws Exception {
    DatabaseFile file = DatabaseFile.at(DatabaseFile.resolve(file()));
    FailingConnection connection = FailingConnection.open(file);
    connection.before(
        "PRAGMA page_size",
        () -> {
          throw new OutOfMemoryError("on purpose");
        });

    try (Ownership ownership = Ownership.claim(file)) {
      Session session = Session.over(connection);
      assertThatThrownBy(() -> Engine.ofFile(session, file, ownership, DatabaseOptions.defaults()))
          .hasMessage("on purpose");
    }

    // SQLite removes the log with the last connection.
    Database.open(file()).close();
    assertThat(filesIn(directory)).containsExactlyInAnyOrder("data.db", "data.db.lock");
  }

  @Test
  void oldSqliteIsRefused() {
    assertThatThrownBy(() -> Schema.requireSqlite("3.51.2"))
        .isInstanceOf(KvException.Unusable.class);
    assertThatThrownBy(() -> Schema.requireSqlite("3.9.0"))
        .isInstanceOf(KvException.Unusable.class);
    Schema.requireSqlite("3.51.3");
    Schema.requireSqlite("3.52.0");
    Schema.requireSqlite("4.0");
  }

  @Test
  void hardLinkedFileIsRefusedByEitherName() throws Exception {
    Database.open(file()).close();
    Path other = Files.createLink(directory.resolve("other.db"), file());

    assertThatThrownBy(() -> Database.open(file()))
        .isInstanceOf(KvException.Unusable.class)
        .hasMessageContaining("hard link");
    assertThatThrownBy(() -> Database.open(other)).isInstanceOf(KvException.Unusable.class);

    Files.delete(other);
    Database.open(file()).close();
  }

  @Test
  void hardLinkMadeWhileOpenIsRefusedAtTheNextOpen() throws Exception {
    try (Database database = Database.open(file())) {
      Path other = Files.createLink(directory.resolve("other.db"), file());

      assertThatThrownBy(() -> Database.open(other)).isInstanceOf(KvException.Unusable.class);
      assertThatThrownBy(() -> Database.open(file())).isInstanceOf(KvException.Unusable.class);

      database.store(WORDS).put("a", "1");
    }
  }

  @Test
  void missingDirectoryIsUnavailableAndNotCreated() {
    Path missing = directory.resolve("missing").resolve("data.db");

    assertThatThrownBy(() -> Database.open(missing))
        .isInstanceOf(KvException.Unavailable.class)
        .hasMessageContaining("directory")
        .hasMessageContaining(missing.toString());

    assertThat(missing.getParent()).doesNotExist();
  }

  @Test
  void fileInPlaceOfTheDirectoryIsUnavailable() throws Exception {
    Files.writeString(file(), "not a directory");

    assertThatThrownBy(() -> Database.open(file().resolve("data.db")))
        .isInstanceOf(KvException.Unavailable.class);
  }

  @Test
  void directoryIsUnusable() {
    assertThatThrownBy(() -> Database.open(directory)).isInstanceOf(KvException.Unusable.class);
  }

  @Test
  void circleOfLinksIsUnavailable() throws Exception {
    Files.createSymbolicLink(directory.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(directory.resolve("b"), Path.of("a"));

    assertThatThrownBy(() -> Database.open(directory.resolve("a")))
        .isInstanceOf(KvException.Unavailable.class);
  }

  @Test
  void nameMayContainAnyCharacter() {
    Path odd = directory.resolve("a b?c#d%20&mode=ro;é.db");
    try (Database database = Database.open(odd)) {
      database.store(WORDS).put("a", "1");
    }

    assertThat(odd).exists();
    try (Database database = Database.open(odd)) {
      assertThat(database.store(WORDS).get("a")).contains("1");
    }
  }

  @Test
  void secondProcessIsRefusedAtOnceWithTheOwnersPid() throws Exception {
    try (Child child = Child.start(Child.Holder.class, file().toString())) {
      assertThat(child.readLine()).isEqualTo("opened");

      assertThatThrownBy(() -> Database.open(file()))
          .isInstanceOf(KvException.Unavailable.class)
          .hasMessageContaining("pid " + child.pid());

      child.endInput();
      assertThat(child.readLine()).isEqualTo("closed");
    }
    try (Database database = Database.open(file())) {
      assertThat(database.store(WORDS).get("from")).contains("child");
    }
  }

  @Test
  void secondCopyOfTheLibraryIsRefused() throws Exception {
    try (Database database = Database.open(file());
        URLClassLoader loader = new URLClassLoader(Child.classPathUrls(), new WithoutUs())) {
      Class<?> copy = loader.loadClass(Database.class.getName());
      assertThat(copy).isNotEqualTo(Database.class);

      assertThatThrownBy(() -> copy.getMethod("open", Path.class).invoke(null, file()))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .satisfies(e -> assertThat(e.getClass().getName()).endsWith("KvException$Unavailable"))
          .hasMessageContaining("another copy");

      database.store(WORDS).put("a", "1");
    }
  }

  /// A class loader that knows the platform only.
  private static final class WithoutUs extends ClassLoader {
    WithoutUs() {
      super(null);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("dev.latchkey.") || name.startsWith("org.sqlite.")) {
        throw new ClassNotFoundException(name);
      }
      return getPlatformClassLoader().loadClass(name);
    }
  }

  private Path file() {
    return directory.resolve("data.db");
  }

  /// Runs statements on the file as another program would.
  private void run(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> filesIn(Path directory) throws Exception {
    try (var files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }
}
