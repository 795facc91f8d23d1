package dev.latchkey.simulator;

/// A remark of a check run at lines of a file.
///
/// @param level `notice`, `warning` or `failure`
/// @param title empty if there is none
public record SimulatedAnnotation(
    String path, int startLine, int endLine, String level, String title, String message) {}
