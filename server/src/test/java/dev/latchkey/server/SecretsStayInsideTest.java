package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.simulator.ApiListener;
import dev.latchkey.simulator.ApiRequest;
import dev.latchkey.simulator.ApiWrite;
import dev.latchkey.simulator.Fate;
import dev.latchkey.simulator.ModelFate;
import dev.latchkey.simulator.SimulatedModelOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No secret is to be found in anything that leaves the process, whatever went well or wrong.
class SecretsStayInsideTest {

  private static final String MODEL_KEY = "canary-of-the-models-key";
  private static final String PREVIOUS = "the webhook secret of last year";

  @TempDir private Path folder;
  private final AtomicInteger asked = new AtomicInteger();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void noSecretIsLoggedShownPostedOrKept() throws Exception {
    PrintStream out = System.out;
    PrintStream err = System.err;
    PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
    String shown;
    List<ApiWrite> writes;

    try (AppWorld world = new AppWorld(folder, settings(), answers()).start()) {
      succeedAndFail(world);
      shown = pages(world.app());
      writes = world.github().writes();
    } finally {
      System.setOut(out);
      System.setErr(err);
    }

    String log = printed.toString(StandardCharsets.UTF_8);
    String kept = kept();
    assertThat(log).contains("event=review.published", "event=work.failed");
    assertThat(shown).contains("acme/web#1");
    assertThat(writes)
        .extracting(ApiWrite::body)
        .anyMatch(body -> body.contains("the model refused every question"));
    assertThat(kept).contains("acme");
    for (String secret : secrets()) {
      assertThat(log).doesNotContain(secret);
      assertThat(shown).doesNotContain(secret);
      assertThat(writes).extracting(ApiWrite::body).noneMatch(body -> body.contains(secret));
      assertThat(kept).doesNotContain(secret);
    }
  }

  /// A review; one whose model repeats the key in its refusal; one that GitHub's errors keep from
  /// its end; and a forged delivery.
  private void succeedAndFail(AppWorld world) throws Exception {
    int good = world.open();
    world.tell(good, "opened");
    world.github().push(world.repository(), good, AppWorld.B, AppWorld.files("close();"));
    world.tell(good, "synchronize");
    var _ = world.comment(good, AppWorld.MAINTAINER, "/config");
    world
        .github()
        .listener(
            new ApiListener() {
              @Override
              public Fate before(ApiRequest request) {
                return request.path().endsWith("/files")
                    ? Fate.answer(403, Map.of(), "{\"message\":\"Resource not accessible\"}")
                    : Fate.proceed();
              }
            });
    world.tell(world.open(), "opened");
    world.github().listener(new ApiListener() {});
    var _ =
        client(
            HttpRequest.newBuilder(at(world.app().webhookPort(), "/api/github/webhooks"))
                .header("X-GitHub-Delivery", "1")
                .header("X-GitHub-Event", "ping")
                .header("X-Hub-Signature-256", "sha256=" + "0".repeat(64))
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
  }

  private static String pages(App app) throws Exception {
    StringBuilder all = new StringBuilder();
    for (URI page :
        List.of(
            at(app.webhookPort(), "/health"),
            at(app.adminPort(), "/"),
            at(app.webhookPort(), "/nothing"))) {
      HttpResponse<String> answer = client(HttpRequest.newBuilder(page));
      all.append(answer.headers().map()).append(answer.body());
    }
    return all.toString();
  }

  private static HttpResponse<String> client(HttpRequest.Builder request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static URI at(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private String kept() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      StringBuilder all = new StringBuilder();
      files.filter(Files::isRegularFile).forEach(file -> all.append(read(file)));
      return all.toString();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The installation's tokens and the App's begin so; so does what they are made of.
  private static List<String> secrets() {
    List<String> key = TestKeys.privateKeyPem().lines().toList();
    return Stream.concat(
            Stream.of(TestServer.SECRET, PREVIOUS, MODEL_KEY, "ghs_", "eyJhbGciOi", "Bearer "),
            key.subList(2, key.size() - 2).stream())
        .toList();
  }

  private static Map<String, String> settings() {
    return Map.of("LATCHKEY_MODEL_KEY", MODEL_KEY, "WEBHOOK_SECRET_PREVIOUS", PREVIOUS);
  }

  private SimulatedModelOptions answers() {
    ModelFate refusal =
        ModelFate.answer(404, Map.of(), "{\"error\":{\"message\":\"not for " + MODEL_KEY + "\"}}");
    ModelFate failure = ModelFate.answer(500, Map.of(), MODEL_KEY);
    return SimulatedModelOptions.of(InstantSource.system(), TestReplies.scripted())
        .withKey(MODEL_KEY)
        .withScript((_, _) ->
            switch (asked.incrementAndGet()) {
              case 1 -> failure;
              case 3, 4 -> refusal;
              default -> ModelFate.proceed();
            });
  }
}
