package dev.latchkey.kv;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/// Another JVM, which runs a main class of these tests.
final class Child implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  private Child(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  static Child start(Class<?> main, String... arguments) throws IOException {
    return start(List.of(), main, arguments);
  }

  /// @param prefix a command which runs the command that follows it
  static Child start(List<String> prefix, Class<?> main, String... arguments) throws IOException {
    return start(prefix, classPath(), main, arguments);
  }

  /// As [#start(List, Class, String...)], with the classes copied to where anybody may read them.
  static Child startFrom(Path library, List<String> prefix, Class<?> main, String... arguments)
      throws IOException {
    Set<Path> copies = new LinkedHashSet<>();
    for (Path place : classPath()) {
      Path copy = library.resolve("classes-" + copies.size() + ".jar");
      copies.add(copy);
      try (Stream<Path> files = Files.walk(place)) {
        for (Path file : files.toList()) {
          Path target = copy.resolve(place.relativize(file).toString());
          Files.copy(file, file.equals(place) ? copy : target);
        }
      }
    }
    try (Stream<Path> all = Files.walk(library)) {
      for (Path path : all.toList()) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
    return start(prefix, copies, main, arguments);
  }

  private static Child start(
      List<String> prefix, Set<Path> classPath, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(
        String.join(
            System.getProperty("path.separator"), classPath.stream().map(Path::toString).toList()));
    command.add(main.getName());
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    return new Child(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /// Returns where our classes, those of the tests and the driver's come from.
  private static Set<Path> classPath() {
    Set<Path> places = new LinkedHashSet<>();
    for (Class<?> type :
        List.of(Child.class, Database.class, SQLiteConnection.class, Caffeine.class)) {
      String resource = type.getName().replace('.', '/') + ".class";
      URL url =
          Objects.requireNonNull(
              type.getResource(resource.substring(resource.lastIndexOf('/') + 1)));
      places.add(placeOf(url.toString(), resource));
    }
    return places;
  }

  private static Path placeOf(String url, String resource) {
    try {
      String place = url.substring(0, url.length() - resource.length());
      return Path.of(
          new URI(
              place.startsWith("jar:")
                  ? place.substring("jar:".length(), place.indexOf('!'))
                  : place));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(url, e);
    }
  }

  static URL[] classPathUrls() {
    return classPath().stream()
        .map(path -> {
          try {
            return path.toUri().toURL();
          } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
          }
        })
        .toArray(URL[]::new);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  @Nullable String readLine() throws IOException {
    return output.readLine();
  }

  void endInput() throws IOException {
    process.getOutputStream().close();
  }

  /// Kills it as `kill -9` does, and waits for its end. What it had written can still be read,
  /// which [Process#destroyForcibly] would prevent.
  void kill() {
    process.toHandle().destroyForcibly();
    process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    kill();
  }

  /// Keeps a file open until its input ends.
  static final class Holder {
    public static void main(String[] arguments) throws IOException {
      try (Database database = Database.open(Path.of(arguments[0]))) {
        database.store(StoreSpec.of("words", Codec.text())).put("from", "child");
        System.out.println("opened");
        System.in.read();
      }
      System.out.println("closed");
    }
  }

  /// Writes until it fails, and says how.
  static final class WriterUntilItFails {
    public static void main(String[] arguments) {
      Database database = Database.open(Path.of(arguments[0]));
      Store<byte[]> store = database.store(StoreSpec.of("bytes", Codec.bytes()).ofLargeValues());
      try {
        for (int i = 0; i < 1_000; i++) {
          String name = "key-" + i;
          store.put(name, new byte[20_000]);
          System.out.println("ack " + name);
        }
      } catch (KvException e) {
        System.out.println("failed " + e.getClass().getSimpleName());
      }
      for (Runnable call :
          List.<Runnable>of(
              () -> store.put("later", new byte[1]),
              () -> store.get("key-0"),
              () -> Database.open(Path.of(arguments[0])))) {
        try {
          call.run();
        } catch (KvException e) {
          System.out.println("then " + e.getClass().getSimpleName());
        }
      }
      database.close();
      System.out.println("closed");
    }
  }
}
