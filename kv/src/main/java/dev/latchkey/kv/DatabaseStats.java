package dev.latchkey.kv;

/// Counts since an engine was started.
///
/// @param transactions committed, single writes included
/// @param commits made durable; below `transactions` where commits were shared
/// @param rollbacks of transactions whose body threw
/// @param waitingWriters now
/// @param expired entries removed by sweeping
/// @param sizeBytes of the file and its log now; in memory, of the pages
public record DatabaseStats(
    long transactions,
    long commits,
    long rollbacks,
    int waitingWriters,
    long expired,
    long sizeBytes) {}
