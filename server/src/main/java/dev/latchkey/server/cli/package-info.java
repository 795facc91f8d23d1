/// The commands of `./latchkey`, each a class of its own.
@NullMarked
package dev.latchkey.server.cli;

import org.jspecify.annotations.NullMarked;
