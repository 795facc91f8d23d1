package dev.latchkey.review;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What each kind of endpoint says and expects on the wire, as its documentation has it.
enum Wire {
  OPENAI("/v1", "/chat/completions", "stop", "length"),
  ANTHROPIC("/v1", "/messages", "end_turn", "max_tokens"),
  OLLAMA("", "/api/chat", "stop", "length");

  private static final JsonMapper JSON = new JsonMapper();

  final String prefix;
  final String path;
  final String stop;
  final String length;

  Wire(String prefix, String path, String stop, String length) {
    this.prefix = prefix;
    this.path = prefix + path;
    this.stop = stop;
    this.length = length;
  }

  ModelChoice choice(String model) {
    return ModelChoice.of(name().toLowerCase(Locale.ROOT) + ":" + model);
  }

  URI url(int port) {
    return URI.create("http://127.0.0.1:" + port + prefix);
  }

  /// An answer of `usage.outputTokens()` tokens to a prompt of `usage.inputTokens()`.
  String completion(String content, String reason, Usage usage) {
    return JSON.writeValueAsString(
        switch (this) {
          case OPENAI -> openAi(content, reason, usage);
          case ANTHROPIC -> anthropic(content, reason, usage);
          case OLLAMA -> ollama(content, reason, usage);
        });
  }

  private static Map<String, Object> openAi(String content, String reason, Usage usage) {
    Map<String, ?> message = Map.of("role", "assistant", "content", content);
    return Map.of(
        "id",
        "c1",
        "object",
        "chat.completion",
        "created",
        1,
        "model",
        "m",
        "choices",
        List.of(Map.of("index", 0, "finish_reason", reason, "message", message)),
        "usage",
        Map.of("prompt_tokens", usage.inputTokens(), "completion_tokens", usage.outputTokens()));
  }

  private static Map<String, Object> anthropic(String content, String reason, Usage usage) {
    return Map.of(
        "id", "msg_1",
        "type", "message",
        "role", "assistant",
        "model", "m",
        "content", List.of(Map.of("type", "text", "text", content)),
        "stop_reason", reason,
        "usage",
            Map.of("input_tokens", usage.inputTokens(), "output_tokens", usage.outputTokens()));
  }

  private static Map<String, Object> ollama(String content, String reason, Usage usage) {
    return Map.of(
        "model",
        "m",
        "created_at",
        "2026-11-01T12:00:00.123456789Z",
        "message",
        Map.of("role", "assistant", "content", content),
        "done",
        true,
        "done_reason",
        reason,
        "total_duration",
        5_000_000_000L,
        "prompt_eval_count",
        usage.inputTokens(),
        "eval_count",
        usage.outputTokens());
  }

  String error(String message) {
    return JSON.writeValueAsString(
        switch (this) {
          case OPENAI -> Map.of("error", Map.of("message", message));
          case ANTHROPIC ->
              Map.of("type", "error", "error", Map.of("type", "an_error", "message", message));
          case OLLAMA -> Map.of("error", message);
        });
  }

  /// What each says to a prompt that it finds too long.
  String tooLong() {
    return switch (this) {
      case OPENAI -> "{\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"schema\"}}";
      case ANTHROPIC -> error("prompt is too long: 212847 tokens > 200000 maximum");
      case OLLAMA -> error("the input length exceeds the context length");
    };
  }
}
