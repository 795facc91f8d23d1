/// The server's log: its lines, what they are about, and what they never show.
@NullMarked
package dev.latchkey.server.log;

import org.jspecify.annotations.NullMarked;
