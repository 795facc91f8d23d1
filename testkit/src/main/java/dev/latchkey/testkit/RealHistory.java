package dev.latchkey.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The real history that tests walk: this project's own, at most its newest 200 commits.
/// `-Dlatchkey.corpus=DIR` names another repository, `-Dlatchkey.corpus.commits=N` how far.
///
/// A young history has too few commits to show much, so that each commit is also compared with
/// ancestors further back than its parent. A clone may hold less than the history, down to one
/// commit; what a test must have covered is then less, and [#required] says how much.
public final class RealHistory implements AutoCloseable {
  /// How many diffs are enough.
  public static final int ENOUGH = 200;

  /// From so many commits on, there are always enough diffs: 25 in a line make 300 pairs.
  private static final int LONG = 25;

  private static final int MAX_DISTANCE = 24;

  private final Path folder;
  private final GitRepository repository;
  private final int commits;
  private final List<GitRepository.Change> changes;
  private final List<GitRepository.Change> spans = new ArrayList<>();

  private RealHistory(Path folder, int limit) throws IOException {
    this.folder = folder;
    this.repository = GitRepository.at(folder);
    this.commits = repository.spans("HEAD", limit, 0).size();
    this.changes = repository.changes("HEAD", limit);
    Map<String, Long> lines = repository.changedLines("HEAD", limit);
    Map<String, Long> sums = new HashMap<>();
    Map<GitRepository.Change, Long> sizes = new HashMap<>();
    List<GitRepository.Change> nearer = changes;
    for (int i = 2; i <= MAX_DISTANCE; i++) {
      // The last ancestor of the nearer span is the commit whose own change the longer one adds.
      nearer.forEach(
          span -> sums.merge(span.after(), lines.getOrDefault(span.before(), 0L), Long::sum));
      nearer = repository.spans("HEAD", limit, i);
      nearer.forEach(span ->
          sizes.put(
              span, lines.getOrDefault(span.after(), 0L) + sums.getOrDefault(span.after(), 0L)));
      spans.addAll(nearer);
    }
    spans.sort(Comparator.comparing(sizes::get));
  }

  /// The history the system properties name.
  public static RealHistory open() throws IOException {
    return of(
        Path.of(System.getProperty("latchkey.corpus", ".")).toAbsolutePath().normalize(),
        Integer.getInteger("latchkey.corpus.commits", ENOUGH));
  }

  /// The newest `limit` commits of the repository in, or around, a folder.
  public static RealHistory of(Path folder, int limit) throws IOException {
    return new RealHistory(folder, limit);
  }

  public GitRepository repository() {
    return repository;
  }

  /// How many commits are walked.
  public int commits() {
    return commits;
  }

  /// Each commit with its first parent, newest first.
  public List<GitRepository.Change> changes() {
    return changes;
  }

  /// Each commit with its ancestors 2 to 24 first parents back, about the smallest diff first: what
  /// a test takes from when the changes are fewer than [#ENOUGH].
  public List<GitRepository.Change> spans() {
    return spans;
  }

  /// Whether a test over this history must have covered [#ENOUGH] diffs.
  public boolean isLong() {
    return commits >= LONG;
  }

  /// The least number of diffs that a test must have covered: enough of a long history, else all
  /// there are, up to enough, less the `blank` ones in which there was nothing to cover.
  public int required(int blank) {
    return isLong() ? ENOUGH : Math.min(ENOUGH, changes.size() + spans.size() - blank);
  }

  @Override
  public void close() {
    repository.close();
  }

  /// The folder and how much of its history is walked.
  @Override
  public String toString() {
    return "%s, %,d commits".formatted(folder, commits);
  }
}
