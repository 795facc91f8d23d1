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

/// What we know of the reviews we have published, and of those we may be publishing.
///
/// Whether a head has its review is read from here and from GitHub, never from whether some work
/// was once begun for it.
final class Publications {

  private static final StoreSpec<Publication> PUBLISHED =
      StoreSpec.of("published_reviews", Json.codec(Publication.class));
  private static final StoreSpec<String> ATTEMPTS =
      StoreSpec.of("publication_attempts", Codec.text());
  private static final StoreSpec<byte[]> MARKER_KEYS = StoreSpec.of("marker_keys", Codec.bytes());
  private static final String FIRST_KEY = "1";
  private static final int KEY_BYTES = 32;
  private static final Duration ATTEMPTS_MATTER = Duration.ofDays(7);

  private final Store<Publication> published;
  private final Store<String> attempts;
  private final Store<byte[]> markerKeys;
  private final InstantSource clock;

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

  Publications(Database database, InstantSource clock) {
    this.published = database.store(PUBLISHED);
    this.attempts = database.store(ATTEMPTS);
    this.markerKeys = database.store(MARKER_KEYS);
    this.clock = clock;
  }

  Optional<Publication> find(ReviewKey key) {
    return published.get(key.hash());
  }

  /// Remembers that the review is visible. Called inside the transaction which ends the step.
  void published(ReviewKey key, Publication publication) {
    published.put(key.hash(), publication);
    attempts.remove(key.hash());
  }

  /// Remembers, before a write to GitHub, that it may be on its way from now on.
  void attempt(ReviewKey key) {
    attempts.put(key.hash(), clock.instant().toString(), Expiry.after(ATTEMPTS_MATTER));
  }

  /// Returns when the last write for an unpublished review was sent, by this process or one before.
  Optional<Instant> lastAttempt(ReviewKey key) {
    return attempts.get(key.hash()).map(Instant::parse);
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
