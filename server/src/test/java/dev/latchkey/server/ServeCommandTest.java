package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Database;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What somebody sees who starts the server in a way that can't work: one line, and an exit code.
class ServeCommandTest {

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Map<String, String> variables;

  @BeforeEach
  void begin() {
    variables = new HashMap<>(TestServer.settings(folder));
  }

  @Test
  void aMissingSecret() {
    variables.remove("WEBHOOK_SECRET");

    assertThat(serve()).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("latchkey serve: WEBHOOK_SECRET is not set; set it to ")
        .hasLineCount(1);
  }

  @Test
  void aKeyFileWhichIsNotThere() {
    variables.remove("PRIVATE_KEY");
    variables.put("PRIVATE_KEY_PATH", folder.resolve("app.pem").toString());

    assertThat(serve()).isEqualTo(2);
    assertThat(err.toString()).startsWith("latchkey serve: PRIVATE_KEY_PATH").hasLineCount(1);
  }

  @Test
  void aPortInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      variables.put("PORT", Integer.toString(taken.getLocalPort()));

      assertThat(serve()).isEqualTo(2);
    }
    assertThat(err.toString()).contains("PORT", "in use", "set another").hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aHostWhichIsNoneOfThisMachine() {
    variables.put("HOST", "192.0.2.1");

    assertThat(serve()).isEqualTo(2);
    assertThat(err.toString()).contains("HOST", "192.0.2.1").hasLineCount(1);
  }

  @Test
  void aFileWhichIsNoDatabase() throws IOException {
    Files.writeString(folder.resolve("latchkey.db"), "Dear diary, ".repeat(200));

    assertThat(serve()).isEqualTo(3);
    assertThat(err.toString()).startsWith("latchkey serve: LATCHKEY_DATABASE: ").hasLineCount(1);
  }

  @Test
  void theDatabaseIsMadeForItsOwnerAlone() throws IOException {
    Path database = folder.resolve("data/latchkey.db");
    variables.put("LATCHKEY_DATABASE", database.toString());
    variables.put("HOST", "192.0.2.1");

    serve();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database.getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void afterAFailedStartTheDatabaseIsFree() throws IOException {
    variables.put("HOST", "192.0.2.1");

    assertThat(serve()).isEqualTo(2);

    Database.open(folder.resolve("latchkey.db")).close();
  }

  private int serve() {
    return new CommandLine(new ServeCommand(variables))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute();
  }
}
