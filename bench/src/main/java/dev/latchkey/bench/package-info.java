/// Measures `kv` beside its peers, in one run, and `inbox` beside its own in another. Begin at
/// [Rows] or [QueueRow].
@NullMarked
package dev.latchkey.bench;

import org.jspecify.annotations.NullMarked;
