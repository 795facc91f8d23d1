package dev.latchkey.bench;

/// What a server has shown under a load.
///
/// @param perSecond webhooks answered with 202
/// @param latencies until the answer was there; from when the webhook was due, where that is set
/// @param serverProcessor nanoseconds of the processor per webhook, by the server
/// @param sendersProcessor the same by those who send
/// @param others how many processors did something else meanwhile, such as other people's builds or
///   the system's own work; 0 where there is no `/proc`
/// @param resident bytes of memory the server had at the end; 0 where there is no `/proc`
record ServerOutcome(
    ServerRow row,
    ServerPeer peer,
    double perSecond,
    Latencies latencies,
    double serverProcessor,
    double sendersProcessor,
    double others,
    long resident) {}
