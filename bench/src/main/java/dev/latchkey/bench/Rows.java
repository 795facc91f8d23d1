package dev.latchkey.bench;

import static dev.latchkey.bench.Peer.KV;
import static dev.latchkey.bench.Peer.KV_LARGE;
import static dev.latchkey.bench.Peer.LMDB;
import static dev.latchkey.bench.Peer.NAIVE;
import static dev.latchkey.bench.Peer.ROCKSDB;

import java.util.List;

/// Everything that is measured, and the goals.
final class Rows {
  private static final int SMALL = 100;
  private static final int LARGE = 1024;
  private static final List<Peer> PEERS = List.of(KV, NAIVE, ROCKSDB, LMDB);
  private static final List<Peer> LARGE_PEERS = List.of(KV_LARGE, KV, NAIVE, ROCKSDB, LMDB);

  private Rows() {}

  static List<Row> all() {
    return List.of(
        row("put, 1 caller", Operation.PUT, 1, new Goal(NAIVE, 0.9)),
        row("put, 8 callers", Operation.PUT, 8, new Goal(ROCKSDB, 1.2)),
        row("put, 64 callers", Operation.PUT, 64, new Goal(NAIVE, 12), new Goal(ROCKSDB, 1.2)),
        row("put, 512 callers", Operation.PUT, 512, new Goal(ROCKSDB, 1.5)),
        row("put new keys, 64 callers", Operation.PUT_NEW, 64, new Goal(ROCKSDB, 0.8)),
        new Row(
            "put 1 KiB, 64 callers",
            Operation.PUT,
            64,
            LARGE,
            LARGE_PEERS,
            List.of(new Goal(ROCKSDB, 1.0))),
        row("get hot, 1 caller", Operation.GET_HOT, 1, new Goal(LMDB, 1.5)),
        row("get hot, 8 callers", Operation.GET_HOT, 8, new Goal(LMDB, 1.5)),
        row("get uncached, 1 caller", Operation.GET_UNCACHED, 1, new Goal(NAIVE, 1.1)),
        row("get uncached, 2 callers", Operation.GET_UNCACHED, 2, new Goal(NAIVE, 1.1)),
        row("get uncached, 4 callers", Operation.GET_UNCACHED, 4, new Goal(NAIVE, 1.1)));
  }

  private static Row row(String name, Operation operation, int callers, Goal... goals) {
    return new Row(name, operation, callers, SMALL, PEERS, List.of(goals));
  }
}
