package dev.latchkey.bench;

import java.time.Duration;
import java.util.List;

/// How much is measured of the queues.
///
/// @param rounds of each peer in each row
/// @param length of a round
/// @param warmUp what each peer does in each row before its first round, uncounted
/// @param backlog how many works there are beside those that are measured
/// @param interrupted how many works are running when the process is killed
record QueuePlan(
    List<QueueRow> rows,
    List<QueuePeer> peers,
    int rounds,
    Duration length,
    Duration warmUp,
    int backlog,
    int interrupted) {}
