/// Measures `kv` beside its peers, in one run. Begin at [Rows].
@NullMarked
package dev.latchkey.bench;

import org.jspecify.annotations.NullMarked;
