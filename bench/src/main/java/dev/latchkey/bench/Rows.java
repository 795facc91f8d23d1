package dev.latchkey.bench;

import static dev.latchkey.bench.Operation.GET_HOT;
import static dev.latchkey.bench.Operation.GET_UNCACHED;
import static dev.latchkey.bench.Operation.PUT;
import static dev.latchkey.bench.Operation.PUT_NEW;
import static dev.latchkey.bench.Peer.KV;
import static dev.latchkey.bench.Peer.KV_LARGE;
import static dev.latchkey.bench.Peer.LMDB;
import static dev.latchkey.bench.Peer.LMDB_BEGIN;
import static dev.latchkey.bench.Peer.NAIVE;
import static dev.latchkey.bench.Peer.ROCKSDB;
import static dev.latchkey.bench.Peer.ROCKSDB_THREADS;

import java.util.List;

/// Everything that is measured but idling, and the goals.
final class Rows {
  private static final int SMALL = 100;
  private static final int LARGE = 1024;

  private static final List<Peer> FEW = List.of(KV, NAIVE, ROCKSDB, LMDB);
  private static final List<Peer> MANY = List.of(KV, NAIVE, ROCKSDB, ROCKSDB_THREADS, LMDB);
  private static final List<Peer> OF_LARGE =
      List.of(KV_LARGE, KV, NAIVE, ROCKSDB, ROCKSDB_THREADS, LMDB);
  private static final List<Peer> HOT = List.of(KV, NAIVE, ROCKSDB, LMDB, LMDB_BEGIN);

  private Rows() {}

  static List<Row> all() {
    Row alone = Row.of("get uncached, 1 caller", GET_UNCACHED, 1, SMALL, FEW).goal(1.1, NAIVE);
    return List.of(
        Row.of("put, 1 caller", PUT, 1, SMALL, FEW).goal(0.9, NAIVE),
        Row.of("put, 8 callers", PUT, 8, SMALL, FEW).goal(1.2, ROCKSDB),
        Row.of("put, 64 callers", PUT, 64, SMALL, MANY)
            .goal(12, NAIVE)
            .goal(1.2, ROCKSDB, ROCKSDB_THREADS),
        Row.of("put, 512 callers", PUT, 512, SMALL, MANY).goal(1.5, ROCKSDB, ROCKSDB_THREADS),
        Row.of("put new keys, 64 callers", PUT_NEW, 64, SMALL, MANY)
            .goal(0.8, ROCKSDB, ROCKSDB_THREADS),
        Row.of("put 1 KiB, 64 callers", PUT, 64, LARGE, OF_LARGE)
            .goal(1.0, ROCKSDB, ROCKSDB_THREADS),
        Row.of("get hot, 1 caller", GET_HOT, 1, SMALL, HOT).goal(1.5, LMDB, LMDB_BEGIN),
        Row.of("get hot, 8 callers", GET_HOT, 8, SMALL, HOT).goal(1.5, LMDB, LMDB_BEGIN),
        alone,
        Row.of("get uncached, 2 callers", GET_UNCACHED, 2, SMALL, FEW)
            .goal(1.1, NAIVE)
            .growingFrom(alone),
        Row.of("get uncached, 4 callers", GET_UNCACHED, 4, SMALL, FEW)
            .goal(1.1, NAIVE)
            .growingFrom(alone));
  }
}
