package dev.latchkey.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class WebhooksTest {

  @Test
  void aBodyIsJsonOf8KiB() {
    byte[] body = new Webhooks(1, 10).next().body();

    JsonNode json = new JsonMapper().readTree(body);

    assertThat(body).hasSize(8192);
    assertThat(json.path("pull_request").path("head").path("sha").asString())
        .matches("[0-9a-f]{40}");
    assertThat(json.path("repository").path("pulls_url").asString()).contains("/pulls");
  }

  /// Bodies that shrink to nothing would flatter whoever compresses them.
  @Test
  void aBodyIsCompressedToAQuarter() {
    byte[] body = new Webhooks(1, 10).next().body();

    Deflater deflater = new Deflater();
    deflater.setInput(body);
    deflater.finish();
    int compressed = deflater.deflate(new byte[body.length]);
    deflater.end();

    assertThat(compressed).isBetween(body.length / 5, body.length / 3);
  }

  @Test
  void noTwoAreTheSame() {
    Webhooks webhooks = new Webhooks(1, 10);
    Set<String> ids = new HashSet<>();
    Set<String> bodies = new HashSet<>();

    for (int i = 0; i < 1_000; i++) {
      Webhook webhook = webhooks.next();
      ids.add(webhook.id());
      bodies.add(new String(webhook.body(), US_ASCII));
    }

    assertThat(ids).hasSize(1_000);
    assertThat(bodies).hasSize(1_000);
  }

  @Test
  void theSameSeedMakesTheSame() {
    Webhooks one = new Webhooks(7, 10);
    Webhooks other = new Webhooks(7, 10);

    Webhook first = one.next();
    Webhook same = other.next();

    assertThat(same).usingRecursiveComparison().isEqualTo(first);
    assertThat(other.next().id()).isNotEqualTo(first.id());
  }

  @Test
  void allLanesAreUsed() {
    Webhooks webhooks = new Webhooks(1, 5);
    Set<String> lanes = new HashSet<>();

    for (int i = 0; i < 200; i++) {
      lanes.add(webhooks.next().lane());
    }

    assertThat(lanes).hasSize(5);
  }
}
