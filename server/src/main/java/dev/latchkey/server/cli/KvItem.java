package dev.latchkey.server.cli;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An entry or a counter, as it was when read.
///
/// @param version null for a counter, which has none
/// @param expiresAt the deadline, or null if it has none
record KvItem(String key, KvValue value, @Nullable Long version, @Nullable Instant expiresAt) {}
