package dev.latchkey.review;

/// The form of an answer, for providers that can hold a model to one. Every property is required
/// and none other allowed, as OpenAI's strict mode wants it; what is optional may be null.
final class AnswerSchema {
  static final String JSON =
      """
      {
        "type": "object",
        "additionalProperties": false,
        "required": ["nonce", "files_seen", "summary", "findings"],
        "properties": {
          "nonce": {"type": "string"},
          "files_seen": {"type": "array", "items": {"type": "string"}},
          "summary": {"type": "string"},
          "findings": {
            "type": "array",
            "items": {
              "type": "object",
              "additionalProperties": false,
              "required": ["file", "side", "line", "quote", "severity", "confidence", "category",
                "claim", "replacement"],
              "properties": {
                "file": {"type": "string"},
                "side": {"type": "string", "enum": ["RIGHT", "LEFT"]},
                "line": {"type": "integer"},
                "quote": {"type": "string"},
                "severity": {"type": "string", "enum": ["CRITICAL", "MAJOR", "MINOR", "NIT"]},
                "confidence": {"type": "number"},
                "category": {"type": "string", "enum": ["bug", "security", "concurrency",
                  "performance", "error-handling", "api", "test", "docs", "style"]},
                "claim": {"type": "string"},
                "replacement": {"type": ["string", "null"]}
              }
            }
          }
        }
      }
      """;

  private AnswerSchema() {}
}
