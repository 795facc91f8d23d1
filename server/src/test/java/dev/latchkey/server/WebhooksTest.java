package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WebhooksTest {

  private static final String ID = "72d3162e-cc78-11e3-81ab-4c9367dc0958";
  private static final int MIB = 1 << 20;

  /// A pull request's event that doesn't say which one.
  private static final String INSTALLED =
      "{\"action\":\"opened\",\"installation\":{\"id\":3},\"repository\":{\"id\":5}}";

  @TempDir private Path folder;
  private TestServer server;
  private HttpClient client;

  @BeforeEach
  void start() {
    server = new TestServer(folder);
    client = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void aDeliveryIsAcceptedAndItsRepetitionIsADuplicate() throws Exception {
    byte[] body = pullRequest("acme", "opened");

    HttpResponse<String> first = post(ID, "pull_request", body);
    HttpResponse<String> second = post(ID, "pull_request", body);

    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(first.body()).isEqualTo("{\"status\":\"accepted\"}");
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(second.body()).isEqualTo("{\"status\":\"duplicate\"}");
  }

  @Test
  void anEventWhichAsksForNothingIsIgnored() throws Exception {
    assertThat(post("1", "ping", bytes("{\"zen\":\"Design for failure.\"}")).body())
        .isEqualTo("{\"status\":\"ignored\"}");
    assertThat(post("2", "issues", bytes("{\"action\":\"opened\"}")).statusCode()).isEqualTo(200);
    assertThat(post("3", "pull_request", pullRequest("acme", "labeled")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void anUnknownEventMaySayWhatItLikesAsLongAsItIsJson() throws Exception {
    assertThat(post("1", "brand_new", bytes("{\"action\":[{}],\"number\":\"x\"}")).body())
        .isEqualTo("{\"status\":\"ignored\"}");
    assertThat(post("2", "brand_new", bytes("{}")).statusCode()).isEqualTo(200);

    assertThat(post("3", "brand_new", bytes("zen")).statusCode()).isEqualTo(400);
    assertThat(post("4", "pull_request", bytes(INSTALLED)).statusCode()).isEqualTo(400);
  }

  @Test
  void anotherOwnersPullRequestIsIgnored() throws Exception {
    HttpResponse<String> response = post(ID, "pull_request", pullRequest("stranger", "opened"));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"status\":\"ignored\"}");
  }

  @Test
  void theFormerSecretStillSigns() throws Exception {
    byte[] body = pullRequest("acme", "opened");
    String signature = sign("the webhook secret of last year", body);

    HttpResponse<String> response =
        send(request(ID, "pull_request", body).header("X-Hub-Signature-256", signature));

    assertThat(response.statusCode()).isEqualTo(202);
  }

  @Test
  void aWrongOrMissingSignatureIsRefusedWithoutSayingWhy() throws Exception {
    byte[] body = pullRequest("acme", "opened");
    HttpRequest.Builder wrong =
        request("1", "pull_request", body).header("X-Hub-Signature-256", sign("guess", body));
    HttpRequest.Builder sha1 =
        request("2", "pull_request", body).header("X-Hub-Signature", "sha1=" + "a".repeat(40));
    String right = sign(TestServer.SECRET, body);
    HttpRequest.Builder twice =
        request("3", "pull_request", body)
            .header("X-Hub-Signature-256", right)
            .header("X-Hub-Signature-256", right);

    HttpResponse<String> refused = send(wrong);

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(send(sha1).body()).isEqualTo(refused.body());
    assertThat(send(twice).body()).isEqualTo(refused.body());
    assertThat(send(request("4", "pull_request", body)).statusCode()).isEqualTo(401);
  }

  @Test
  void missingHeadersAndABodyWhichIsNoJsonAreTheSendersMistake() throws Exception {
    byte[] body = pullRequest("acme", "opened");
    HttpRequest.Builder noId =
        HttpRequest.newBuilder(server.webhooks())
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .header("X-GitHub-Event", "pull_request")
            .header("X-Hub-Signature-256", sign(TestServer.SECRET, body));

    assertThat(send(noId).statusCode()).isEqualTo(400);
    assertThat(post(ID, "pull_request", bytes("payload=%7B%7D")).statusCode()).isEqualTo(400);
    assertThat(post(ID, "pull_request", bytes("{\"a\":1,\"a\":2}")).statusCode()).isEqualTo(400);
    assertThat(post(ID, "pull_request", body).statusCode()).isEqualTo(202);
  }

  @Test
  void anAnnouncedBodyAboveTheLimitIsNotRead() throws Exception {
    String head = head() + "Content-Length: " + (25 * MIB + 1) + "\r\n\r\n";

    assertThat(raw(head, new byte[0])).isEqualTo("HTTP/1.1 413 Request Entity Too Large");
  }

  @Test
  void aBodyWhichGrowsAboveTheLimitIsCutOff() throws Exception {
    String head = head() + "Transfer-Encoding: chunked\r\n\r\n";
    String mebibyte = "100000\r\n" + "x".repeat(MIB) + "\r\n";

    String answer = raw(head, bytes(mebibyte.repeat(25) + "1\r\nx\r\n"));

    assertThat(answer).isEqualTo("HTTP/1.1 413 Request Entity Too Large");
  }

  @Test
  void aChunkAboveTheLimitIsNotRead() throws Exception {
    String chunk = Integer.toHexString(25 * MIB + 1) + "\r\n";

    String answer = raw(head() + "Transfer-Encoding: chunked\r\n\r\n", bytes(chunk));

    assertThat(answer).isEqualTo("HTTP/1.1 413 Request Entity Too Large");
  }

  @Test
  void aDatabaseWhichWasTakenAwayIsNeverAFalseAccept() throws Exception {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }

    HttpResponse<String> refused = post(ID, "pull_request", pullRequest("acme", "opened"));

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(get(server.health()).statusCode()).isEqualTo(503);
    assertThat(get(server.admin("/")).body()).contains("Failing: database");
  }

  @Test
  void healthIsOkWhileAllWorks() throws Exception {
    HttpResponse<String> response = get(server.health());

    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode body = JsonMapper.shared().readTree(response.body());
    assertThat(body.path("status").stringValue()).isEqualTo("ok");
    assertThat(body.path("checks").propertyNames())
        .containsExactly("database", "fsync", "disk", "backlog", "workers", "github", "model");
    assertThat(body.path("checks").path("workers").toString())
        .isEqualTo("{\"status\":\"ok\",\"detail\":\"working\"}");
  }

  @Test
  void theOverviewShowsWhatCameAndEscapesIt() throws Exception {
    post(ID, "pull_request", pullRequest("acme", "opened"));

    HttpResponse<String> page = get(server.admin("/"));

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("acme/web#1").doesNotContain("<script");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'");
    assertThat(get(server.admin("/style.css")).statusCode()).isEqualTo(200);
    assertThat(get(server.admin("/api/github/webhooks")).statusCode()).isEqualTo(404);
  }

  private byte[] pullRequest(String owner, String action) {
    return bytes(
        """
        {"action":"%s","number":1,
         "pull_request":{"number":1,"state":"open","draft":false,
           "head":{"sha":"%s"},"base":{"ref":"main"}},
         "repository":{"id":5,"name":"web","full_name":"%s/web","owner":{"login":"%s"}},
         "installation":{"id":3},"sender":{"id":9,"login":"octocat","type":"User"}}
        """
            .formatted(action, "a".repeat(40), owner, owner));
  }

  private HttpResponse<String> post(String id, String event, byte[] body) throws Exception {
    return send(
        request(id, event, body).header("X-Hub-Signature-256", sign(TestServer.SECRET, body)));
  }

  private HttpRequest.Builder request(String id, String event, byte[] body) {
    return HttpRequest.newBuilder(server.webhooks())
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .header("X-GitHub-Event", event)
        .header("X-GitHub-Delivery", id);
  }

  private HttpResponse<String> get(URI uri) throws Exception {
    return send(HttpRequest.newBuilder(uri));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String head() {
    return "POST /api/github/webhooks HTTP/1.1\r\nHost: localhost\r\n";
  }

  /// Sends bytes as they are and returns the first line of the answer.
  private String raw(String head, byte[] body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(bytes(head));
      out.write(body);
      out.flush();
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
          .readLine();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String sign(String secret, byte[] body) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(bytes(secret), "HmacSHA256"));
    return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
  }
}
