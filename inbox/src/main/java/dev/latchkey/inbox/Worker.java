package dev.latchkey.inbox;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Runs a claimed work: calls its handler, and says what becomes of the work.
final class Worker {

  private static final Logger LOG = System.getLogger(Worker.class.getPackageName());

  // Keeps a handler that always asks for the present from spinning.
  private static final Duration SHORTEST_DELAY = Duration.ofSeconds(1);

  private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final RetryPolicy retry;
  private final RandomGenerator random;
  private final Herald herald;
  private final Endings endings;
  private final Function<Claims.Taken, Run> runs;

  Worker(InboxOptions options, Herald herald, Endings endings, Function<Claims.Taken, Run> runs) {
    this.clock = options.clock();
    this.retry = options.retry();
    this.random = options.random();
    this.herald = herald;
    this.endings = endings;
    this.runs = runs;
  }

  void register(String kind, Handler handler) {
    if (handlers.putIfAbsent(kind, handler) != null) {
      throw new IllegalStateException("kind " + kind + " has a handler already");
    }
  }

  /// Calls the handler and returns what is to become of the work, or null if that isn't for this
  /// run to say any more.
  @Nullable Ending handle(Claims.Taken taken) {
    Claim claim = taken.claim();
    herald.tell(new Event.Claimed(claim));
    Handler handler = handlers.get(claim.kind());
    if (handler == null) {
      return new Ending.Dead(Texts.note("no handler for kind " + claim.kind()));
    }
    // Whatever a handler throws, an Error as well: a work is never left running by nobody.
    try {
      Outcome outcome = handler.handle(runs.apply(taken));
      return ending(Objects.requireNonNull(outcome, "handler returned null"));
    } catch (InboxException.Superseded superseded) {
      LOG.log(Level.INFO, () -> "event=work.superseded " + Herald.name(claim));
      return null;
    } catch (Throwable failure) {
      LOG.log(
          Level.WARNING, () -> "event=work.failed " + Herald.name(claim) + Herald.failure(failure));
      return ending(claim, failure);
    }
  }

  private Ending ending(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done(var note) -> new Ending.Done(Texts.note(note));
      case Outcome.Dead(var reason) -> new Ending.Dead(Texts.note(reason));
      case Outcome.Later(var at, var reason) -> {
        Instant soonest = clock.instant().plus(SHORTEST_DELAY);
        yield new Ending.Delay(
            Times.millis(at.isBefore(soonest) ? soonest : at), Texts.note(reason));
      }
    };
  }

  private Ending ending(Claim claim, Throwable failure) {
    String error = Texts.failure(failure);
    if (failure instanceof PermanentFailure || claim.attempt() >= retry.maxAttempts()) {
      return new Ending.Dead(error);
    }
    Instant at =
        failure instanceof RetryAt named ? named.at() : clock.instant().plus(backoff(claim));
    return new Ending.Retry(Times.millis(at), error);
  }

  private Duration backoff(Claim claim) {
    long longest = retry.longestAfter(claim.attempt()).toMillis();
    synchronized (random) {
      return Duration.ofMillis(random.nextLong(longest + 1));
    }
  }

  /// Commits what becomes of the work, and tells it.
  void settle(Claim claim, Ending ending) {
    try {
      endings.end(claim, ending);
    } catch (InboxException.Superseded superseded) {
      LOG.log(Level.INFO, () -> "event=work.superseded " + Herald.name(claim));
      return;
    }
    herald.tell(
        switch (ending) {
          case Ending.Done(var note) -> new Event.Ended(claim, WorkState.DONE, note);
          case Ending.Dead(var error) -> new Event.Ended(claim, WorkState.DEAD, error);
          case Ending.Retry(var at, var error) ->
              new Event.Retried(claim, Instant.ofEpochMilli(at), error);
          case Ending.Delay(var at, _) ->
              new Event.Postponed(claim.work(), WaitReason.DELAY, Instant.ofEpochMilli(at));
        });
  }
}
