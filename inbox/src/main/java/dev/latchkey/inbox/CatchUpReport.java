package dev.latchkey.inbox;

/// What a look at a [DeliverySource] has brought.
///
/// @param calls to the source
/// @param listed how many deliveries it listed
/// @param stored how many of them were unknown, and are durable now
/// @param gone how many were unknown, and the sender no longer has them
/// @param failed how many could not be fetched or stored, and are tried again
/// @param complete whether the whole list was seen and stored, so that the watermark moved; if not,
///   the next look goes on
public record CatchUpReport(
    int calls, int listed, int stored, int gone, int failed, boolean complete) {}
