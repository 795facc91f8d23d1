package dev.latchkey.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/// LMDB by lmdbjava with durable commits, which is its default; each put is a transaction.
///
/// A write transaction belongs to the thread that began it, and beginning one waits for the former
/// inside native code, where a waiting virtual thread keeps its carrier. So callers wait for a lock
/// of Java's in front of it. A virtual thread never leaves its carrier between the beginning and
/// the commit, as nothing there waits for Java.
///
/// Each reading caller keeps one transaction which it renews for each get, as LMDB's manual
/// advises.
final class LmdbContender implements Contender {
  /// Address space, of which only what is used takes up room.
  private static final long MAP_BYTES = 8L << 30;

  private static final int MOST_READERS = 1024;
  private static final int MOST_KEY_BYTES = 512;
  private static final int MOST_VALUE_BYTES = 1 << 16;

  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> entries;
  private final Lock turn = new ReentrantLock();
  private final boolean renewing;

  LmdbContender(Path folder, boolean renewing) throws IOException {
    this.renewing = renewing;
    Path home = Files.createDirectories(folder.resolve("lmdb"));
    env = Env.create().setMapSize(MAP_BYTES).setMaxReaders(MOST_READERS).open(home.toFile());
    entries = env.openDbi((byte[]) null, DbiFlags.MDB_CREATE);
  }

  @Override
  public void load(List<String> keys, Values values) {
    Caller caller = new Caller();
    try (Txn<ByteBuffer> transaction = env.txnWrite()) {
      for (String key : keys) {
        caller.put(transaction, key, values.next());
      }
      transaction.commit();
    }
  }

  @Override
  public Client client() {
    return new Caller();
  }

  @Override
  public void close() {
    env.close();
  }

  private final class Caller implements Client {
    private final ByteBuffer key = ByteBuffer.allocateDirect(MOST_KEY_BYTES);
    private final ByteBuffer value = ByteBuffer.allocateDirect(MOST_VALUE_BYTES);
    private @Nullable Txn<ByteBuffer> reading;

    @Override
    public void put(String key, byte[] value) {
      turn.lock();
      try (Txn<ByteBuffer> transaction = env.txnWrite()) {
        put(transaction, key, value);
        transaction.commit();
      } finally {
        turn.unlock();
      }
    }

    void put(Txn<ByteBuffer> transaction, String key, byte[] value) {
      this.key.clear().put(key.getBytes(UTF_8)).flip();
      this.value.clear().put(value).flip();
      entries.put(transaction, this.key, this.value);
    }

    @Override
    public byte[] get(String key) {
      if (!renewing) {
        try (Txn<ByteBuffer> transaction = env.txnRead()) {
          return get(transaction, key);
        }
      }
      Txn<ByteBuffer> transaction = renewed();
      try {
        return get(transaction, key);
      } finally {
        transaction.reset();
      }
    }

    private byte[] get(Txn<ByteBuffer> transaction, String key) {
      this.key.clear().put(key.getBytes(UTF_8)).flip();
      ByteBuffer found = entries.get(transaction, this.key);
      if (found == null) {
        throw new NoSuchElementException(key);
      }
      byte[] copy = new byte[found.remaining()];
      found.get(copy);
      return copy;
    }

    private Txn<ByteBuffer> renewed() {
      if (reading == null) {
        reading = env.txnRead();
      } else {
        reading.renew();
      }
      return reading;
    }

    @Override
    public void leave() {
      if (reading != null) {
        reading.close();
      }
    }
  }
}
