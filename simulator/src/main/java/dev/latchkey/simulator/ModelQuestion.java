package dev.latchkey.simulator;

/// What a model is asked: the texts of the system messages and of the user messages, each joined by
/// an empty line.
public record ModelQuestion(String system, String user) {}
