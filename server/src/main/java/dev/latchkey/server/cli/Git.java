package dev.latchkey.server.cli;

import dev.latchkey.review.Bytes;
import dev.latchkey.review.Visible;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Reads a repository by running `git`, so that nothing the repository or the user configured runs
/// a program or changes the diff's form.
final class Git {
  /// The largest diff that is read.
  static final int MAX_DIFF = 64 * 1024 * 1024;

  private static final int MAX_ERROR = 16 * 1024;
  private static final long MAX_SECONDS = 120;

  private static final List<String> SAFE =
      List.of(
          "--no-pager",
          "-c",
          "core.fsmonitor=false",
          "-c",
          "core.quotePath=true",
          "-c",
          "diff.suppressBlankEmpty=false");

  private static final List<String> DIFF =
      List.of(
          "diff",
          "--no-color",
          "--no-ext-diff",
          "--no-textconv",
          "--no-relative",
          "--src-prefix=a/",
          "--dst-prefix=b/",
          "--submodule=short",
          "--ignore-submodules=none",
          "--unified=3",
          "--inter-hunk-context=0",
          "--diff-algorithm=default",
          "--find-renames",
          "-O/dev/null");

  /// Where a repository is, what its tools are, and where its errors would be asked for: git finds
  /// the repository from the folder alone, and never waits for an answer.
  private static final List<String> UNSET =
      List.of(
          "GIT_DIR",
          "GIT_WORK_TREE",
          "GIT_INDEX_FILE",
          "GIT_OBJECT_DIRECTORY",
          "GIT_NAMESPACE",
          "GIT_EXTERNAL_DIFF",
          "GIT_DIFF_OPTS",
          "GIT_TRACE",
          "GIT_TRACE2");

  private static final Map<String, String> SET =
      Map.of(
          "LC_ALL",
          "C",
          "GIT_TERMINAL_PROMPT",
          "0",
          "GIT_OPTIONAL_LOCKS",
          "0",
          "GIT_NO_LAZY_FETCH",
          "1");

  private final Path folder;
  private final String program;

  Git(Path folder, String program) {
    this.folder = folder;
    this.program = program;
  }

  /// The difference GitHub shows for a pull request: from where `head` left `base` to `head`.
  record Comparison(String mergeBase, String head, Bytes diff) {}

  Comparison compare(String base, String head) {
    if (!Files.isDirectory(folder)) {
      throw new UsageException(folder + " is not a folder: give the repository with --repo DIR");
    }
    String from = commit(base, "--base");
    String to = commit(head, "--head");
    Ran common = run(List.of("merge-base", from, to));
    if (common.exitCode() != 0) {
      throw new UsageException(
          "%s and %s have no common ancestor: fetch more history, or give a diff with --diff"
              .formatted(base, head));
    }
    String mergeBase = common.text().lines().findFirst().orElse("").strip();
    List<String> arguments = new ArrayList<>(DIFF);
    arguments.addAll(List.of(mergeBase, to, "--"));
    Ran diff = run(arguments);
    if (diff.exitCode() != 0) {
      throw new UsageException("git diff failed: " + diff.firstErrorLine());
    }
    return new Comparison(mergeBase, to, diff.output());
  }

  private String commit(String revision, String option) {
    if (revision.isBlank() || revision.startsWith("-") || revision.indexOf('\0') >= 0) {
      throw new UsageException(
          option
              + " \""
              + Visible.line(revision)
              + "\" can't be a revision: give a branch or commit");
    }
    Ran ran = run(List.of("rev-parse", "--verify", "--quiet", revision + "^{commit}"));
    if (ran.exitCode() == 0) {
      return ran.text().strip();
    }
    if (ran.error().contains("not a git repository")) {
      throw new UsageException(
          folder + " is not a git repository: run this inside one, or give --repo DIR");
    }
    String why = ran.error().isBlank() ? "" : " (" + ran.firstErrorLine() + ")";
    throw new UsageException(
        "%s \"%s\" is no commit of the repository in %s%s: is it fetched?"
            .formatted(option, Visible.line(revision), folder, why));
  }

  private record Ran(int exitCode, Bytes output, String error) {
    String text() {
      return output.text();
    }

    String firstErrorLine() {
      return Visible.line(error.lines().findFirst().orElse("it gave no reason"));
    }
  }

  private Ran run(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(program, "-C", folder.toString()));
    command.addAll(SAFE);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    UNSET.forEach(builder.environment()::remove);
    builder.environment().putAll(SET);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UsageException(
          "git can't be run: install it, or give a diff made elsewhere with --diff FILE", e);
    }
    try {
      return finish(process);
    } catch (IOException e) {
      throw new UsageException("git's output can't be read", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Ran finish(Process process) throws IOException {
    process.getOutputStream().close();
    CompletableFuture<Void> watch =
        CompletableFuture.runAsync(
            process::destroyForcibly,
            CompletableFuture.delayedExecutor(MAX_SECONDS, TimeUnit.SECONDS));
    CompletableFuture<String> error = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> error.complete(readError(process.getErrorStream())));
    byte[] output = process.getInputStream().readNBytes(MAX_DIFF + 1);
    if (output.length > MAX_DIFF) {
      throw new UsageException("the diff is larger than 64 MiB: compare closer revisions");
    }
    try {
      int exitCode = process.waitFor();
      if (!watch.cancel(false)) {
        throw new UsageException("git took longer than " + MAX_SECONDS + " seconds and was ended");
      }
      return new Ran(exitCode, Bytes.of(output), error.join());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UsageException("waiting for git was ended", e);
    }
  }

  private static String readError(InputStream stream) {
    try {
      String start = new String(stream.readNBytes(MAX_ERROR), StandardCharsets.UTF_8);
      stream.transferTo(OutputStream.nullOutputStream());
      return start;
    } catch (IOException e) {
      // The process was ended; there is nothing more to read, and its exit code tells the rest.
      return "";
    }
  }
}
