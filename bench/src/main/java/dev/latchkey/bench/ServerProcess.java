package dev.latchkey.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server as a process of its own, with its database and its log in one folder.
final class ServerProcess implements AutoCloseable {
  static final String SECRET = "a webhook secret for benchmarks only";

  /// What the program's own script starts Java with.
  static final List<String> OPTIONS =
      List.of("--enable-native-access=ALL-UNNAMED", "-XX:+ExitOnOutOfMemoryError");

  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final long STOP_SECONDS = 60;
  private static final Pattern READY = Pattern.compile("ready webhooks=http://[^:]+:([0-9]+)/.*");
  private static final String KEY = privateKey();

  private final Process process;
  private final Path folder;
  private final int port;

  private ServerProcess(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /// Starts one, and returns when it says that it is ready.
  ///
  /// @param folder an empty one
  static ServerProcess start(ServerPeer peer, Path folder) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(List.of("-cp", classPath(), peer.mainClass(), "serve"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("server.log").toFile());
    // Settings of the surroundings would change what it does.
    builder.environment().clear();
    builder.environment().putAll(settings(folder));
    Process process = builder.start();
    // Not closed: it is the server's standard output.
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    Matcher ready = READY.matcher(line == null ? "" : line);
    if (!ready.matches()) {
      process.destroyForcibly();
      throw new IOException(
          "the server said " + line + "; its log:\n" + Files.readString(log(folder)));
    }
    return new ServerProcess(process, folder, Integer.parseInt(ready.group(1)));
  }

  /// Nobody answers for GitHub or the model, and nobody asks them for the works: those wait until
  /// their pull requests have been quiet for longer than any run.
  private static Map<String, String> settings(Path folder) {
    return Map.ofEntries(
        Map.entry("APP_ID", "4711"),
        Map.entry("PRIVATE_KEY", KEY),
        Map.entry("WEBHOOK_SECRET", SECRET),
        Map.entry("GITHUB_API_URL", "http://127.0.0.1:9"),
        Map.entry("LATCHKEY_OWNERS", "acme"),
        Map.entry("LATCHKEY_REVIEW_QUIET", "12h"),
        Map.entry("LATCHKEY_REVIEW_QUIET_MAX", "24h"),
        Map.entry("LATCHKEY_DATABASE", database(folder).toString()),
        Map.entry("LATCHKEY_MODEL", "openai:none"),
        Map.entry("LATCHKEY_MODEL_URL", "http://127.0.0.1:9/v1"),
        Map.entry("HOST", "127.0.0.1"),
        Map.entry("PORT", "0"),
        Map.entry("ADMIN_PORT", "0"));
  }

  int port() {
    return port;
  }

  /// Asks until the answer is 200, and returns its body.
  String awaitHealth() throws IOException {
    long begin = System.nanoTime();
    try (HttpConnection connection = new HttpConnection(port)) {
      while (System.nanoTime() - begin < LONGEST_START.toNanos()) {
        HttpConnection.Answer answer = connection.exchange("GET /health HTTP/1.1\r\n", new byte[0]);
        if (answer.status() == 200) {
          return answer.body();
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    }
    throw new IOException("the server isn't healthy within " + LONGEST_START);
  }

  /// The processor's time that it has used, in steps of 10 ms on Linux.
  Duration processor() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /// Bytes of memory that it has now; 0 where there is no `/proc`.
  long resident() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    throw new IOException(status + " has no VmRSS");
  }

  /// Where the real server keeps what it accepts.
  Path database() {
    return database(folder);
  }

  /// Ends it in order, so that what it has in memory is in the database.
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the server doesn't stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }

  private static Path database(Path folder) {
    return folder.resolve("latchkey.db").toAbsolutePath();
  }

  private static Path log(Path folder) {
    return folder.resolve("server.log");
  }

  /// The server works in another folder.
  private static String classPath() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  private static String privateKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder().encodeToString(key)
          + "\n-----END PRIVATE KEY-----\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has RSA", e);
    }
  }
}
