package dev.latchkey.github;

/// A delivery with what it carried.
///
/// @param body the payload as JSON. GitHub keeps it parsed, so these are not the bytes that were
///   signed
@SuppressWarnings("ArrayRecordComponent") // Never compared; a payload may have megabytes.
public record HookPayload(HookDelivery delivery, byte[] body) {}
