package dev.latchkey.review;

/// A reply, and the nonce its prompt was made with. The two are kept together: the answer is only
/// believed to have read the whole prompt if it gives the nonce back.
public record Answered(String nonce, ModelReply reply) {}
