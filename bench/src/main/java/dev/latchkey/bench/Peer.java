package dev.latchkey.bench;

import java.nio.file.Path;

/// What is measured beside what.
enum Peer {
  KV("kv") {
    @Override
    Contender open(Path folder, boolean cached) {
      return KvContender.open(folder, KvContender.SPEC, cached);
    }
  },
  /// For values of 1 KiB or more, which [StoreSpec#ofLargeValues] keeps another way.
  KV_LARGE("kv, large values") {
    @Override
    Contender open(Path folder, boolean cached) {
      return KvContender.open(folder, KvContender.SPEC.ofLargeValues(), cached);
    }
  },
  NAIVE("naive JDBC") {
    @Override
    Contender open(Path folder, boolean cached) throws Exception {
      return new NaiveContender(folder);
    }
  },
  ROCKSDB("RocksDB") {
    @Override
    Contender open(Path folder, boolean cached) throws Exception {
      return new RocksContender(folder);
    }
  },
  LMDB("LMDB") {
    @Override
    Contender open(Path folder, boolean cached) throws Exception {
      return new LmdbContender(folder);
    }
  };

  private final String title;

  Peer(String title) {
    this.title = title;
  }

  /// Opens its database in the folder, which is created there if absent.
  ///
  /// @param cached whether it may keep values in the heap, which only kv does
  abstract Contender open(Path folder, boolean cached) throws Exception;

  String title() {
    return title;
  }
}
