package dev.latchkey.bench;

import java.util.SplittableRandom;

/// A row's operation on a map.
final class KvDuty implements Duty {
  private final Row row;
  private final Keys keys;
  private final Contender.Client client;
  private final SplittableRandom random;
  private final Values values;

  /// @param seed unlike that of any other caller in any round
  KvDuty(Row row, Keys keys, Contender.Client client, long seed) {
    this.row = row;
    this.keys = keys;
    this.client = client;
    this.random = new SplittableRandom(seed);
    this.values = new Values(~seed, row.valueBytes());
  }

  @Override
  public int timedEvery() {
    return row.operation().timedEvery();
  }

  @Override
  public void once() throws Exception {
    switch (row.operation()) {
      case PUT -> client.put(keys.any(random), values.next());
      case PUT_NEW -> client.put(Keys.next(random), values.next());
      case GET_HOT -> check(keys.hot(random));
      case GET_UNCACHED -> check(keys.any(random));
    }
  }

  private void check(String key) throws Exception {
    byte[] value = client.get(key);
    if (value.length != row.valueBytes()) {
      throw new IllegalStateException(key + " has " + value.length + " bytes");
    }
  }

  @Override
  public void leave() {
    client.leave();
  }
}
