package dev.latchkey.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// RocksDB with the options it has by default and `sync`, without which a put reaches the disk some
/// time later. It groups the commits of callers which wait by itself.
final class RocksContender implements Contender, Contender.Client {
  private final Options options = new Options().setCreateIfMissing(true);
  private final WriteOptions sync = new WriteOptions().setSync(true);
  private final RocksDB database;

  RocksContender(Path folder) throws RocksDBException {
    database = RocksDB.open(options, folder.resolve("rocks").toString());
  }

  @Override
  public void load(List<String> keys, Values values) throws RocksDBException {
    try (WriteBatch batch = new WriteBatch();
        FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
      for (String key : keys) {
        batch.put(key.getBytes(UTF_8), values.next());
      }
      database.write(sync, batch);
      database.flush(flush);
    }
  }

  @Override
  public Client client() {
    return this;
  }

  @Override
  public void put(String key, byte[] value) throws RocksDBException {
    database.put(sync, key.getBytes(UTF_8), value);
  }

  @Override
  public byte[] get(String key) throws RocksDBException {
    byte[] value = database.get(key.getBytes(UTF_8));
    if (value == null) {
      throw new NoSuchElementException(key);
    }
    return value;
  }

  @Override
  public void close() {
    database.close();
    sync.close();
    options.close();
  }
}
