package dev.latchkey.review;

/// What a review is to be like.
///
/// @param model the model's full name, for example `openai:qwen3`, part of every chunk's hash
/// @param inlineFrom the least severity posted at its line; what is below goes to the summary
/// @param maxInline how many findings are posted at their lines, from 0
/// @param chunkTokens how much of the diff one question holds, at a token for 3 bytes
/// @param maxChunks how many questions are asked at most; what is beyond is listed as not reviewed
/// @param maxFileTokens a file with more than this is left out
/// @param maxAnswerTokens where the model is to stop writing
/// @param rules what the repository's maintainers ask
public record ReviewOptions(
    String model,
    Severity inlineFrom,
    int maxInline,
    int chunkTokens,
    int maxChunks,
    int maxFileTokens,
    int maxAnswerTokens,
    Rules rules) {
  public ReviewOptions {
    atLeast(maxInline, 0, "maxInline");
    atLeast(chunkTokens, 200, "chunkTokens");
    atLeast(maxChunks, 1, "maxChunks");
    atLeast(maxFileTokens, 1, "maxFileTokens");
    atLeast(maxAnswerTokens, 100, "maxAnswerTokens");
  }

  private static void atLeast(int value, int least, String name) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
    }
  }

  /// For pull requests: inline from [Severity#MINOR], at most 10; 20 questions of 12,000 tokens.
  public static ReviewOptions of(String model) {
    return new ReviewOptions(model, Severity.MINOR, 10, 12_000, 20, 60_000, 4_000, Rules.NONE);
  }

  public ReviewOptions withInlineFrom(Severity severity) {
    return new ReviewOptions(
        model, severity, maxInline, chunkTokens, maxChunks, maxFileTokens, maxAnswerTokens, rules);
  }

  public ReviewOptions withMaxInline(int count) {
    return new ReviewOptions(
        model, inlineFrom, count, chunkTokens, maxChunks, maxFileTokens, maxAnswerTokens, rules);
  }

  public ReviewOptions withChunkTokens(int tokens) {
    return new ReviewOptions(
        model, inlineFrom, maxInline, tokens, maxChunks, maxFileTokens, maxAnswerTokens, rules);
  }

  public ReviewOptions withMaxChunks(int count) {
    return new ReviewOptions(
        model, inlineFrom, maxInline, chunkTokens, count, maxFileTokens, maxAnswerTokens, rules);
  }

  public ReviewOptions withMaxFileTokens(int tokens) {
    return new ReviewOptions(
        model, inlineFrom, maxInline, chunkTokens, maxChunks, tokens, maxAnswerTokens, rules);
  }

  public ReviewOptions withMaxAnswerTokens(int tokens) {
    return new ReviewOptions(
        model, inlineFrom, maxInline, chunkTokens, maxChunks, maxFileTokens, tokens, rules);
  }

  public ReviewOptions withRules(Rules asked) {
    return new ReviewOptions(
        model,
        inlineFrom,
        maxInline,
        chunkTokens,
        maxChunks,
        maxFileTokens,
        maxAnswerTokens,
        asked);
  }
}
