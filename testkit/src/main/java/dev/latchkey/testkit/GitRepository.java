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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A git repository, read by running git.
public final class GitRepository implements AutoCloseable {
  private static final int MAX_COMMITS = 20_000;

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
    return spans(tip, limit, 1);
  }

  /// The commits reachable from `tip`, newest first, each with its ancestor `distance` first
  /// parents back; a commit that has none, or none within the 20,000 newest, is left out.
  public List<Change> spans(String tip, int limit, int distance) throws IOException {
    Map<String, String> parents = firstParents(tip);
    List<Change> spans = new ArrayList<>();
    for (String commit : parents.keySet().stream().limit(limit).toList()) {
      String ancestor = commit;
      for (int i = 0; i < distance && !ancestor.isEmpty(); i++) {
        ancestor = parents.getOrDefault(ancestor, "");
      }
      if (!ancestor.isEmpty()) {
        spans.add(new Change(ancestor, commit));
      }
    }
    return spans;
  }

  /// Each commit with its first parent, newest first; an empty text where there is none.
  private Map<String, String> firstParents(String tip) throws IOException {
    Map<String, String> parents = new LinkedHashMap<>();
    String list = text("rev-list", "--parents", "--max-count=" + MAX_COMMITS, tip);
    for (String line : list.lines().toList()) {
      List<String> ids = List.of(line.split(" ", -1));
      parents.put(ids.get(0), ids.size() > 1 ? ids.get(1) : "");
    }
    return parents;
  }

  /// How many lines each of the newest `limit` commits reachable from `tip` adds and deletes.
  Map<String, Long> changedLines(String tip, int limit) throws IOException {
    String list =
        text(
            "log",
            "--max-count=" + limit,
            "--diff-merges=first-parent",
            "--numstat",
            "--format=commit %H",
            tip);
    Map<String, Long> lines = new HashMap<>();
    String commit = "";
    for (String line : list.lines().filter(it -> !it.isEmpty()).toList()) {
      if (line.startsWith("commit ")) {
        commit = line.substring("commit ".length());
        lines.put(commit, 0L);
        continue;
      }
      List<String> counts = List.of(line.split("\t", -1));
      // A binary file has hyphens for counts.
      if (!counts.get(0).equals("-")) {
        lines.merge(
            commit, Long.parseLong(counts.get(0)) + Long.parseLong(counts.get(1)), Long::sum);
      }
    }
    return lines;
  }

  /// A commit and its first parent, or an ancestor further back, by their ids.
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

  /// The path a file had before a change, by its path after it, where the two differ; both are a
  /// character for each byte.
  public Map<String, String> formerPaths(Change change) throws IOException {
    String list =
        text(
            "diff",
            "--name-status",
            "-z",
            "--find-renames",
            "--find-copies",
            "--diff-filter=RC",
            change.before(),
            change.after());
    List<String> fields = List.of(list.split("\0", -1));
    Map<String, String> former = new HashMap<>();
    for (int i = 0; i + 2 < fields.size(); i += 3) {
      former.put(fields.get(i + 2), fields.get(i + 1));
    }
    return former;
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
