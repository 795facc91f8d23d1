package dev.latchkey.bench;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One caller in one round: does its operation until it is stopped.
final class Caller implements Runnable {
  private final Round round;
  private final Contender contender;
  private final SplittableRandom random;
  private final Values values;
  private final Latencies latencies = new Latencies();
  private long finished;
  private @Nullable Throwable failure;

  /// @param seed unlike that of any other caller in any round
  Caller(Round round, Contender contender, long seed) {
    this.round = round;
    this.contender = contender;
    this.random = new SplittableRandom(seed);
    this.values = new Values(~seed, round.row().valueBytes());
  }

  @Override
  public void run() {
    Contender.Client client = null;
    try {
      client = contender.client();
      round.awaitStart();
      work(client);
    } catch (Throwable e) {
      failure = e;
    } finally {
      if (client != null) {
        client.leave();
      }
      round.ended();
    }
  }

  private void work(Contender.Client client) throws Exception {
    int timedEvery = round.row().operation().timedEvery();
    for (long i = 0; ; i++) {
      if (i % timedEvery == 0) {
        long begin = System.nanoTime();
        once(client);
        latencies.record(System.nanoTime() - begin);
      } else {
        once(client);
      }
      // What ends after the stop took up time in the round, but counts as not done in it.
      if (round.isStopped()) {
        return;
      }
      finished++;
    }
  }

  private void once(Contender.Client client) throws Exception {
    Keys keys = round.keys();
    switch (round.row().operation()) {
      case PUT -> client.put(keys.any(random), values.next());
      case PUT_NEW -> client.put(Keys.next(random), values.next());
      case GET_HOT -> get(client, keys.hot(random));
      case GET_UNCACHED -> get(client, keys.any(random));
    }
  }

  private void get(Contender.Client client, String key) throws Exception {
    byte[] value = client.get(key);
    if (value.length != round.row().valueBytes()) {
      throw new IllegalStateException(key + " has " + value.length + " bytes");
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
