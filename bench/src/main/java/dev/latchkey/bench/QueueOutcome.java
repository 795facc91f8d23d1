package dev.latchkey.bench;

import java.util.List;

/// What one queue has shown in one row, round by round.
///
/// @param toStart from the call of accept until the handler was called; empty where none was
record QueueOutcome(QueueRow row, QueuePeer peer, List<Measurement> rounds, Latencies toStart)
    implements Rounds {}
