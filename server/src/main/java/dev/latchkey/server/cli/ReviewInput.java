package dev.latchkey.server.cli;

import dev.latchkey.review.Diffs;
import dev.latchkey.review.Snapshot;
import dev.latchkey.review.Visible;
import dev.latchkey.server.RulesFile;
import dev.latchkey.server.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What `latchkey review` reads: a diff, and a repository's rules.
final class ReviewInput {
  @Option(
      names = "--diff",
      paramLabel = "FILE",
      description = "The diff, as git diff prints it; - for standard input.")
  private @Nullable String diff;

  @Option(
      names = "--base",
      paramLabel = "REVISION",
      description = "Compare with where --head left this, as a pull request does.")
  private @Nullable String base;

  @Option(
      names = "--head",
      paramLabel = "REVISION",
      defaultValue = "HEAD",
      description = "What is reviewed; HEAD if not given.")
  private String head = "HEAD";

  @Option(
      names = "--repo",
      paramLabel = "DIR",
      converter = Words.ToFile.class,
      description = "The git repository; the current folder if not given.")
  private @Nullable Path repository;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A repository's rules, see the README; none if not given.")
  private @Nullable String config;

  /// What the file says that was given, if one was.
  RulesFile rules() {
    if (config == null) {
      return RulesFile.NONE;
    }
    try (InputStream in = Files.newInputStream(Path.of(config))) {
      return RulesFile.parse(in.readNBytes(RulesFile.MAX_BYTES + 1), Visible.path(config));
    } catch (IOException | InvalidPathException e) {
      throw new UsageException(
          "--config " + Visible.path(config) + " can't be read: is it a readable file?", e);
    } catch (SettingsException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }

  /// Reads the diff.
  ///
  /// @param in standard input
  Snapshot snapshot(InputStream in) {
    if (diff != null && base != null) {
      throw new UsageException("give either --diff or --base, not both");
    }
    if (base != null) {
      Path folder = (repository == null ? Path.of("") : repository).toAbsolutePath().normalize();
      Git.Comparison found = new Git(folder, "git").compare(base, head);
      Path name = folder.getFileName();
      return new Snapshot(
          name == null ? "local" : name.toString(),
          0,
          found.head(),
          found.mergeBase(),
          "",
          "",
          "",
          Diffs.parse(found.diff().toArray()));
    }
    if (diff == null) {
      throw new UsageException(
          "say what to review: --base REVISION (and --head), --diff FILE, or --diff - for"
              + " standard input");
    }
    return Snapshot.ofDiff("local", Diffs.parse(diff.equals("-") ? standardInput(in) : file(diff)));
  }

  private static byte[] standardInput(InputStream in) {
    try {
      return bounded(in, "standard input");
    } catch (IOException e) {
      throw new UsageException("standard input can't be read", e);
    }
  }

  private static byte[] file(String name) {
    try (InputStream in = Files.newInputStream(Path.of(name))) {
      return bounded(in, name);
    } catch (IOException | InvalidPathException e) {
      throw new UsageException(
          "the diff in " + Visible.path(name) + " can't be read: is it a readable file?", e);
    }
  }

  private static byte[] bounded(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes(Git.MAX_DIFF + 1);
    if (bytes.length > Git.MAX_DIFF) {
      throw new UsageException("the diff in " + name + " is larger than 64 MiB");
    }
    return bytes;
  }
}
