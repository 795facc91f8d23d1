@NullMarked
package dev.latchkey.review;

import org.jspecify.annotations.NullMarked;
