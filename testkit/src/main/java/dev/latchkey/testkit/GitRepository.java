package dev.latchkey.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A git repository, read by running git.
public final class GitRepository implements AutoCloseable {
  private final Path folder;
  private final Process blobs;

  private GitRepository(Path folder) throws IOException {
    this.folder = folder;
    this.blobs = command(folder, List.of("cat-file", "--batch", "-z")).start();
  }

  /// The repository in, or around, a folder.
  public static GitRepository at(Path folder) throws IOException {
    return new GitRepository(folder);
  }

  /// A new, empty repository whose objects come from a fast-import stream.
  public static GitRepository imported(Path folder, byte[] stream) throws IOException {
    run(folder, List.of("init", "--quiet", "--bare"), new byte[0]);
    run(folder, List.of("fast-import", "--quiet", "--force"), stream);
    return new GitRepository(folder);
  }

  /// The commits reachable from `tip`, newest first, each with its first parent.
  public List<Change> changes(String tip, int limit) throws IOException {
    String list = text("rev-list", "--parents", "--max-count=" + limit, tip);
    List<Change> changes = new ArrayList<>();
    for (String line : list.lines().toList()) {
      List<String> ids = List.of(line.split(" ", -1));
      if (ids.size() > 1) {
        changes.add(new Change(ids.get(1), ids.get(0)));
      }
    }
    return changes;
  }

  /// A commit and its first parent, by their ids.
  public record Change(String before, String after) {}

  /// What `git diff` prints for a change, in the form git gives it when nobody configured anything.
  public byte[] diff(Change change, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("diff", "--no-color", "--no-ext-diff"));
    arguments.addAll(List.of("--no-textconv", "--src-prefix=a/", "--dst-prefix=b/"));
    arguments.addAll(List.of("--submodule=short", "--find-renames", "--find-copies"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of(change.before(), change.after()));
    return run(folder, arguments, new byte[0]);
  }

  /// What a git command prints, a character for each byte.
  public String text(String... arguments) throws IOException {
    return new String(run(folder, List.of(arguments), new byte[0]), StandardCharsets.ISO_8859_1);
  }

  /// The bytes of a file at a revision, if there is one; `path` is a character for each byte.
  public synchronized Optional<byte[]> blob(String revision, String path) throws IOException {
    OutputStream out = blobs.getOutputStream();
    out.write((revision + ":" + path + "\0").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    InputStream in = blobs.getInputStream();
    StringBuilder header = new StringBuilder();
    for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
      header.append((char) c);
    }
    if (header.toString().endsWith(" missing")) {
      return Optional.empty();
    }
    int size = Integer.parseInt(header.substring(header.lastIndexOf(" ") + 1));
    byte[] content = in.readNBytes(size);
    in.skipNBytes(1);
    return Optional.of(content);
  }

  private static ProcessBuilder command(Path folder, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of("-c", "core.quotePath=true"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    return builder;
  }

  private static byte[] run(Path folder, List<String> arguments, byte[] input) throws IOException {
    Process process = command(folder, arguments).start();
    Thread feeder =
        Thread.ofVirtual()
            .start(() -> {
              try (OutputStream out = new BufferedOutputStream(process.getOutputStream())) {
                out.write(input);
              } catch (IOException e) {
                // git went away before it read all; its exit code says so below.
                process.destroy();
              }
            });
    byte[] output;
    try (InputStream in = new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
      output = in.readAllBytes();
      feeder.join();
      if (process.waitFor() != 0) {
        throw new IOException("git " + arguments.getFirst() + " failed in " + folder);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return output;
  }

  @Override
  public void close() {
    blobs.destroy();
  }
}
