package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Database;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The real server as a process of its own, told to stop.
class GracefulStopTest {

  @TempDir private Path folder;

  @Test
  void afterSigtermWhatWasAcceptedIsThereAndTheDatabaseIsFree() throws Exception {
    Path log = folder.resolve("log");
    Process server = start(log);
    try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
        HttpClient client = HttpClient.newHttpClient()) {
      String ready = String.valueOf(out.readLine());
      URI webhooks = URI.create(ready.replaceAll(".* ?webhooks=(\\S+).*", "$1"));
      assertThat(deliver(client, webhooks)).isEqualTo(202);

      try (Socket idle = new Socket(InetAddress.getLoopbackAddress(), webhooks.getPort())) {
        assertThat(idle.isConnected()).isTrue();
        server.destroy();

        assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
    } finally {
      server.destroyForcibly();
    }

    assertThat(server.exitValue()).isEqualTo(143);
    List<String> lines = Files.readAllLines(log);
    assertThat(lines)
        .anySatisfy(line -> {
          var event = JsonMapper.shared().readTree(line);
          assertThat(event.path("event").stringValue()).isEqualTo("server.stopping");
        });
    assertThat(lines).allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
    assertThat(String.join("\n", lines)).doesNotContain(TestServer.SECRET);
    try (Database database = Database.open(folder.resolve("latchkey.db"))) {
      assertThat(database.check()).isEmpty();
      assertThat(
              database.query(
                  "SELECT state FROM latchkey_work WHERE kind = 'review'",
                  row -> String.valueOf(row.text(1))))
          .containsExactly("WAITING");
    }
  }

  private Process start(Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "serve"));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> settings = new HashMap<>(TestServer.settings(folder));
    settings.put("LATCHKEY_REVIEW_QUIET", "1h");
    settings.put("LATCHKEY_REVIEW_QUIET_MAX", "1h");
    settings.put("LATCHKEY_LOG_FORMAT", "json");
    builder.environment().putAll(settings);
    builder.redirectError(log.toFile());
    return builder.start();
  }

  private static int deliver(HttpClient client, URI webhooks) throws Exception {
    String body =
        """
        {"action":"synchronize","number":1,
         "pull_request":{"number":1,"state":"open","draft":false,
           "head":{"sha":"%s"},"base":{"ref":"main"}},
         "repository":{"id":5,"name":"web","full_name":"acme/web","owner":{"login":"acme"}},
         "installation":{"id":3},"sender":{"id":9,"login":"octocat","type":"User"}}
        """
            .formatted("a".repeat(40));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(TestServer.SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signature = HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    return client
        .send(
            HttpRequest.newBuilder(webhooks)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("X-GitHub-Event", "pull_request")
                .header("X-GitHub-Delivery", "stopped-1")
                .header("X-Hub-Signature-256", "sha256=" + signature)
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }
}
