package dev.latchkey.bench;

/// What one round has shown.
///
/// @param perSecond operations that ended in the round, per second
/// @param processor nanoseconds of the processor per operation, by all threads of the process; they
///   hardly depend on what else the machine does
/// @param allocated bytes of the heap per operation, by all threads of the process
record Measurement(double perSecond, double processor, double allocated, Latencies latencies) {}
