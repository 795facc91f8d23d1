package dev.latchkey.bench;

import java.util.List;

/// What one reader of diffs has shown, round by round; an operation is a megabyte of text.
record DiffOutcome(DiffPeer peer, List<Measurement> rounds) implements Rounds {}
