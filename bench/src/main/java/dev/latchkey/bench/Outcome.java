package dev.latchkey.bench;

import java.util.List;

/// What one peer has shown in one row, round by round.
record Outcome(Row row, Peer peer, List<Measurement> rounds) implements Rounds {}
