package dev.latchkey.bench;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.DatabaseOptions;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;

/// Latchkey's `kv`, with the options it has by default.
final class KvContender implements Contender, Contender.Client {
  static final StoreSpec<byte[]> SPEC = StoreSpec.of("bench", Codec.bytes());
  private static final int BATCH = 10_000;

  private final Database database;
  private final Store<byte[]> store;

  private KvContender(Database database, StoreSpec<byte[]> spec) {
    this.database = database;
    this.store = database.store(spec);
  }

  static KvContender open(Path folder, StoreSpec<byte[]> spec, boolean cached) {
    return new KvContender(Database.open(folder.resolve("kv.db"), options(cached)), spec);
  }

  /// The one place that says how kv is run. A caller shall see a stall as a late answer and not as
  /// a failure, whatever the disk does.
  private static DatabaseOptions options(boolean cached) {
    DatabaseOptions options = DatabaseOptions.defaults().withLockTimeout(Duration.ofMinutes(1));
    return cached ? options : options.withCacheBytes(0);
  }

  @Override
  public void load(List<String> keys, Values values) {
    for (int from = 0; from < keys.size(); from += BATCH) {
      List<String> batch = keys.subList(from, Math.min(keys.size(), from + BATCH));
      database.transact(() -> batch.forEach(key -> store.put(key, values.next())));
    }
  }

  @Override
  public Client client() {
    return this;
  }

  @Override
  public void put(String key, byte[] value) {
    store.put(key, value);
  }

  @Override
  public byte[] get(String key) {
    return store.get(key).orElseThrow(() -> new NoSuchElementException(key));
  }

  @Override
  public void close() {
    database.close();
  }
}
