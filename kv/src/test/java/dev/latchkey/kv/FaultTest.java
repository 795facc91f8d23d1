package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Shim.Kind;
import dev.latchkey.kv.TamperedConnection.Tampering;
import dev.latchkey.testkit.Scale;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteJDBCLoader;

@Tag("gcc")
class FaultTest {

  private static final long SEED = 20_300_101;

  private static final Set<String> CHANGING =
      Set.of(
          ("open open64 openat openat64 creat creat64 fopen fopen64 freopen freopen64 mkstemp"
                  + " write writev pwrite pwrite64 pwritev pwritev64 fwrite sendfile sendfile64"
                  + " copy_file_range splice fsync fdatasync sync sync_file_range msync"
                  + " truncate truncate64 ftruncate ftruncate64 fallocate fallocate64"
                  + " posix_fallocate posix_fallocate64 unlink unlinkat remove rename renameat"
                  + " renameat2 link linkat symlink symlinkat mkdir rmdir mmap mmap64")
              .split(" ", -1));

  private static Path library;

  @TempDir Path directory;
  private Path folder;

  @BeforeAll
  static void compile(@TempDir Path directory) throws Exception {
    library = Shim.compile(directory);
  }

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Folders.makeFast(directory);
  }

  @AfterEach
  void removeFolder() throws IOException {
    Folders.remove(folder);
  }

  @Test
  void whicheverCallFailsNothingAcknowledgedIsLost() throws Exception {
    List<String> said = runAll(Tampering.NOTHING, Scale.pick(14, 1, 1), Kind.values());

    assertThat(said).filteredOn(line -> line.startsWith("violation ")).isEmpty();
    assertThat(said).endsWith("done");
    for (Kind kind : Kind.values()) {
      assertThat(said).anyMatch(line -> line.matches("faults " + kind + " [1-9][0-9]*"));
    }
    said.stream().filter(line -> line.startsWith("faults ")).forEach(System.out::println);
  }

  @Test
  void failedCommitThatIsTakenForOneIsFoundOut() throws Exception {
    List<String> said = runAll(Tampering.SWALLOWED_COMMIT, 40, Kind.WRITE, Kind.SYNC);

    assertThat(said)
        .anyMatch(line -> line.matches("violation query was possible after the fault .*SYNC.*"))
        .anyMatch(line -> line.matches("violation found the state of step .*WRITE.*"));
  }

  @Test
  void writerThatDoesNotSyncIsFoundOut() throws Exception {
    List<String> said = runAll(Tampering.NO_SYNC, 1);

    assertThat(said).anyMatch(line -> line.matches("violation .* acknowledged without a sync .*"));
  }

  @Test
  void eachOfManyCallersIsToldWhatIsTrueOfItsStep() throws Exception {
    int rounds = Scale.pick(30, 400, 20_000);

    List<String> said =
        run(GroupFaults.ManyCallers.class, String.valueOf(rounds), String.valueOf(SEED));

    assertThat(said)
        .as("seed %d", SEED)
        .noneMatch(line -> line.startsWith("violation "))
        .contains("told OutcomeUnknown", "told Stopped")
        .endsWith("done");
  }

  @Test
  void nobodyIsToldASuccessByAGroupWhoseBodyFillsTheDisk() throws Exception {
    List<String> said =
        run(GroupFaults.FullDiskInABody.class, String.valueOf(Scale.pick(5, 50, 1_000)));

    assertThat(said)
        .noneMatch(line -> line.startsWith("violation "))
        .noneMatch(line -> line.startsWith("told nothing to filler"))
        .contains(
            "told Unavailable to holder", "told Unavailable to other", "told Stopped to later")
        .endsWith("done");
  }

  @Test
  void copyThatFailsLeavesNothingBehindAndHarmsNobody() throws Exception {
    List<String> said = run(FolderFaults.FailingBackup.class);

    assertThat(said)
        .noneMatch(line -> line.startsWith("violation "))
        .contains("told IOException of WRITE", "told IOException of SYNC_FOLDER")
        .endsWith("done");
  }

  @Test
  void readOnlyFolderIsRefusedAndLeftAsItIs() throws Exception {
    List<String> said = run(FolderFaults.ReadOnlyFolder.class);

    assertThat(said)
        .containsExactly("told Unavailable of old.db", "told Unavailable of new.db", "done");
  }

  /// What is left over: locks by directories, and mapped memory for the log's index or the file,
  /// none of which we have SQLite use.
  @Test
  void shimSeesEveryCallByWhichTheDriverChangesFiles() throws Exception {
    Set<String> imported = symbols(driver(), "--undefined-only");
    Set<String> seen = symbols(library, "--defined-only");

    imported.retainAll(CHANGING);
    imported.removeAll(seen);

    assertThat(imported).containsExactlyInAnyOrder("mkdir", "rmdir", "mmap64");
  }

  private Path driver() throws IOException {
    String processor = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
    String name = "/org/sqlite/native/Linux/" + processor + "/libsqlitejdbc.so";
    Path file = directory.resolve("driver.so");
    try (InputStream in = requireNonNull(SQLiteJDBCLoader.class.getResourceAsStream(name), name)) {
      Files.copy(in, file);
    }
    return file;
  }

  private static Set<String> symbols(Path file, String which) throws Exception {
    Process nm = new ProcessBuilder("nm", "-D", which, file.toString()).start();
    try (BufferedReader lines = nm.inputReader()) {
      return lines
          .lines()
          .map(line -> line.substring(line.lastIndexOf(' ') + 1).split("@", 2)[0])
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private List<String> runAll(Tampering tampering, int callsForEachFault, Kind... failing)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(tampering.toString());
    arguments.add(String.valueOf(callsForEachFault));
    for (Kind kind : failing) {
      arguments.add(kind.toString());
    }
    return run(FaultChild.class, arguments.toArray(String[]::new));
  }

  private List<String> run(Class<?> main, String... arguments) throws IOException {
    String[] all = new String[arguments.length + 1];
    all[0] = folder.toString();
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    List<String> said = new ArrayList<>();
    try (Child child = Shim.start(library, main, all)) {
      for (String line = child.readLine(); line != null; line = child.readLine()) {
        said.add(line);
      }
    }
    return said;
  }
}
