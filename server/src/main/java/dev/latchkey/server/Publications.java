package dev.latchkey.server;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.Expiry;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What we know of the reviews we have published, and of those we may be publishing.
///
/// Whether a head has its review is read from here and from GitHub, never from whether some work
/// was once begun for it.
final class Publications {

  private static final StoreSpec<Publication> PUBLISHED =
      StoreSpec.of("published_reviews", Json.codec(Publication.class));
  private static final StoreSpec<Attempt> ATTEMPTS =
      StoreSpec.of("publication_attempts", Json.codec(Attempt.class));
  private static final StoreSpec<OpenCheck> OPEN_CHECKS =
      StoreSpec.of("open_checks", Json.codec(OpenCheck.class));
  private static final StoreSpec<byte[]> MARKER_KEYS = StoreSpec.of("marker_keys", Codec.bytes());
  private static final String FIRST_KEY = "1";
  private static final int KEY_BYTES = 32;

  /// The longest that a call which writes may take, waiting for its turn included.
  static final Duration LONGEST_WRITE = Duration.ofSeconds(60);

  private static final Duration ATTEMPTS_MATTER = Duration.ofDays(7);

  private final Store<Publication> published;
  private final Store<Attempt> attempts;
  private final Store<OpenCheck> openChecks;
  private final Store<byte[]> markerKeys;
  private final InstantSource clock;
  private final Instant started;

  /// Of this process, so that a write of an earlier one is told apart.
  private final String process = UUID.randomUUID().toString();

  /// A review which is visible at GitHub.
  ///
  /// @param review GitHub's id
  /// @param partial whether something was not read that should have been
  /// @param told whether the check run says so too
  record Publication(
      String pull, String head, long review, String title, boolean partial, boolean told) {

    Publication asTold() {
      return new Publication(pull, head, review, title, partial, true);
    }
  }

  /// A write which may be on its way to GitHub.
  record Attempt(String process, Instant at) {}

  /// A check run which says that a review is under way.
  ///
  /// @param key of the review, as [ReviewKey#hash]
  record OpenCheck(long id, String key) {}

  Publications(Database database, InstantSource clock) {
    this.published = database.store(PUBLISHED);
    this.attempts = database.store(ATTEMPTS);
    this.openChecks = database.store(OPEN_CHECKS);
    this.markerKeys = database.store(MARKER_KEYS);
    this.clock = clock;
    this.started = clock.instant();
  }

  Optional<Publication> find(ReviewKey key) {
    return published.get(key.hash());
  }

  /// Remembers that the review is visible. Called inside the transaction which ends the step.
  void published(ReviewKey key, Publication publication) {
    published.put(key.hash(), publication);
    attempts.remove(key.hash());
  }

  /// Remembers that a write to GitHub may be on its way: called before it is sent, and again when
  /// nobody knows what became of it.
  void attempt(ReviewKey key) {
    Attempt attempt = new Attempt(process, clock.instant());
    attempts.put(key.hash(), attempt, Expiry.after(ATTEMPTS_MATTER));
  }

  /// Returns from when on what GitHub shows includes the last write for an unpublished review, if
  /// there was one. A process before this one can have sent it until this one started, but no later
  /// than its call's deadline.
  ///
  /// @param window how long GitHub may take with a write that was sent
  Optional<Instant> settledAt(ReviewKey key, Duration window) {
    return attempts
        .get(key.hash())
        .map(attempt -> attempt.process().equals(process) ? attempt.at() : lastSent(attempt))
        .map(sent -> sent.plus(window));
  }

  private Instant lastSent(Attempt attempt) {
    Instant deadline = attempt.at().plus(LONGEST_WRITE);
    return deadline.isBefore(started) ? deadline : started;
  }

  /// Returns the pull request's check run which isn't completed yet.
  Optional<OpenCheck> openCheck(PullRef pull) {
    return openChecks.get(pull.lane());
  }

  void checkOpened(PullRef pull, OpenCheck check) {
    openChecks.put(pull.lane(), check);
  }

  void checkCompleted(PullRef pull) {
    openChecks.remove(pull.lane());
  }

  /// Returns the markers of this database, whose key is made at the first start. It is kept with
  /// the reviews it marks, and so is in the same backup.
  Markers markers() {
    byte[] fresh = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(fresh);
    markerKeys.putIfAbsent(FIRST_KEY, fresh);
    return new Markers(List.of(markerKeys.get(FIRST_KEY).orElseThrow()));
  }
}
