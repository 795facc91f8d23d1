@NullMarked
package dev.latchkey.kv;

import org.jspecify.annotations.NullMarked;
