package dev.latchkey.review;

import org.jspecify.annotations.Nullable;

/// A finding as the model wrote it, of which nothing is believed yet.
record RawFinding(
    String file,
    Side side,
    int line,
    String quote,
    Severity severity,
    double confidence,
    Category category,
    String claim,
    @Nullable String replacement) {}
