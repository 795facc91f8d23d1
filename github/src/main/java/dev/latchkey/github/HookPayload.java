package dev.latchkey.github;

/// A delivery with what was sent.
///
/// @param body the payload as JSON. GitHub keeps it parsed, so these are not the bytes it signed
@SuppressWarnings("ArrayRecordComponent") // A copy of up to 25 MiB would buy nothing.
public record HookPayload(HookDelivery delivery, byte[] body) {}
