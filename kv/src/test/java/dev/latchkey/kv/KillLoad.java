package dev.latchkey.kv;

/// Who writes all the time in a child that is to be killed.
enum KillLoad {
  LIGHT(1, 0, 10),
  MIXED(3, 3, 100),
  HEAVY(8, 24, 4_000);

  final int platform;
  final int virtual;
  final int valueLength;

  KillLoad(int platform, int virtual, int valueLength) {
    this.platform = platform;
    this.virtual = virtual;
    this.valueLength = valueLength;
  }
}
