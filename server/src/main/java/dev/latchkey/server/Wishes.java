package dev.latchkey.server;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.KeyRange;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What people have asked of pull requests. All of it is read anew whenever a pull request is seen
/// to.
final class Wishes {

  private static final StoreSpec<String> PAUSES = StoreSpec.of("paused", Codec.text());
  private static final StoreSpec<String> ASKED = StoreSpec.of("asked", Codec.text());
  private static final StoreSpec<Round> ROUNDS = StoreSpec.of("rounds", Json.codec(Round.class));
  private static final StoreSpec<String> DISMISSED = StoreSpec.of("dismissed", Codec.text());
  private static final int FIRST_ROUND = 1;
  private static final int MOST = 10_000;

  private final Store<String> pauses;
  private final Store<String> asked;
  private final Store<Round> rounds;
  private final Store<String> dismissed;

  private record Round(int number) {}

  Wishes(Database database) {
    this.pauses = database.store(PAUSES);
    this.asked = database.store(ASKED);
    this.rounds = database.store(ROUNDS);
    this.dismissed = database.store(DISMISSED);
  }

  void pause(PullRef pull, String by) {
    pauses.put(pull.lane(), by);
  }

  void resume(PullRef pull) {
    pauses.remove(pull.lane());
  }

  /// Returns who paused the pull request, if somebody has.
  Optional<String> pausedBy(PullRef pull) {
    return pauses.get(pull.lane());
  }

  /// Remembers that somebody asked for a review of that head under that base, past skips. A later
  /// one isn't meant: what is pushed after a maintainer has looked may be anything.
  void ask(PullRef pull, String head, String baseRef) {
    asked.put(pull.lane(), name(pull, head, baseRef));
  }

  boolean isAsked(PullRef pull, String head, String baseRef) {
    return asked.get(pull.lane()).filter(name(pull, head, baseRef)::equals).isPresent();
  }

  /// Returns the round of a head under a base, from 1.
  int round(PullRef pull, String head, String baseRef) {
    return rounds.get(name(pull, head, baseRef)).map(Round::number).orElse(FIRST_ROUND);
  }

  /// Begins a new round, in which that head is reviewed again.
  void nextRound(PullRef pull, String head, String baseRef) {
    rounds.put(name(pull, head, baseRef), new Round(round(pull, head, baseRef) + 1));
  }

  /// Remembers that a finding is not to be told again.
  void dismiss(PullRef pull, String fingerprint, String by) {
    dismissed.put(pull.lane() + "/" + fingerprint, by);
  }

  /// Returns the fingerprints of what was dismissed.
  Set<String> dismissed(PullRef pull) {
    String prefix = pull.lane() + "/";
    return dismissed.scan(KeyRange.prefix(prefix), MOST).stream()
        .map(entry -> entry.key().substring(prefix.length()))
        .collect(Collectors.toSet());
  }

  private static String name(PullRef pull, String head, String baseRef) {
    return pull.lane() + "/" + head + "/" + Json.hash(baseRef);
  }
}
