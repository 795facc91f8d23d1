package dev.latchkey.bench;

/// What is to be reached: so many times the operations per second of that peer, in the same row.
record Goal(Peer peer, double factor) {}
