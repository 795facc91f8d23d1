package dev.latchkey.bench;

/// What one round has shown.
///
/// @param perSecond operations that ended in the round, per second
/// @param allocated bytes of the heap per operation, by all threads of the process
record Measurement(double perSecond, double allocated, Latencies latencies) {}
