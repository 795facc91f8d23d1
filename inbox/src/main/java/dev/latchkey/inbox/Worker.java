package dev.latchkey.inbox;

import dev.latchkey.kv.KvException;
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
  private final Map<String, Integer> pools = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final RetryPolicy retry;
  private final RandomGenerator random;
  private final Herald herald;
  private final Doorway doorway;
  private final Endings endings;
  private final Function<Claims.Taken, Run> runs;

  Worker(
      InboxOptions options,
      Herald herald,
      Doorway doorway,
      Endings endings,
      Function<Claims.Taken, Run> runs) {
    this.clock = options.clock();
    this.retry = options.retry();
    this.random = options.random();
    this.herald = herald;
    this.doorway = doorway;
    this.endings = endings;
    this.runs = runs;
  }

  void register(String kind, int workers, Handler handler) {
    if (handlers.putIfAbsent(kind, handler) != null) {
      throw new IllegalStateException("kind " + kind + " has a handler already");
    }
    pools.put(kind, workers);
  }

  /// Returns how many works of a kind may run at the same time. Those without a handler only end.
  int pool(String kind) {
    return pools.getOrDefault(kind, Integer.MAX_VALUE);
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
    Run run = runs.apply(taken);
    Ending ending = handle(handler, run, claim);
    Ending suspension = run.suspension();
    return ending == null || suspension == null ? ending : suspension;
  }

  private @Nullable Ending handle(Handler handler, Run run, Claim claim) {
    // Whatever a handler throws, an Error as well: a work is never left running by nobody.
    try {
      Outcome outcome = handler.handle(run);
      return ending(Objects.requireNonNull(outcome, "handler returned null"));
    } catch (InboxException.Superseded superseded) {
      LOG.log(Level.INFO, () -> "event=work.superseded " + Herald.name(claim));
      return null;
    } catch (InboxException.Suspended suspended) {
      // One of another run, if this one wasn't suspended: a failure like any other.
      return ending(claim, suspended);
    } catch (Throwable failure) {
      LOG.log(
          Level.WARNING, () -> "event=work.failed " + Herald.name(claim) + Herald.failure(failure));
      return ending(claim, failure);
    }
  }

  private Ending ending(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done(var note, var alongside) -> new Ending.Done(Texts.note(note), alongside);
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
      Endings.Ended ended = endings.end(claim, ending);
      if (ended.state().isTerminal()) {
        doorway.ended();
      }
      tell(claim, ending, ended);
    } catch (InboxException.Superseded superseded) {
      LOG.log(Level.INFO, () -> "event=work.superseded " + Herald.name(claim));
    } catch (KvException failure) {
      throw failure;
    } catch (RuntimeException | Error failure) {
      if (!(ending instanceof Ending.Done)) {
        throw failure;
      }
      // What the application writes alongside has failed, and nothing was committed.
      LOG.log(
          Level.WARNING, () -> "event=work.failed " + Herald.name(claim) + Herald.failure(failure));
      settle(claim, ending(claim, failure));
    }
  }

  private void tell(Claim claim, Ending ending, Endings.Ended ended) {
    String note =
        switch (ending) {
          case Ending.Done(var text, _) -> text;
          case Ending.Dead(var error) -> error;
          case Ending.Cancelled(var reason) -> reason;
          case Ending.Retry(_, var error) -> error;
          case Ending.Delay(_, var reason) -> reason;
          case Ending.Held(var reason) -> reason;
          case Ending.Refused _ -> "a limit refuses a call";
        };
    Instant at = Instant.ofEpochMilli(ended.at());
    herald.tell(
        switch (ended.state()) {
          case DONE, DEAD, CANCELLED -> new Event.Ended(claim, ended.state(), note);
          case HELD -> new Event.Held(claim.work(), note);
          case READY, RUNNING -> new Event.HandedBack(claim.work());
          case WAITING ->
              switch (ending) {
                case Ending.Retry _ -> new Event.Retried(claim, at, note);
                case Ending.Delay _ -> new Event.Postponed(claim.work(), WaitReason.DELAY, at);
                case Ending.Refused _ -> new Event.Postponed(claim.work(), WaitReason.LIMIT, at);
                case Ending.Done _, Ending.Dead _, Ending.Cancelled _, Ending.Held _ ->
                    throw new IllegalStateException("a work waits after " + ending);
              };
        });
  }
}
