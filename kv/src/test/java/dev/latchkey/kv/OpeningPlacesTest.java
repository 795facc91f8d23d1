package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names and places at which no database can be: nothing is created on the way to the refusal.
class OpeningPlacesTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {".lock", ".pid", "-wal", "-journal"})
  void directoryInPlaceOfANeighbourIsUnavailable(String suffix) throws Exception {
    Path neighbour = Files.createDirectory(directory.resolve("data.db" + suffix));

    assertUnavailableUntouched(directory.resolve("data.db"), neighbour.toString());

    Files.delete(neighbour);
    Database.open(directory.resolve("data.db")).close();
    Files.deleteIfExists(neighbour);
    Files.createDirectory(neighbour);
    assertUnavailableUntouched(directory.resolve("data.db"), neighbour.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {248, 250, 251, 255, 256, 300, 5_000})
  void nameTooLongForItsNeighboursIsUnavailable(int length) throws Exception {
    assertUnavailableUntouched(directory.resolve("n".repeat(length)), "nnn");
  }

  @Test
  void longestNameIsOpened() {
    Path file = directory.resolve("n".repeat(247));

    try (Database database = Database.open(file)) {
      database.store(WORDS).put("a", "1");
    }

    try (Database database = Database.open(file)) {
      assertThat(database.store(WORDS).get("a")).contains("1");
    }
  }

  @Test
  void pathLongerThanSqliteTakesIsUnavailable() throws Exception {
    Path deep = directory;
    while (deep.toString().length() < 400) {
      deep = deep.resolve("d".repeat(50));
    }
    Files.createDirectories(deep);
    int left = 504 - deep.toString().length() - 1;

    assertUnavailableUntouched(deep.resolve("n".repeat(left + 1)), "limit 504");

    try (Database database = Database.open(deep.resolve("n".repeat(left)))) {
      database.store(WORDS).put("a", "1");
    }
  }

  @Test
  void missingParentIsUnavailable() throws Exception {
    assertUnavailableUntouched(directory.resolve("missing").resolve("data.db"), "missing");
    assertUnavailableUntouched(directory.resolve("missing/../data.db"), "missing");
  }

  @Test
  void parentThatIsAFileIsUnavailable() throws Exception {
    Path parent = Files.writeString(directory.resolve("file"), "not a directory");

    assertUnavailableUntouched(parent.resolve("data.db"), parent.toString());
  }

  @Test
  void linkWhoseTargetHasNoDirectoryIsUnavailable() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link.db"), Path.of("missing/data.db"));

    assertUnavailableUntouched(link, "does not exist");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "/"})
  void directoryIsUnusable(String name) {
    assertThatThrownBy(() -> Database.open(directory.resolve(name)))
        .isInstanceOf(KvException.Unusable.class)
        .hasMessageContaining("not a regular file");
    assertThatThrownBy(() -> Database.open(Path.of(name))).isInstanceOf(KvException.Unusable.class);
  }

  @Test
  void deviceIsUnusable() {
    assertThatThrownBy(() -> Database.open(Path.of("/dev/null")))
        .isInstanceOf(KvException.Unusable.class);
  }

  @Test
  void fileSystemThatTakesNoFilesIsUnavailable() {
    for (String place : List.of("/proc/data.db", "/proc/sys/data.db", "/sys/data.db")) {
      assertThatThrownBy(() -> Database.open(Path.of(place)))
          .isInstanceOf(KvException.Unavailable.class)
          .hasMessageContaining(place);
    }
  }

  @Test
  void pathCanHaveNoNul() {
    assertThatThrownBy(() -> Database.open(Path.of("data\0.db")))
        .isInstanceOf(InvalidPathException.class);
  }

  @Test
  void withoutPermissionItIsUnavailableAndUntouched() throws Exception {
    Path library = Files.createDirectory(directory.resolve("library"));
    Path readOnly = Files.createDirectory(directory.resolve("read-only"));
    Path writable = Files.createDirectory(directory.resolve("writable"));
    for (Path parent : List.of(readOnly, writable)) {
      Database.open(parent.resolve("data.db")).close();
    }
    permit(directory, "rwxr-xr-x");
    permit(writable, "rwxrwxrwx");
    permit(writable.resolve("data.db"), "r--r--r--");
    permit(readOnly.resolve("data.db"), "rw-rw-rw-");
    permit(readOnly.resolve("data.db.lock"), "rw-rw-rw-");
    permit(readOnly, "r-xr-xr-x");
    Listing before = Listing.of(directory);
    List<String> said = new ArrayList<>();

    try (Child child = openAsNobody(library, readOnly, writable)) {
      for (String line = child.readLine(); line != null; line = child.readLine()) {
        said.add(line);
      }
    } finally {
      permit(readOnly, "rwxr-xr-x");
    }

    assertThat(said).hasSize(3).allMatch(line -> line.startsWith("Unavailable"));
    assertThat(said.getFirst()).contains("no permission").contains("read-only");
    assertThat(Listing.of(readOnly)).isEqualTo(within(before, readOnly));
    assertThat(Listing.of(writable)).isEqualTo(within(before, writable));
  }

  private static Listing within(Listing all, Path parent) {
    return new Listing(all.lines().stream().filter(line -> line.startsWith(parent + "/")).toList());
  }

  /// The root user may do anything, so in that case another is taken, who can read our classes only
  /// in a copy.
  private static Child openAsNobody(Path library, Path readOnly, Path writable) throws IOException {
    List<String> files =
        List.of(
            readOnly.resolve("data.db").toString(),
            readOnly.resolve("new.db").toString(),
            writable.resolve("data.db").toString());
    boolean root = Files.isWritable(readOnly);
    List<String> prefix =
        root ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") : List.of();
    return Child.startFrom(library, prefix, Opener.class, files.toArray(String[]::new));
  }

  /// Says of each file how opening it ends.
  static final class Opener {
    public static void main(String[] files) {
      for (String file : files) {
        try (Database database = Database.open(Path.of(file))) {
          System.out.println("opened " + database.storeNames());
        } catch (KvException e) {
          System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
        }
      }
    }
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private void assertUnavailableUntouched(Path file, String message) throws IOException {
    Listing before = Listing.of(directory);

    Throwable thrown = catchThrowable(() -> Database.open(file));

    assertThat(thrown).isInstanceOf(KvException.Unavailable.class).hasMessageContaining(message);
    assertThat(Listing.of(directory)).isEqualTo(before);
  }
}
