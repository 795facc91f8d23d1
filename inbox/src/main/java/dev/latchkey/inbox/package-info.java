@NullMarked
package dev.latchkey.inbox;

import org.jspecify.annotations.NullMarked;
