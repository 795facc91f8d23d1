package dev.latchkey.server;

import dev.latchkey.github.CheckState;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.Entry;
import dev.latchkey.kv.Expiry;
import dev.latchkey.kv.KeyRange;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import dev.latchkey.review.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What we know of the reviews we have published, and of the findings in them.
///
/// Whether a head has its review is read from here and from GitHub, never from whether some work
/// was once begun for it.
final class Publications {

  private static final StoreSpec<Publication> PUBLISHED =
      StoreSpec.of("published_reviews", Json.codec(Publication.class));
  private static final StoreSpec<Posted> FINDINGS =
      StoreSpec.of("posted_findings", Json.codec(Posted.class));
  private static final StoreSpec<Intended> INTENDED =
      StoreSpec.of("intended_reviews", Json.codec(Intended.class));
  private static final int MOST = 10_000;

  private final Store<Publication> published;
  private final Store<Posted> findings;
  private final Store<Intended> intended;

  /// A review which is visible at GitHub.
  ///
  /// @param key as [ReviewKey#hash]
  /// @param review GitHub's id
  /// @param node GitHub's id of it for GraphQL
  /// @param conclusion what the check run says of it
  /// @param inline how many comments stand at lines
  /// @param told whether the check run and the summary say so too
  /// @param minimised whether it is folded up as outdated
  record Publication(
      PullRef pull,
      String key,
      String head,
      String baseRef,
      int round,
      long review,
      String node,
      String title,
      CheckState.Conclusion conclusion,
      int inline,
      String model,
      long inputTokens,
      long outputTokens,
      Instant at,
      boolean told,
      boolean minimised) {

    Publication asTold() {
      return with(true, minimised);
    }

    Publication asMinimised() {
      return with(told, true);
    }

    Publication shown(long id, String nodeId) {
      return new Publication(
          pull,
          key,
          head,
          baseRef,
          round,
          id,
          nodeId,
          title,
          conclusion,
          inline,
          model,
          inputTokens,
          outputTokens,
          at,
          told,
          minimised);
    }

    private Publication with(boolean nowTold, boolean nowMinimised) {
      return new Publication(
          pull,
          key,
          head,
          baseRef,
          round,
          review,
          node,
          title,
          conclusion,
          inline,
          model,
          inputTokens,
          outputTokens,
          at,
          nowTold,
          nowMinimised);
    }
  }

  /// A finding that stands in a comment at its line.
  ///
  /// @param key of the review it was posted with
  /// @param line what it says, as Markdown in one line
  record Posted(String key, String line, Severity severity) {}

  /// A review that is about to be published, with what it posts.
  private record Intended(Publication publication, Map<String, Posted> posted) {}

  Publications(Database database) {
    this.intended = database.store(INTENDED);
    this.published = database.store(PUBLISHED);
    this.findings = database.store(FINDINGS);
  }

  Optional<Publication> find(PullRef pull, String key) {
    return published.get(name(pull, key));
  }

  /// Returns those of a pull request.
  List<Publication> of(PullRef pull) {
    return published.scan(KeyRange.prefix(pull.lane() + "/"), MOST).stream()
        .map(Entry::value)
        .toList();
  }

  /// Returns a page of all, by pull request.
  ///
  /// @param after the name of the last one of the page before; empty for the first page
  List<Entry<Publication>> page(String after, int limit) {
    KeyRange all = KeyRange.all();
    return published.scan(after.isEmpty() ? all : all.after(after), limit);
  }

  /// Remembers a review, and the findings at its lines by fingerprint. Called inside the
  /// transaction which ends the step.
  void published(Publication publication, Map<String, Posted> posted) {
    published.put(name(publication.pull(), publication.key()), publication);
    intended.remove(name(publication.pull(), publication.key()));
    posted.forEach(
        (fingerprint, finding) -> findings.put(name(publication.pull(), fingerprint), finding));
  }

  /// Remembers what is about to be published, in case that we never learn that it was.
  void intend(Publication publication, Map<String, Posted> posted) {
    intended.put(
        name(publication.pull(), publication.key()),
        new Intended(publication, posted),
        Expiry.after(Writes.LATEST.multipliedBy(2)));
  }

  /// Remembers a review that turned out to be visible, if it was intended and isn't known yet.
  void found(PullRef pull, String key, long review, String node) {
    if (published.contains(name(pull, key))) {
      return;
    }
    intended
        .get(name(pull, key))
        .ifPresent(one -> published(one.publication().shown(review, node), one.posted()));
  }

  void update(Publication publication) {
    published.put(name(publication.pull(), publication.key()), publication);
  }

  /// Returns the findings that were posted on a pull request, by fingerprint.
  Map<String, Posted> posted(PullRef pull) {
    int prefix = pull.lane().length() + 1;
    return findings.scan(KeyRange.prefix(pull.lane() + "/"), MOST).stream()
        .collect(Collectors.toMap(entry -> entry.key().substring(prefix), Entry::value));
  }

  private static String name(PullRef pull, String rest) {
    return pull.lane() + "/" + rest;
  }
}
