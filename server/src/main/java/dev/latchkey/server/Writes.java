package dev.latchkey.server;

import dev.latchkey.github.GitHubException;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.Entry;
import dev.latchkey.kv.Expiry;
import dev.latchkey.kv.KeyRange;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Remembers which writes may be on their way to GitHub.
///
/// That a write is about to be sent is kept before it is. If its answer comes, that is forgotten
/// again; if it is lost, or the process dies, the write may have been done, be done later, or
/// never. Nobody looks for it before the settle window is over ([#requireSettled]), and for some
/// time after that the pull request is looked at again and again, since GitHub may still do it
/// ([#isLate]).
///
/// A write has a name within its pull request, such as `summary`.
final class Writes {

  /// The longest that a call which writes may take, waiting for its turn included.
  static final Duration LONGEST = Duration.ofSeconds(60);

  /// How long after it was sent a write whose answer was lost is reckoned with.
  static final Duration LATEST = Duration.ofHours(2);

  private static final StoreSpec<Intent> INTENTS =
      StoreSpec.of("write_intents", Json.codec(Intent.class));
  private static final int MOST = 1_000;

  private final Store<Intent> intents;
  private final InstantSource clock;
  private final Duration window;
  private final Instant started;

  /// Of this process, so that a write of an earlier one is told apart.
  private final String process = UUID.randomUUID().toString();

  /// A write that was sent.
  ///
  /// @param open whether nobody has looked yet what became of it
  /// @param lost whether the answer of this one or one before it was lost
  private record Intent(PullRef pull, String process, Instant at, boolean open, boolean lost) {

    Intent looked() {
      return new Intent(pull, process, at, false, true);
    }
  }

  /// What GitHub shows may not include the last write yet.
  static final class NotSettled extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Instant until;

    private NotSettled(String name, Instant until) {
      super("GitHub may still be at an earlier write: " + name);
      this.until = until;
    }

    Instant until() {
      return until;
    }
  }

  /// @param window how long GitHub may take with a write that was sent
  Writes(Database database, InstantSource clock, Duration window) {
    this.intents = database.store(INTENTS);
    this.clock = clock;
    this.window = window;
    this.started = clock.instant();
  }

  /// Sends a write. If its answer is lost, the name stays unsettled.
  ///
  /// @throws GitHubException as the call does
  <T> T send(PullRef pull, String name, Supplier<T> call) {
    sent(pull, name);
    try {
      T result = call.get();
      answered(pull, name);
      return result;
    } catch (GitHubException.OutcomeUnknown e) {
      sent(pull, name);
      throw e;
    } catch (GitHubException e) {
      answered(pull, name);
      throw e;
    }
  }

  /// To be called before looking at GitHub for what an earlier write may have done.
  ///
  /// @throws NotSettled if it is too early to look
  void requireSettled(PullRef pull, String name) {
    Optional<Intent> last = open(pull, name);
    if (last.isEmpty()) {
      return;
    }
    Instant settled = settledAt(last.get());
    if (settled.isAfter(clock.instant())) {
      throw new NotSettled(pull + " " + name, settled);
    }
    keep(name, last.get().looked());
  }

  /// Whether it is not too early to look.
  boolean isSettled(PullRef pull, String name) {
    return open(pull, name).filter(last -> settledAt(last).isAfter(clock.instant())).isEmpty();
  }

  /// Whether a write may still come late whose name begins so.
  boolean isLate(PullRef pull, String prefix) {
    return !late(pull, prefix).isEmpty();
  }

  /// Returns the names of writes that may still come late and begin so.
  List<String> late(PullRef pull, String prefix) {
    int lane = key(pull, "").length();
    return scan(key(pull, prefix)).map(entry -> entry.key().substring(lane)).toList();
  }

  /// Returns the pull requests to which a write may still come late.
  Set<PullRef> latePulls() {
    return scan("").map(entry -> entry.value().pull()).collect(Collectors.toSet());
  }

  private Stream<Entry<Intent>> scan(String prefix) {
    KeyRange range = prefix.isEmpty() ? KeyRange.all() : KeyRange.prefix(prefix);
    return intents.scan(range, MOST).stream()
        .filter(entry -> entry.value().lost() || isOfAnother(entry.value()));
  }

  /// Whether its sender is gone: one of this process is being answered right now.
  private boolean isOfAnother(Intent intent) {
    return intent.open() && !intent.process().equals(process);
  }

  private Optional<Intent> open(PullRef pull, String name) {
    return intents.get(key(pull, name)).filter(Intent::open);
  }

  private void sent(PullRef pull, String name) {
    boolean lost =
        intents.get(key(pull, name)).map(last -> last.lost() || last.open()).orElse(false);
    keep(name, new Intent(pull, process, clock.instant(), true, lost));
  }

  private void answered(PullRef pull, String name) {
    Intent last = intents.get(key(pull, name)).orElseThrow();
    if (last.lost()) {
      keep(name, last.looked());
    } else {
      intents.remove(key(pull, name));
    }
  }

  private void keep(String name, Intent intent) {
    intents.put(key(intent.pull(), name), intent, Expiry.after(LATEST));
  }

  private static String key(PullRef pull, String name) {
    return pull.lane() + "/" + name;
  }

  private Instant settledAt(Intent intent) {
    return sentAt(intent).plus(window);
  }

  /// A process before this one can have sent it until this one started, but no later than its
  /// call's deadline.
  private Instant sentAt(Intent intent) {
    if (intent.process().equals(process)) {
      return intent.at();
    }
    Instant deadline = intent.at().plus(LONGEST);
    return deadline.isBefore(started) ? deadline : started;
  }
}
