package dev.latchkey.review;

/// One question to a model.
///
/// @param system the rules, which are ours
/// @param user the material, which is anybody's
/// @param schema the JSON schema of the answer wanted, as JSON text
/// @param maxOutputTokens where the model is to stop writing
public record ModelRequest(String system, String user, String schema, int maxOutputTokens) {}
