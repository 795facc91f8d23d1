package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Database;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What programs see on the operator's port, with works that wait for quiet for an hour.
class AdminApiTest {

  @TempDir private Path folder;
  private TestServer server;
  private HttpClient client;

  @BeforeEach
  void start() {
    server =
        new TestServer(
            folder, Map.of("LATCHKEY_REVIEW_QUIET", "1h", "LATCHKEY_REVIEW_QUIET_MAX", "2h"));
    client = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void statsCountEveryStateAndEveryDelivery() throws Exception {
    deliver("one", 1);
    deliver("one", 1);

    JsonNode stats = json(get("/api/stats"));

    assertThat(stats.path("works").toString())
        .isEqualTo(
            "{\"READY\":0,\"WAITING\":1,\"HELD\":0,\"RUNNING\":0,\"DONE\":0,\"DEAD\":0,"
                + "\"CANCELLED\":0}");
    assertThat(stats.path("deliveries").toString())
        .isEqualTo("{\"accepted\":1,\"duplicates\":1,\"ignored\":0}");
    assertThat(stats.path("oldestDueSeconds").intValue()).isZero();
  }

  @Test
  void deliveriesArePagedNewestFirst() throws Exception {
    deliver("one", 1);
    deliver("two", 2);
    deliver("three", 3);

    JsonNode first = json(get("/api/deliveries?limit=2"));
    JsonNode rest = json(get("/api/deliveries?limit=2&after=" + first.path("next").intValue()));

    assertThat(first.path("deliveries").valueStream().map(AdminApiTest::pull))
        .containsExactly("acme/web#3", "acme/web#2");
    assertThat(rest.path("deliveries").valueStream().map(AdminApiTest::pull))
        .containsExactly("acme/web#1");
    assertThat(rest.path("next").isNull()).isTrue();
  }

  @Test
  void deliveriesAreFilteredByStateAndRepository() throws Exception {
    deliver("one", 1);

    assertThat(count("/api/deliveries?state=waiting")).isEqualTo(1);
    assertThat(count("/api/deliveries?state=DONE")).isZero();
    assertThat(count("/api/deliveries?repository=Acme/Web")).isEqualTo(1);
    assertThat(count("/api/deliveries?repository=acme/other")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "/api/deliveries?state=LOST, 400",
    "/api/deliveries?limit=0, 400",
    "/api/deliveries?limit=1001, 400",
    "/api/deliveries?limit=99999999999999999999, 400",
    "/api/deliveries?after=x, 400",
    "/api/deliveries?repository=acme, 400",
    "/api/deliveries?sort=id, 400",
    "/api/deliveries?limit=1&limit=2, 400",
    "/api/deliveries/0, 404",
    "/api/deliveries/x, 404",
    "/api/deliveries/99, 404",
    "/api/deliveries/1/replay, 405",
    "/api/backup, 405",
    "/api/reviews?after=%00, 400",
    "/api/reviews?limit=-1, 400",
    "/api/stats?x=1, 400",
    "/api/nothing, 404",
    "/api, 404",
    "/nothing, 404",
  })
  void mistakesAreToldAsProblems(String path, int status) throws Exception {
    HttpResponse<String> response = get(path);

    assertThat(response.statusCode()).isEqualTo(status);
    assertProblem(response);
  }

  @Test
  void otherMethodsAreRefusedWithTheOneThereIs() throws Exception {
    HttpResponse<String> response = send(request("/api/stats").DELETE());

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).contains("GET");
    assertProblem(response);
  }

  @Test
  void storyTellsWhyAWorkWaitsAndItsPayloadOnlyWhenAsked() throws Exception {
    deliver("one", 1);

    JsonNode story = json(get("/api/deliveries/1"));
    JsonNode whole = json(get("/api/deliveries/1?payload=true"));

    assertThat(story.path("why").stringValue()).startsWith("delayed until ");
    assertThat(story.path("timeline").path(0).path("note").stringValue())
        .isEqualTo("pull_request one");
    assertThat(story.path("limits").path(0).path("bucket").stringValue()).isEqualTo("owner/acme");
    assertThat(story.has("payload")).isFalse();
    assertThat(whole.path("payload").path("body").path("action").stringValue())
        .isEqualTo("synchronize");
    assertThat(whole.path("payload").path("id").stringValue()).isEqualTo("one");
  }

  @Test
  void worksAreHeldReleasedCancelledAndReplayed() throws Exception {
    deliver("one", 1);

    assertThat(json(post("/api/deliveries/1/hold", "")).path("state").stringValue())
        .isEqualTo("HELD");
    assertThat(post("/api/deliveries/1/hold", "").statusCode()).isEqualTo(409);
    assertThat(post("/api/deliveries/1/replay", "").statusCode()).isEqualTo(409);
    HttpResponse<String> cancelled = post("/api/deliveries/1/cancel", "{}");
    HttpResponse<String> again = post("/api/deliveries/1/cancel", "");
    JsonNode replayed = json(post("/api/deliveries/1/replay", ""));

    assertThat(json(cancelled).path("cancelled").booleanValue()).isTrue();
    assertThat(again.statusCode()).isEqualTo(409);
    assertProblem(again);
    assertThat(replayed.path("works").valueStream().map(JsonNode::intValue))
        .singleElement()
        .satisfies(id -> assertThat(id).isGreaterThan(1));
    assertThat(post("/api/deliveries/1/dismiss", "").statusCode()).isEqualTo(409);
    assertThat(post("/api/deliveries/9/cancel", "").statusCode()).isEqualTo(404);
    assertThat(post("/api/deliveries/1/explode", "").statusCode()).isEqualTo(404);
  }

  @Test
  void bodiesOfAnotherTypeOrShapeAreRefused() throws Exception {
    HttpResponse<String> form =
        send(
            request("/api/backup")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("file=x")));

    assertThat(form.statusCode()).isEqualTo(415);
    assertProblem(form);
    assertThat(post("/api/backup", "[]").statusCode()).isEqualTo(400);
    assertThat(post("/api/backup", "{\"file\":1}").statusCode()).isEqualTo(400);
    assertThat(post("/api/backup", "{\"fil\":\"x\"}").statusCode()).isEqualTo(400);
    assertThat(post("/api/backup", "{\"file\":\"a\",\"file\":\"b\"}").statusCode()).isEqualTo(400);
    assertThat(post("/api/backup", "x".repeat(70_000)).statusCode()).isEqualTo(413);
  }

  @Test
  void backupIsAWholeCopyForItsOwnerAloneAndReplacesNothing() throws Exception {
    deliver("one", 1);

    HttpResponse<String> written = post("/api/backup", "{\"file\":\"copy.db\"}");
    HttpResponse<String> again = post("/api/backup", "{\"file\":\"copy.db\"}");

    assertThat(written.statusCode()).isEqualTo(201);
    assertThat(json(written).path("file").stringValue()).isEqualTo("copy.db");
    assertThat(again.statusCode()).isEqualTo(409);
    Path copy = folder.resolve("copy.db");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
        .isEqualTo("rw-------");
    try (Database database = Database.open(copy)) {
      assertThat(database.check()).isEmpty();
      assertThat(
              database.query(
                  "SELECT id FROM latchkey_delivery", row -> String.valueOf(row.text(1))))
          .containsExactly("one");
    }
  }

  @ParameterizedTest
  @CsvSource({"../x.db", "a/b.db", "/tmp/x.db", ".hidden", "latchkey.db-wal", "LATCHKEY.DB.lock"})
  void backupsNameCantLeaveTheFolderOrBecomeAPartOfTheDatabase(String name) throws Exception {
    HttpResponse<String> response = post("/api/backup", "{\"file\":\"" + name + "\"}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertProblem(response);
    assertThat(folder.resolve("latchkey.db.lock")).exists();
  }

  @Test
  void backupWithoutANameIsNamedByTheTime() throws Exception {
    String file = json(post("/api/backup", "")).path("file").stringValue();

    assertThat(file).matches("backup-[0-9]{8}T[0-9]{6}Z\\.db");
    assertThat(folder.resolve(file)).exists();
  }

  @Test
  void limitsAreListedWithWhatIsFree() throws Exception {
    deliver("one", 1);

    JsonNode limits = json(get("/api/limits")).path("limits");

    assertThat(limits.valueStream().map(limit -> limit.path("bucket").stringValue()))
        .contains("owner/acme", "pull-request/5/1", "repository/5", "tokens");
    assertThat(limits.path(0).propertyNames())
        .containsExactly("bucket", "units", "window", "used", "free", "waiting", "nextFreeAt");
  }

  @Test
  void reviewsAreNoneAtFirst() throws Exception {
    assertThat(get("/api/reviews").body()).isEqualTo("{\"reviews\":[],\"next\":null}");
  }

  @Test
  void pullRequestsAreNamedPlainly() throws Exception {
    assertThat(post("/api/pull-requests/acme/web/0/review", "").statusCode()).isEqualTo(404);
    assertThat(post("/api/pull-requests/acme/we%2Fb/1/review", "").statusCode()).isEqualTo(404);
    assertThat(post("/api/pull-requests/acme/web/1/review", "{\"round\":\"x\"}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void metricsCountDeliveriesWorksAndRefusals() throws Exception {
    deliver("one", 1);
    deliver("one", 1);
    var _ =
        client.send(
            HttpRequest.newBuilder(server.webhooks())
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    post("/api/deliveries/1/cancel", "");

    HttpResponse<String> metrics = get("/metrics");

    assertThat(metrics.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(metrics.body().lines())
        .contains(
            "latchkey_deliveries_total{result=\"accepted\"} 1.0",
            "latchkey_deliveries_total{result=\"duplicate\"} 1.0",
            "latchkey_deliveries_refused_total{status=\"401\"} 1.0",
            "latchkey_works{state=\"waiting\"} 0.0",
            "latchkey_works_ended_total{state=\"cancelled\"} 1.0",
            "latchkey_oldest_due_seconds 0.0",
            "latchkey_publications_total 0.0");
    assertThat(metrics.body())
        .contains("latchkey_github_calls_total{outcome=", "jvm_memory_used_bytes");
  }

  @Test
  void everyAnswerIsSafeInABrowser() throws Exception {
    for (String path : new String[] {"/api/stats", "/metrics", "/api/nothing", "/nothing"}) {
      HttpResponse<String> response = get(path);

      assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
          .startsWith("default-src 'none'");
      assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    }
  }

  private static String pull(JsonNode line) {
    return line.path("repository").stringValue() + "#" + line.path("pullRequest").intValue();
  }

  private static void assertProblem(HttpResponse<String> response) {
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = json(response);
    assertThat(problem.path("status").intValue()).isEqualTo(response.statusCode());
    assertThat(problem.path("title").stringValue()).isNotEmpty();
    assertThat(problem.path("detail").stringValue()).isNotEmpty();
  }

  private int count(String path) throws Exception {
    return json(get(path)).path("deliveries").size();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofString(body));
    return send(body.isEmpty() ? request : request.header("Content-Type", "application/json"));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.admin("") + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }

  private void deliver(String id, int number) throws Exception {
    String body =
        """
        {"action":"synchronize","number":%d,
         "pull_request":{"number":%d,"state":"open","draft":false,
           "head":{"sha":"%s"},"base":{"ref":"main"}},
         "repository":{"id":5,"name":"web","full_name":"acme/web","owner":{"login":"acme"}},
         "installation":{"id":3},"sender":{"id":9,"login":"octocat","type":"User"}}
        """
            .formatted(number, number, "a".repeat(40));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(TestServer.SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signature = HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    HttpResponse<String> taken =
        send(
            HttpRequest.newBuilder(server.webhooks())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("X-GitHub-Event", "pull_request")
                .header("X-GitHub-Delivery", id)
                .header("X-Hub-Signature-256", "sha256=" + signature));
    assertThat(taken.statusCode()).isIn(200, 202);
  }
}
