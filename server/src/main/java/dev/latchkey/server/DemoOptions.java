package dev.latchkey.server;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the demonstration was asked for.
///
/// @param repository where the pull requests come from; null for the current folder, or the sample
///   if that is no repository
/// @param pullRequests how many at most, 1 to 100
/// @param exit ends when done instead of serving on
/// @param json prints one JSON document instead of a table
record DemoOptions(@Nullable Path repository, int pullRequests, boolean exit, boolean json) {}
