package dev.latchkey.bench;

/// A delivery as it is handed to each peer.
///
/// @param id what a peer knows it again by
/// @param kind which of a peer's handlers does it
/// @param lane what it is about
@SuppressWarnings("ArrayRecordComponent") // Never compared, and made millions of times.
record Webhook(String id, String kind, String lane, byte[] body) {}
