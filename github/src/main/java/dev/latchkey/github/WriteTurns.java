package dev.latchkey.github;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lets the writes of one installation through one after another, with a pause after each, as
/// GitHub's "Best practices for using the REST API" asks. Who waits, waits in order and at most
/// until the call's deadline.
final class WriteTurns implements AutoCloseable {
  private static final int LANES_KEPT = 1_000;

  /// One installation's. `users` is guarded by the outer object, `freeAt` by the turn.
  private static final class Lane {
    final Semaphore turn = new Semaphore(1, true);
    int users;
    long freeAt = System.nanoTime();
  }

  private final long pauseNanos;
  private final CountDownLatch closed = new CountDownLatch(1);

  /// Guarded by `this`. Idle ones go when there are many.
  private final Map<Long, Lane> lanes = new HashMap<>();

  WriteTurns(Duration pause) {
    this.pauseNanos = pause.toNanos();
  }

  /// Runs the write when it is its turn. The pause counts from its end, so that GitHub never sees
  /// two closer together than that.
  ///
  /// @throws GitHubException.Unavailable if the turn does not come by the deadline; the write was
  ///   not run
  <T> T inTurn(long installation, Request request, Deadline deadline, Supplier<T> write) {
    Lane lane = enter(installation);
    try {
      awaitTurn(lane, request, deadline);
      try {
        awaitPause(lane, request, deadline);
        T result;
        try {
          result = write.get();
        } finally {
          lane.freeAt = System.nanoTime() + pauseNanos;
        }
        return result;
      } finally {
        lane.turn.release();
      }
    } finally {
      leave(lane);
    }
  }

  /// Ends every wait.
  @Override
  public void close() {
    closed.countDown();
  }

  /// How many installations are remembered.
  synchronized int lanes() {
    return lanes.size();
  }

  private void awaitTurn(Lane lane, Request request, Deadline deadline) {
    try {
      if (!lane.turn.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
        throw notSent(request, "its turn did not come by its deadline", null);
      }
    } catch (InterruptedException e) {
      throw interrupted(request, e);
    }
  }

  private void awaitPause(Lane lane, Request request, Deadline deadline) {
    long pause = lane.freeAt - System.nanoTime();
    if (pause >= deadline.remainingNanos() && pause > 0) {
      throw notSent(request, "the pause between writes outlasts its deadline", null);
    }
    try {
      if (pause > 0 && closed.await(pause, TimeUnit.NANOSECONDS)) {
        throw new IllegalStateException("this GitHub client is closed");
      }
    } catch (InterruptedException e) {
      throw interrupted(request, e);
    }
  }

  private synchronized Lane enter(long installation) {
    if (lanes.size() >= LANES_KEPT) {
      long now = System.nanoTime();
      lanes.values().removeIf(lane -> lane.users == 0 && lane.freeAt - now <= 0);
    }
    Lane lane = lanes.computeIfAbsent(installation, id -> new Lane());
    lane.users++;
    return lane;
  }

  private synchronized void leave(Lane lane) {
    lane.users--;
  }

  private static GitHubException interrupted(Request request, InterruptedException e) {
    Thread.currentThread().interrupt();
    return notSent(request, "interrupted while it waited for its turn", e);
  }

  private static GitHubException notSent(Request request, String why, @Nullable Throwable cause) {
    return new GitHubException.Unavailable(request + ": not sent, " + why, null, cause);
  }
}
