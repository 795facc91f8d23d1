package dev.latchkey.bench;

import org.jspecify.annotations.Nullable;

/// One of a crowd: does its duty until it is stopped.
final class Caller implements Runnable {
  private final Crowd crowd;
  private final Duty.Source duties;
  private final int number;
  private final Latencies latencies = new Latencies();
  private long finished;
  private @Nullable Throwable failure;

  Caller(Crowd crowd, Duty.Source duties, int number) {
    this.crowd = crowd;
    this.duties = duties;
    this.number = number;
  }

  @Override
  public void run() {
    Duty duty = null;
    try {
      duty = duties.begin(number);
      crowd.awaitStart();
      work(duty);
    } catch (Throwable e) {
      failure = e;
    } finally {
      if (duty != null) {
        duty.leave();
      }
      crowd.ended();
    }
  }

  private void work(Duty duty) throws Exception {
    int timedEvery = duty.timedEvery();
    for (long i = 0; ; i++) {
      duty.rest();
      if (i % timedEvery == 0) {
        long begin = System.nanoTime();
        duty.once();
        latencies.record(System.nanoTime() - begin);
      } else {
        duty.once();
      }
      // What ends after the stop took up time in the round, but counts as not done in it.
      if (crowd.isStopped()) {
        return;
      }
      finished++;
    }
  }

  /// The operations that ended within the round. To be asked once the round is over.
  long finished() {
    return finished;
  }

  Latencies latencies() {
    return latencies;
  }

  @Nullable Throwable failure() {
    return failure;
  }
}
