package dev.latchkey.server.cli;

import static dev.latchkey.server.cli.KvBench.assertFails;
import static dev.latchkey.server.cli.KvBench.assertPrints;
import static dev.latchkey.server.cli.KvBench.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Database;
import dev.latchkey.server.Main;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How the commands treat the file itself.
@Timeout(120)
class KvFileTest {
  @TempDir Path folder;
  private KvBench kv = new KvBench(Path.of(""));

  @BeforeEach
  void fill() {
    kv = new KvBench(folder.resolve("app.db"));
    kv.with(database -> texts(database, "sessions").put("ann", "blue"));
  }

  /// Keeps a file open until its input ends.
  static final class Holder {
    public static void main(String[] arguments) throws IOException {
      try (Database database = Database.open(Path.of(arguments[0]))) {
        System.out.println("opened " + database.storeNames());
        System.in.read();
      }
    }
  }

  private static Process child(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command).start();
  }

  @Test
  void fileInUseIsRefusedWithTheOwnersPid() throws Exception {
    Process owner = child(Holder.class, kv.file.toString());
    try (var said = owner.inputReader(StandardCharsets.UTF_8)) {
      assertThat(said.readLine()).startsWith("opened");
      String pid = "pid " + owner.pid() + "\n";

      assertFails(kv.run("stores"), 3, "app.db is open in another process", pid);
      assertFails(kv.run("put", "sessions", "a", "b", "--create"), 3, pid);
      assertFails(kv.run("backup", folder.resolve("copy.db").toString()), 3, pid);
      assertFails(kv.run("check"), 3, pid);

      owner.getOutputStream().close();
      assertThat(owner.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      owner.destroyForcibly();
    }

    assertPrints(kv.run("get", "sessions", "ann"), "blue");
  }

  @Test
  void missingFileIsRefusedAndNotMade() throws IOException {
    KvBench none = new KvBench(folder.resolve("none.db"));
    KvBench link = new KvBench(folder.resolve("link.db"));
    Files.createSymbolicLink(link.file, none.file);

    assertFails(none.run("stores"), 3, "there is no file", "none.db", "put --create");
    assertFails(none.run("get", "sessions", "ann"), 3, "there is no file");
    assertFails(none.run("put", "sessions", "ann", "x"), 3, "there is no file");
    assertFails(link.run("stores"), 3, "there is no file", "link.db");
    assertThat(none.file).doesNotExist();

    assertPrints(link.run("put", "sessions", "ann", "x", "--create"), "");
    assertPrints(none.run("get", "sessions", "ann"), "x");
  }

  @Test
  void emptyFileIsNoDatabaseYet() throws IOException {
    KvBench empty = new KvBench(Files.createFile(folder.resolve("empty.db")));

    assertFails(empty.run("stores"), 3, "empty.db is empty");
    assertThat(empty.file).isEmptyFile();
    assertPrints(empty.run("put", "sessions", "ann", "x", "--create"), "");

    assertPrints(empty.run("get", "sessions", "ann"), "x");
  }

  @Test
  void whatIsNoDatabaseOfOursIsRefusedUntouched() throws IOException {
    Path diary = Files.writeString(folder.resolve("diary"), "Dear diary, ".repeat(1_000));
    byte[] before = Files.readAllBytes(diary);

    assertFails(new KvBench(diary).run("stores"), 3, "diary is not a SQLite database");
    assertFails(new KvBench(diary).run("put", "s", "a", "b", "--create"), 3, "not a SQLite");
    assertFails(new KvBench(folder).run("stores"), 3, "not a regular file");

    assertThat(Files.readAllBytes(diary)).isEqualTo(before);
  }

  @Test
  void newerFileIsRefused() throws IOException {
    // SQLite keeps the user_version there (https://www.sqlite.org/fileformat2.html).
    overwrite(60, new byte[] {0, 0, 0, 99});

    assertFails(kv.run("get", "sessions", "ann"), 3, "schema 99 of a newer release");
  }

  @Test
  void fileIsFoundByOtherNames() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("other name.db"), kv.file);
    Path relative = Path.of("").toAbsolutePath().relativize(kv.file);

    assertPrints(new KvBench(link).run("get", "sessions", "ann"), "blue");
    assertPrints(new KvBench(relative).run("get", "sessions", "ann"), "blue");
  }

  @Test
  void damageIsFoundByCheckAndStopsReadersWithoutHalfAnAnswer() throws IOException {
    damage();

    CommandRun check = kv.run("check");
    CommandRun json = kv.run("check", "--json");

    assertThat(check.err()).isEmpty();
    assertThat(check.out()).containsPattern("page [0-9]+").doesNotContain("ok\n");
    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(json.json().at("/ok").booleanValue()).isFalse();
    assertThat(json.json().at("/problems")).isNotEmpty();
    assertThat(json.exitCode()).isEqualTo(1);
    assertFails(kv.run("scan", "sessions"), 3, "app.db failed", "malformed");
    assertFails(kv.run("scan", "sessions", "--json"), 3, "app.db failed", "malformed");
  }

  @Test
  void fileDamagedBeyondOpeningIsRefused() throws IOException {
    damage();
    overwrite(100, bytes(3_900));

    assertFails(kv.run("check"), 3, "app.db is damaged");
    assertFails(kv.run("get", "sessions", "ann"), 3, "app.db is damaged");
  }

  /// Makes the store some pages long and spoils one in the middle.
  private void damage() throws IOException {
    kv.with(database -> {
      for (int i = 0; i < 300; i++) {
        texts(database, "sessions").put("key " + i, "x".repeat(200));
      }
    });
    overwrite(Files.size(kv.file) / 2 / 4096 * 4096, bytes(4096));
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) 0x55);
    return bytes;
  }

  private void overwrite(long position, byte[] bytes) throws IOException {
    try (var access = new RandomAccessFile(kv.file.toFile(), "rw")) {
      access.seek(position);
      access.write(bytes);
    }
  }

  @Test
  void wholeProgramSaysOneLineAndLogsNothing() throws Exception {
    damage();

    Process process = child(Main.class, "kv", kv.file.toString(), "count", "sessions");
    byte[] out = process.getInputStream().readAllBytes();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(out).isEmpty();
    assertThat(err).startsWith("latchkey kv: ");
    assertThat(err.lines()).hasSize(1);
    assertThat(process.waitFor()).isEqualTo(3);
  }

  @Test
  void backupWritesACopyAndReplacesNothing() {
    KvBench copy = new KvBench(folder.resolve("copy.db"));

    CommandRun run = kv.run("backup", copy.file.toString());

    assertThat(run.out()).matches("copied [0-9,]+ bytes to .*copy.db\n");
    assertPrints(copy.run("get", "sessions", "ann"), "blue");
    assertFails(kv.run("backup", copy.file.toString()), 2, "there is a file", "left as it is");
    assertFails(
        kv.run("backup", folder.resolve("none/copy.db").toString()), 3, "there is no directory");
    CommandRun json = kv.run("backup", folder.resolve("second.db").toString(), "--json");
    assertThat(json.json().at("/file").stringValue()).endsWith("second.db");
    assertThat(json.json().at("/sizeBytes").longValue()).isGreaterThan(4096);
  }

  @Test
  void checkSaysOk() {
    assertPrints(kv.run("check"), "ok\n");
    assertPrints(kv.run("check", "--json"), "{\"ok\":true,\"problems\":[]}\n");
  }
}
