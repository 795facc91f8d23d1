package dev.latchkey.server;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// The real server as a process of its own, which can be killed. Its log goes to a file.
final class DemoServer {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(15);
  private static final int LOG_TAIL_LINES = 20;
  private static final Pattern READY =
      Pattern.compile("ready webhooks=(http://\\S+) health=(http://\\S+) admin=(http://\\S+)");

  /// Settings of the surroundings that would change what the child does.
  private static final Pattern FOREIGN =
      Pattern.compile(
          "LATCHKEY_.*|(ADMIN_)?(HOST|PORT)|ADMIN_TOKEN|APP_ID|PRIVATE_KEY.*|WEBHOOK_SECRET.*"
              + "|GITHUB_API_URL");

  private record Addresses(URI webhooks, URI admin) {}

  private final Process process;
  private final Addresses addresses;

  private DemoServer(Process process, Addresses addresses) {
    this.process = process;
    this.addresses = addresses;
  }

  /// Starts a server and waits until it says that it is ready.
  ///
  /// @param configuration of the server, as environment variables
  /// @param folder where it works, and keeps its log in `server.log`
  /// @param bell rings when the server ends
  /// @throws DemoException if it ends instead, or takes longer than a minute
  static DemoServer start(Map<String, String> configuration, Path folder, DemoBell bell)
      throws InterruptedException {
    var process = launch(configuration, folder);
    Thread.ofVirtual().start(() -> ringAtEnd(process, bell));
    var ready = new CompletableFuture<Addresses>();
    Thread.ofVirtual().start(() -> read(process, ready));
    try {
      return new DemoServer(process, ready.get(READY_WITHIN.toSeconds(), TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      var why = e instanceof TimeoutException ? "was not ready within a minute" : "did not start";
      throw new DemoException("the server " + why + "; its log ends with\n" + tail(folder), e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  URI webhooks() {
    return addresses.webhooks();
  }

  /// The overview page.
  URI admin() {
    return addresses.admin();
  }

  boolean running() {
    return process.isAlive();
  }

  /// Ends it with SIGKILL, and returns when it is gone.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /// Ends it with SIGTERM, and if that takes too long with SIGKILL.
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOPPED_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      kill();
    }
  }

  void awaitEnd() throws InterruptedException {
    process.waitFor();
  }

  /// The end of the log in a folder, for a message.
  static String tail(Path folder) {
    try {
      var lines = Files.readAllLines(log(folder), StandardCharsets.UTF_8);
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(unreadable: " + e.getMessage() + ")";
    }
  }

  private static Path log(Path folder) {
    return folder.resolve("server.log");
  }

  private static Process launch(Map<String, String> configuration, Path folder) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command = new ArrayList<>(List.of(java, "--enable-native-access=ALL-UNNAMED", "-Xmx512m"));
    // It lives for a minute and is started three times: being ready soon is worth more than speed.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:+ExitOnOutOfMemoryError", "-cp", classPath()));
    command.addAll(List.of(DemoChild.class.getName(), "serve"));
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log(folder).toFile()));
    builder.environment().keySet().removeIf(name -> FOREIGN.matcher(name).matches());
    builder.environment().putAll(configuration);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new DemoException("the server can't be started with " + java, e);
    }
  }

  /// The child works in another folder, so relative entries are made absolute.
  private static String classPath() {
    var entries = new ArrayList<String>();
    for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  /// Waits for the line that says where it serves; then reads on, so that the child never blocks.
  private static void read(Process process, CompletableFuture<Addresses> ready) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var matcher = READY.matcher(line.strip());
        if (matcher.matches()) {
          ready.complete(new Addresses(URI.create(matcher.group(1)), URI.create(matcher.group(3))));
        }
      }
      ready.completeExceptionally(new IOException("it ended without being ready"));
    } catch (IOException | UncheckedIOException | CompletionException e) {
      ready.completeExceptionally(e);
    }
  }

  private static void ringAtEnd(Process process, DemoBell bell) {
    process.onExit().join();
    bell.ring();
  }
}
