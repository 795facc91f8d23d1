package dev.latchkey.github;

/// Reads webhooks' payloads.
@SuppressWarnings("DoNotCallSuggester")
final class WebhookPayload {
  private WebhookPayload() {}

  static WebhookEvent parse(String eventHeader, byte[] body) {
    throw new UnsupportedOperationException();
  }
}
