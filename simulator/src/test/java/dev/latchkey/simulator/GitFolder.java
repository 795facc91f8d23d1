package dev.latchkey.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A git repository that a test fills.
final class GitFolder {
  private final Path folder;

  private GitFolder(Path folder) {
    this.folder = folder;
  }

  static GitFolder create(Path folder) throws IOException {
    var git = new GitFolder(folder);
    git.run("init", "--quiet", "--initial-branch=main");
    return git;
  }

  void write(String path, String text) throws IOException {
    write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  void write(String path, byte[] bytes) throws IOException {
    var file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  /// Commits everything and returns the commit's id.
  String commit(String message) throws IOException {
    run("add", "--all");
    run("commit", "--quiet", "--allow-empty", "-m", message);
    return run("rev-parse", "HEAD").strip();
  }

  String run(String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of("git", "-c", "user.name=Mira K.", "-c", "user.email=mira@example.com"));
    command.addAll(List.of("-c", "commit.gpgsign=false"));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(command + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return output;
  }
}
