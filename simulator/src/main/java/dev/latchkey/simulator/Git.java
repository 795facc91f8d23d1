package dev.latchkey.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// Runs `git` in one folder, so that neither the caller's environment nor the user's or the
/// repository's settings change what it prints or make it run another program.
final class Git {
  private static final Duration LONGEST_RUN = Duration.ofSeconds(60);
  private static final int MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
  private static final int MAX_ERROR_BYTES = 8 * 1024;

  private static final List<String> SETTINGS =
      List.of(
          "--no-pager",
          "--no-replace-objects",
          "-c",
          "core.fsmonitor=false",
          "-c",
          "core.quotePath=true",
          "-c",
          "diff.suppressBlankEmpty=false",
          "-c",
          "log.showSignature=false");

  private final Path folder;

  private Git(Path folder) {
    this.folder = folder;
  }

  /// Checks that the folder is in a repository.
  static Git in(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new SimulatorException.NotARepository(folder + " is no folder");
    }
    var git = new Git(folder);
    git.run("rev-parse", "--git-dir");
    return git;
  }

  /// What git printed, invalid UTF-8 replaced, as GitHub does.
  ///
  /// @throws SimulatorException.GitFailed also if it printed more than 16 MiB
  String run(String... arguments) {
    return runBounded(arguments)
        .orElseThrow(() ->
            new SimulatorException.GitFailed(
                "git " + arguments[0] + " printed more than " + MAX_OUTPUT_BYTES + " bytes"));
  }

  /// As [#run], but empty if it printed more than 16 MiB.
  Optional<String> runBounded(String... arguments) {
    var process = start(arguments);
    var errors = new FutureTask<>(() -> read(process.getErrorStream(), MAX_ERROR_BYTES));
    Thread.ofVirtual().start(errors);
    // Ending the process ends its output, and so the read below.
    Thread.ofVirtual().start(() -> endLate(process));
    try {
      var output = read(process.getInputStream(), MAX_OUTPUT_BYTES);
      if (output.isPresent()) {
        var status = process.waitFor();
        if (status != 0) {
          throw failed(arguments[0], status, errors.get().orElse(""));
        }
      }
      return output;
    } catch (UncheckedIOException | ExecutionException e) {
      throw new SimulatorException.GitFailed("what git printed can't be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SimulatorException.GitFailed("interrupted while git ran", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(String... arguments) {
    var command = new ArrayList<String>();
    command.add("git");
    command.addAll(SETTINGS);
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    var environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("GIT_") && !name.equals("GIT_EXEC_PATH"));
    environment.put("GIT_OPTIONAL_LOCKS", "0");
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_NO_LAZY_FETCH", "1");
    environment.put("LC_ALL", "C");
    try {
      var process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new SimulatorException.GitMissing("git can't be run; is it installed?", e);
    }
  }

  private SimulatorException failed(String command, int status, String errors) {
    if (errors.contains("not a git repository")) {
      return new SimulatorException.NotARepository(folder + " is in no git repository");
    }
    var said = errors.lines().findFirst().orElse("and said nothing");
    return new SimulatorException.GitFailed(
        "git " + command + " in " + folder + " ended with " + status + ": " + said);
  }

  private static void endLate(Process process) {
    try {
      if (!process.waitFor(LONGEST_RUN.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /// All there is to read, or nothing if it is more than the limit.
  private static Optional<String> read(InputStream in, int limit) {
    try {
      var bytes = in.readNBytes(limit + 1);
      return bytes.length > limit
          ? Optional.empty()
          : Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
