package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.PullFile;
import dev.latchkey.github.PullRequest;
import dev.latchkey.review.Diffs;
import dev.latchkey.review.FileDiff;
import dev.latchkey.review.FilePatch;
import dev.latchkey.review.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Reads what a pull request changes, at one head.
final class Snapshots {

  private static final Duration CALL = Duration.ofSeconds(60);
  private static final Duration ALL_FILES = Duration.ofMinutes(5);

  private final GitHub github;

  Snapshots(GitHub github) {
    this.github = github;
  }

  /// Reads the files. GitHub's list is not pinned to a head, so the head is read again after its
  /// last page.
  ///
  /// @throws Publisher.HeadMoved if it is another by then
  Snapshot of(PullRef pull, PullRequest now) {
    List<PullFile> files =
        github.files(pull.repository(), pull.number(), Deadline.after(ALL_FILES));
    PullRequest after = github.pullRequest(pull.repository(), pull.number(), Deadline.after(CALL));
    if (!after.headSha().equals(now.headSha()) || !after.baseRef().equals(now.baseRef())) {
      throw new Publisher.HeadMoved(pull);
    }
    return new Snapshot(
        pull.repository().fullName(),
        pull.number(),
        now.headSha(),
        now.baseSha(),
        now.title(),
        now.body(),
        now.author().login(),
        diffs(files, now.changedFiles()));
  }

  /// @param changed how many files there are, of which GitHub lists at most 3,000
  private static List<FileDiff> diffs(List<PullFile> files, int changed) {
    Stream<FileDiff> listed = files.stream().map(Snapshots::diff);
    int more = changed - files.size();
    FileDiff rest =
        new FileDiff(
            "(%d more files)".formatted(more),
            null,
            FileDiff.Status.MODIFIED,
            List.of(),
            FileDiff.Completeness.PARTIAL,
            "GitHub lists 3,000 files at most");
    return Stream.concat(listed, more > 0 ? Stream.of(rest) : Stream.of()).toList();
  }

  private static FileDiff diff(PullFile file) {
    return Diffs.ofPatch(
        new FilePatch(
            file.filename(),
            file.previousFilename().orElse(null),
            file.status().name().toLowerCase(Locale.ROOT),
            file.additions(),
            file.deletions(),
            file.patch().orElse(null)));
  }
}
