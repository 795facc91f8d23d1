package dev.latchkey.server;

import dev.latchkey.simulator.SimulatedGitHub;
import dev.latchkey.simulator.SimulatedGitHubOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// A server within the test's own process, beside a simulated GitHub. Nothing answers for the
/// model, so works don't get further than that.
final class TestServer implements AutoCloseable {

  static final String SECRET = "a webhook secret for tests only";

  private final SimulatedGitHub github;
  private final App app;

  TestServer(Path folder) {
    this(folder, Map.of());
  }

  /// @param more settings that go before the usual ones
  TestServer(Path folder, Map<String, String> more) {
    github =
        SimulatedGitHub.start(
            SimulatedGitHubOptions.of(
                InstantSource.system(), "4711", TestKeys.publicKey(), SECRET));
    Map<String, String> variables = new HashMap<>(settings(folder));
    variables.put("GITHUB_API_URL", github.uri().toString());
    variables.putAll(more);
    app = App.start(Settings.read(variables), App.Seams.none());
  }

  /// Settings which are complete and allowed.
  static Map<String, String> settings(Path folder) {
    return Map.ofEntries(
        Map.entry("APP_ID", "4711"),
        Map.entry("PRIVATE_KEY", TestKeys.privateKeyPem()),
        Map.entry("WEBHOOK_SECRET", SECRET),
        Map.entry("WEBHOOK_SECRET_PREVIOUS", "the webhook secret of last year"),
        Map.entry("GITHUB_API_URL", "http://127.0.0.1:9"),
        Map.entry("LATCHKEY_OWNERS", "acme"),
        Map.entry("LATCHKEY_REVIEW_QUIET", "0s"),
        Map.entry("LATCHKEY_LIMIT_PER_PULL_REQUEST", "1000/1h"),
        Map.entry("LATCHKEY_DATABASE", folder.resolve("latchkey.db").toString()),
        Map.entry("LATCHKEY_MODEL", "openai:none"),
        Map.entry("LATCHKEY_MODEL_URL", "http://127.0.0.1:9/v1"),
        Map.entry("HOST", "127.0.0.1"),
        Map.entry("PORT", "0"),
        Map.entry("ADMIN_PORT", "0"));
  }

  SimulatedGitHub github() {
    return github;
  }

  int port() {
    return app.webhookPort();
  }

  URI webhooks() {
    return at(app.webhookPort(), "/api/github/webhooks");
  }

  URI health() {
    return at(app.webhookPort(), "/health");
  }

  URI admin(String path) {
    return at(app.adminPort(), path);
  }

  private static URI at(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  @Override
  public void close() {
    app.close();
    github.close();
  }
}
