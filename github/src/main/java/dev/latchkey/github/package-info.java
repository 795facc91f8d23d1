@NullMarked
package dev.latchkey.github;

import org.jspecify.annotations.NullMarked;
