package dev.latchkey.server.cli;

import static dev.latchkey.server.cli.KvBench.assertFails;
import static dev.latchkey.server.cli.KvBench.assertPrints;
import static dev.latchkey.server.cli.KvBench.texts;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What the commands refuse: wrong words, keys and values, and output that can't be written.
class KvRefusalTest {
  private static final int LIMIT = 1 << 20;
  private static final String SECRET = "sesame";

  @TempDir Path folder;
  private KvBench kv = new KvBench(Path.of(""));

  @BeforeEach
  void fill() {
    kv = new KvBench(folder.resolve("app.db"));
    kv.with(database -> texts(database, "sessions").put("ann", "blue"));
  }

  @Test
  void absentStoreIsAnErrorAndIsNotMade() {
    for (String[] words :
        new String[][] {
          {"get", "none", "a"},
          {"delete", "none", "a"},
          {"scan", "none"},
          {"count", "none"},
          {"put", "none", "a", "b"},
          {"scan", "no such name"},
        }) {
      assertFails(kv.run(words), 2, "there is no store \"no", "app.db");
    }

    assertPrints(kv.run("stores"), "sessions  entries   1\n");
  }

  @Test
  void wrongWordsAreRefused() {
    assertFails(kv.run(), 2, "Missing required subcommand", "--help");
    assertFails(kv.run("frob"), 2, "no command \"frob\"", "--help");
    assertFails(kv.run("get", "sessions"), 2, "KEY", "--help");
    assertFails(kv.run("get", "sessions", "ann", "x"), 2, "more words than it takes");
    assertFails(kv.run("get", "sessions", "ann", "--hx"), 2, "no such option");
    assertFails(kv.run("scan", "sessions", "--limit", "0"), 2, "--limit", "1 or more");
    assertFails(kv.run("scan", "sessions", "--limit", "many"), 2, "--limit", "1 or more");
    assertFails(kv.run("sweep", "--limit", "-1"), 2, "--limit", "1 or more");
    assertFails(kv.run("put", "sessions", "a", "b", "--expire", "soon"), 2, "as in 10s");
    assertFails(kv.run("put", "sessions", "a", "b", "--expire", "0s"), 2, "as in 10s");
    assertFails(kv.run("put", "sessions", "a", "b", "--large"), 2, "--create");
  }

  @Test
  void fileMustBeNamed() {
    CommandRun run =
        CommandRun.of(
            terminal -> new KvCommand(terminal, kv.clock),
            new CommandRun.Stage(InputStream.nullInputStream(), Map.of(), false),
            "stores");

    assertFails(run, 2, "say which file");
  }

  @Test
  void everyCommandHasHelp() {
    for (String command :
        new String[] {
          "stores", "get", "put", "delete", "scan", "count", "sweep", "stats", "backup", "check"
        }) {
      CommandRun run = kv.run(command, "--help");

      assertThat(run.exitCode()).isZero();
      assertThat(run.out())
          .contains("latchkey kv FILE " + command, "Exit codes", "JSON: ")
          .doesNotContain("by hand");
    }
    assertThat(kv.run("--help").out()).contains("latchkey kv FILE COMMAND", "Exit codes", "sweep");
  }

  @Test
  void impossibleKeysAreRefused() {
    assertFails(kv.run("get", "sessions", ""), 2, "the key is empty");
    assertFails(kv.run("put", "sessions", "", "x"), 2, "the key is empty");
    assertFails(kv.run("put", "sessions", "k".repeat(513), "x"), 2, "513 bytes, limit 1 to 512");
    assertFails(kv.run("scan", "sessions", "--after", "k".repeat(513)), 2, "513 bytes");
    assertFails(kv.run("count", "sessions", "--prefix", "k".repeat(513)), 2, "513 bytes");
    assertFails(kv.run("delete", "sessions", "k".repeat(513)), 2, "513 bytes");
  }

  @Test
  void impossibleStoreNameMakesNoFile() {
    KvBench fresh = new KvBench(folder.resolve("fresh.db"));

    assertFails(fresh.run("put", "No Store", "a", "b", "--create"), 2, "store name must be");
    assertFails(fresh.run("put", "notes", "", "b", "--create"), 2, "the key is empty");
    assertFails(fresh.run("put", "notes", "a", "x", "--hex", "--create"), 2, "two digits");

    assertThat(fresh.file).doesNotExist();
  }

  @Test
  void valueHasUpToOneMebibyte() {
    byte[] most = new byte[LIMIT];
    byte[] tooMany = new byte[LIMIT + 1];

    assertPrints(kv.run(most, false, "put", "sessions", "most", "-"), "");
    assertFails(kv.run(tooMany, false, "put", "sessions", "more", "-"), 2, "more than 1048576");
    assertPrints(kv.onInput("00".repeat(LIMIT), "put", "sessions", "hex", "-", "--hex"), "");
    assertFails(
        kv.onInput("00".repeat(LIMIT + 1), "put", "sessions", "more", "-", "--hex"),
        2,
        "more than 1048576");

    assertThat(kv.run("get", "sessions", "most").out()).hasSize(LIMIT);
    assertThat(kv.run("get", "sessions", "hex", "--hex").out()).hasSize(2 * LIMIT + 1);
    assertFails(kv.run("get", "sessions", "more"), 1);
  }

  @Test
  void inputThatIsNoTextNeedsHex() {
    byte[] binary = {(byte) 0xC0, (byte) 0xFF};

    CommandRun run = kv.run(binary, false, "put", "sessions", "raw", "-");

    assertFails(run, 2, "standard input is not UTF-8 text", "--hex");
    assertFails(kv.run("get", "sessions", "raw"), 1);
  }

  @Test
  void argumentsThatTheLocaleCouldNotReadAreNotStored() {
    assertFails(kv.run("put", "sessions", "gr\uFFFD\uFFFDn", "x"), 2, "the key", "LC_ALL=C.UTF-8");
    assertFails(kv.run("put", "sessions", "a", "gr\uFFFDn"), 2, "the value", "--hex");
  }

  @Test
  void messagesNeverRepeatAValue() {
    for (String[] words :
        new String[][] {
          {"put", "sessions", "a", SECRET, "--hex"},
          {"put", "sessions", "a", SECRET + "\uFFFD"},
          {"put", "sessions", "a", "b", SECRET},
          {"put", "sessions", "a", "--" + SECRET},
          {"put", "sessions", "a", "-" + SECRET},
          {"put", "none", "a", SECRET},
          {"put", "sessions", "", SECRET},
          {"put", "sessions", "a", SECRET, "--expire", "soon"},
        }) {
      CommandRun run = kv.run(words);

      assertFails(run, 2);
      assertThat(run.err()).doesNotContain(SECRET);
    }
  }

  @Test
  void wordsThatBeginWithAHyphenGoAfterTwo() {
    assertPrints(kv.run("put", "sessions", "--", "-k", "--v"), "");

    assertPrints(kv.run("get", "sessions", "--", "-k"), "--v");
    assertPrints(kv.run("get", "--hex", "sessions", "--", "-k"), "2d2d76\n");
  }

  @Test
  void outputThatCanNotBeWrittenIsAnError() {
    var err = new java.io.ByteArrayOutputStream();
    PrintStream full =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("full");
              }
            });
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            full,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            false);

    int exitCode =
        new CommandLine(new KvCommand(terminal, kv.clock))
            .execute(kv.file.toString(), "scan", "sessions");

    assertThat(exitCode).isEqualTo(3);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("standard output can't be written");
  }
}
