package dev.latchkey.server;

import dev.latchkey.kv.Database;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Remembers which heads are not reviewed, so that looking through open pull requests doesn't ask
/// again and again.
final class Refusals {

  private static final StoreSpec<Refusal> REFUSALS =
      StoreSpec.of("refusals", Json.codec(Refusal.class));

  private final Store<Refusal> refusals;
  private final InstantSource clock;

  /// Why a head is not reviewed.
  ///
  /// @param key of the review that there isn't
  /// @param lasting whether it stays so until somebody asks, since it was tried and failed
  record Refusal(String key, String reason, Instant at, boolean lasting) {}

  Refusals(Database database, InstantSource clock) {
    this.refusals = database.store(REFUSALS);
    this.clock = clock;
  }

  void refused(PullRef pull, ReviewKey key, String reason, boolean lasting) {
    refusals.put(pull.lane(), new Refusal(key.hash(), reason, clock.instant(), lasting));
  }

  /// Forgets why, as it is tried again.
  void forget(PullRef pull) {
    refusals.remove(pull.lane());
  }

  /// Returns the refusal of that review, if there was one.
  Optional<Refusal> of(PullRef pull, ReviewKey key) {
    return refusals.get(pull.lane()).filter(refusal -> refusal.key().equals(key.hash()));
  }
}
