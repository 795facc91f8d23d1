package dev.latchkey.inbox;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;

/// How an inbox is run.
///
/// @param router says what deliveries ask for
/// @param clock decides what is due, and what a limit's window holds
/// @param workers how many works run at the same time, 1 to 1,024
/// @param retry how failed works are tried again
/// @param drainTimeout how long closing waits for works under way, zero to 1 hour
/// @param maxBodyBytes the largest body of a delivery, 0 to 256 MiB
/// @param listener told what happens
/// @param random chooses how long a failed work waits; used by one thread at a time
public record InboxOptions(
    Router router,
    InstantSource clock,
    int workers,
    RetryPolicy retry,
    Duration drainTimeout,
    int maxBodyBytes,
    InboxListener listener,
    RandomGenerator random) {

  private static final int MAX_WORKERS = 1_024;
  private static final Duration MAX_DRAIN = Duration.ofHours(1);
  private static final int MAX_BODY_BYTES = 256 << 20;

  // The largest webhook GitHub sends.
  private static final int DEFAULT_BODY_BYTES = 25 << 20;

  public InboxOptions {
    Objects.requireNonNull(router, "router");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(retry, "retry");
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(random, "random");
    if (workers < 1 || workers > MAX_WORKERS) {
      throw new IllegalArgumentException(
          "workers is " + workers + ", allowed are 1 to " + MAX_WORKERS);
    }
    if (drainTimeout.isNegative() || drainTimeout.compareTo(MAX_DRAIN) > 0) {
      throw new IllegalArgumentException(
          "drainTimeout is " + drainTimeout + ", allowed are zero to " + MAX_DRAIN);
    }
    if (maxBodyBytes < 0 || maxBodyBytes > MAX_BODY_BYTES) {
      throw new IllegalArgumentException(
          "maxBodyBytes is " + maxBodyBytes + ", allowed are 0 to " + MAX_BODY_BYTES);
    }
  }

  /// Returns the options with the system's clock, 16 workers, [RetryPolicy#defaults], 10 seconds to
  /// drain, bodies up to 25 MiB and no listener.
  public static InboxOptions of(Router router) {
    return new InboxOptions(
        router,
        InstantSource.system(),
        16,
        RetryPolicy.defaults(),
        Duration.ofSeconds(10),
        DEFAULT_BODY_BYTES,
        InboxListener.none(),
        new Random());
  }

  public InboxOptions withRouter(Router router) {
    return new InboxOptions(
        router, clock, workers, retry, drainTimeout, maxBodyBytes, listener, random);
  }

  public InboxOptions withClock(InstantSource clock) {
    return new InboxOptions(
        router, clock, workers, retry, drainTimeout, maxBodyBytes, listener, random);
  }

  public InboxOptions withWorkers(int workers) {
    return new InboxOptions(
        router, clock, workers, retry, drainTimeout, maxBodyBytes, listener, random);
  }

  public InboxOptions withRetry(RetryPolicy retry) {
    return new InboxOptions(
        router, clock, workers, retry, drainTimeout, maxBodyBytes, listener, random);
  }

  public InboxOptions withDrainTimeout(Duration drainTimeout) {
    return new InboxOptions(
        router, clock, workers, retry, drainTimeout, maxBodyBytes, listener, random);
  }

  public InboxOptions withMaxBodyBytes(int maxBodyBytes) {
    return new InboxOptions(
        router, clock, workers, retry, drainTimeout, maxBodyBytes, listener, random);
  }

  public InboxOptions withListener(InboxListener listener) {
    return new InboxOptions(
        router, clock, workers, retry, drainTimeout, maxBodyBytes, listener, random);
  }

  public InboxOptions withRandom(RandomGenerator random) {
    return new InboxOptions(
        router, clock, workers, retry, drainTimeout, maxBodyBytes, listener, random);
  }
}
