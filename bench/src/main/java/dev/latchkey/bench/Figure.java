package dev.latchkey.bench;

/// One figure that has a limit of its own, whatever the peers do.
///
/// @param isMet whether it's within the limit
record Figure(String name, String value, String limit, boolean isMet) {}
