package dev.latchkey.inbox;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// How an inbox is run. Immutable: each `with` returns changed options.
public final class InboxOptions implements Cloneable {

  private static final int MAX_RUNNING = 100_000;
  private static final Duration MAX_DRAIN = Duration.ofHours(1);
  private static final int MAX_BODY_BYTES = 256 << 20;

  // The largest webhook GitHub sends.
  private static final int DEFAULT_BODY_BYTES = 25 << 20;

  private Router router;
  private InstantSource clock = InstantSource.system();
  private int workers = 16;
  private int maxRunning = 256;
  private RetryPolicy retry = RetryPolicy.defaults();
  private LostCall lostCall = LostCall.REPEAT;
  private boolean reviving;
  private Duration drainTimeout = Duration.ofSeconds(10);
  private int maxBodyBytes = DEFAULT_BODY_BYTES;
  private long maxBytesInFlight = 256L << 20;
  private long maxBacklog = 1_000_000;
  private long minFreeBytes = 256L << 20;
  private Retention retention = Retention.defaults();
  private InboxListener listener = InboxListener.none();
  private RandomGenerator random = new Random();

  private InboxOptions(Router router) {
    this.router = Objects.requireNonNull(router, "router");
  }

  /// Returns the options with the system's clock, pools of 16 workers and 256 in all,
  /// [RetryPolicy#defaults], 10 seconds to drain, bodies up to 25 MiB and 256 MiB of them at the
  /// same time, a backlog up to 1,000,000 works, 256 MiB to be left free on the disk,
  /// [Retention#defaults] and no listener.
  public static InboxOptions of(Router router) {
    return new InboxOptions(router);
  }

  private InboxOptions with(Consumer<InboxOptions> change) {
    try {
      InboxOptions copy = (InboxOptions) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("this is cloneable", e);
    }
  }

  private static long require(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %d, allowed are %d to %d".formatted(what, value, least, most));
    }
    return value;
  }

  /// Sets who says what deliveries ask for.
  public InboxOptions withRouter(Router router) {
    Objects.requireNonNull(router, "router");
    return with(options -> options.router = router);
  }

  /// Sets what decides what is due, and what a limit's window holds.
  public InboxOptions withClock(InstantSource clock) {
    Objects.requireNonNull(clock, "clock");
    return with(options -> options.clock = clock);
  }

  /// Sets how many works of one kind run at the same time, unless its handler is registered with a
  /// number of its own; 1 to 100,000.
  public InboxOptions withWorkers(int workers) {
    require("workers", workers, 1, MAX_RUNNING);
    return with(options -> options.workers = workers);
  }

  /// Sets how many works of all kinds run at the same time, 1 to 100,000.
  public InboxOptions withMaxRunning(int maxRunning) {
    require("maxRunning", maxRunning, 1, MAX_RUNNING);
    return with(options -> options.maxRunning = maxRunning);
  }

  /// Sets how failed works are tried again.
  public InboxOptions withRetry(RetryPolicy retry) {
    Objects.requireNonNull(retry, "retry");
    return with(options -> options.retry = retry);
  }

  /// Sets what to do about a paid call that a crash interrupted.
  public InboxOptions withLostCall(LostCall lostCall) {
    Objects.requireNonNull(lostCall, "lostCall");
    return with(options -> options.lostCall = lostCall);
  }

  /// Sets whether a delivery that is sent again replays the works of it which are DEAD.
  public InboxOptions withReviving(boolean reviving) {
    return with(options -> options.reviving = reviving);
  }

  /// Sets how long closing waits for works under way, zero to 1 hour.
  public InboxOptions withDrainTimeout(Duration drainTimeout) {
    if (drainTimeout.isNegative() || drainTimeout.compareTo(MAX_DRAIN) > 0) {
      throw new IllegalArgumentException(
          "drainTimeout is " + drainTimeout + ", allowed are zero to " + MAX_DRAIN);
    }
    return with(options -> options.drainTimeout = drainTimeout);
  }

  /// Sets the largest body of a delivery, 0 to 256 MiB.
  public InboxOptions withMaxBodyBytes(int maxBodyBytes) {
    require("maxBodyBytes", maxBodyBytes, 0, MAX_BODY_BYTES);
    return with(options -> options.maxBodyBytes = maxBodyBytes);
  }

  /// Sets how many bytes of bodies may be on their way into the database at the same time; one body
  /// alone is always let in. At least 1.
  public InboxOptions withMaxBytesInFlight(long maxBytesInFlight) {
    require("maxBytesInFlight", maxBytesInFlight, 1, Long.MAX_VALUE);
    return with(options -> options.maxBytesInFlight = maxBytesInFlight);
  }

  /// Sets how many works may be ready, waiting, held or running before new deliveries are refused,
  /// 1 or more. It is counted as deliveries are let in, so those on their way at the same moment
  /// may exceed it by what their routers name.
  public InboxOptions withMaxBacklog(long maxBacklog) {
    require("maxBacklog", maxBacklog, 1, Long.MAX_VALUE);
    return with(options -> options.maxBacklog = maxBacklog);
  }

  /// Sets what must be left free on the database's disk for deliveries to be let in; 0 not to look.
  public InboxOptions withMinFreeBytes(long minFreeBytes) {
    require("minFreeBytes", minFreeBytes, 0, Long.MAX_VALUE);
    return with(options -> options.minFreeBytes = minFreeBytes);
  }

  /// Sets how long what is over is kept.
  public InboxOptions withRetention(Retention retention) {
    Objects.requireNonNull(retention, "retention");
    return with(options -> options.retention = retention);
  }

  /// Sets who is told what happens.
  public InboxOptions withListener(InboxListener listener) {
    Objects.requireNonNull(listener, "listener");
    return with(options -> options.listener = listener);
  }

  /// Sets what chooses how long a failed work waits; used by one thread at a time.
  public InboxOptions withRandom(RandomGenerator random) {
    Objects.requireNonNull(random, "random");
    return with(options -> options.random = random);
  }

  public Router router() {
    return router;
  }

  public InstantSource clock() {
    return clock;
  }

  public int workers() {
    return workers;
  }

  public int maxRunning() {
    return maxRunning;
  }

  public RetryPolicy retry() {
    return retry;
  }

  public LostCall lostCall() {
    return lostCall;
  }

  public boolean reviving() {
    return reviving;
  }

  public Duration drainTimeout() {
    return drainTimeout;
  }

  public int maxBodyBytes() {
    return maxBodyBytes;
  }

  public long maxBytesInFlight() {
    return maxBytesInFlight;
  }

  public long maxBacklog() {
    return maxBacklog;
  }

  public long minFreeBytes() {
    return minFreeBytes;
  }

  public Retention retention() {
    return retention;
  }

  public InboxListener listener() {
    return listener;
  }

  public RandomGenerator random() {
    return random;
  }
}
