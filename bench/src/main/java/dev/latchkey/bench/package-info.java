/// Measures `kv` beside its peers, in one run, and `inbox` and the diff parser beside their own in
/// others. Begin at [Rows], [QueueRow] or [DiffPeer].
@NullMarked
package dev.latchkey.bench;

import org.jspecify.annotations.NullMarked;
