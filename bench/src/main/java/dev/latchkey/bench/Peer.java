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
  /// A virtual thread that waits inside RocksDB keeps its carrier, so that no more callers than
  /// there are cores share a commit. With a platform thread for each they all do.
  ROCKSDB_THREADS("RocksDB, platform threads") {
    @Override
    Contender open(Path folder, boolean cached) throws Exception {
      return new RocksContender(folder);
    }

    @Override
    boolean isOnPlatformThreads() {
      return true;
    }
  },
  LMDB("LMDB") {
    @Override
    Contender open(Path folder, boolean cached) throws Exception {
      return new LmdbContender(folder, true);
    }
  },
  /// Without what LMDB's manual advises for those who read a lot.
  LMDB_BEGIN("LMDB, not renewing") {
    @Override
    Contender open(Path folder, boolean cached) throws Exception {
      return new LmdbContender(folder, false);
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

  /// Whether its callers are platform threads, however many they are.
  boolean isOnPlatformThreads() {
    return false;
  }

  boolean isKv() {
    return this == KV || this == KV_LARGE;
  }

  String title() {
    return title;
  }
}
