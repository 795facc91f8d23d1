package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.testkit.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// OpenAI, "Create chat completion".
final class SimulatedModelTest {
  private static final String QUESTION =
      """
      {"model":"scripted","messages":[
        {"role":"system","content":"be brief"},{"role":"user","content":"how many?"}]}\
      """;

  private final SimulatedModelOptions options =
      SimulatedModelOptions.of(
          ManualClock.at("2026-11-01T12:00:00Z"),
          question -> question.system() + " / " + question.user() + " / 42");

  @Test
  void theAnswerIsWhatTheFunctionSays() throws IOException {
    try (var model = SimulatedModel.start(options)) {
      var answer = ask(model, QUESTION);

      var json = answer.json();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(json.path("object").asString()).isEqualTo("chat.completion");
      assertThat(json.path("model").asString()).isEqualTo("scripted");
      assertThat(json.path("choices").path(0).path("message").path("content").asString())
          .isEqualTo("be brief / how many? / 42");
      assertThat(json.path("choices").path(0).path("finish_reason").asString()).isEqualTo("stop");
    }
  }

  @Test
  void usageIsCountedInThirdsOfBytes() throws IOException {
    try (var model = SimulatedModel.start(options)) {
      var usage = ask(model, QUESTION).json().path("usage");

      assertThat(usage.path("prompt_tokens").asLong()).isEqualTo(6);
      assertThat(usage.path("completion_tokens").asLong()).isEqualTo(9);
      assertThat(usage.path("total_tokens").asLong()).isEqualTo(15);
      assertThat(model.calls().getFirst().promptTokens()).isEqualTo(6);
    }
  }

  @Test
  void aContentMayBeAListOfTexts() throws IOException {
    try (var model = SimulatedModel.start(options)) {
      ask(
          model,
          """
          {"model":"m","messages":[{"role":"user","content":[
            {"type":"text","text":"a"},{"type":"text","text":"b"}]}]}\
          """);

      assertThat(model.calls().getFirst().question()).isEqualTo(new ModelQuestion("", "ab"));
    }
  }

  @Test
  void whatDoesNotFitTheFormatIsABadRequest() throws IOException {
    try (var model = SimulatedModel.start(options)) {
      for (var body :
          new String[] {
            "{",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
            "{\"model\":\"m\"}",
            "{\"model\":\"m\",\"messages\":[]}",
            "{\"model\":\"m\",\"messages\":[{\"content\":\"x\"}]}",
            "{\"model\":\"m\",\"messages\":[{\"role\":\"king\",\"content\":\"x\"}]}",
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":1}]}",
            "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
          }) {
        var answer = ask(model, body);

        assertThat(answer.status()).as(body).isEqualTo(400);
        assertThat(answer.json().path("error").path("message").asString()).isNotBlank();
      }
      assertThat(model.calls()).isEmpty();
    }
  }

  @Test
  void theKeyIsChecked() throws IOException {
    try (var model = SimulatedModel.start(options.withKey("sk-test"))) {
      var without = ask(model, QUESTION);
      var wrong = ask(model, QUESTION, "Bearer sk-other");
      var right = ask(model, QUESTION, "Bearer sk-test");

      assertThat(without.status()).isEqualTo(401);
      assertThat(wrong.status()).isEqualTo(401);
      assertThat(wrong.json().path("error").path("code").asString()).isEqualTo("invalid_api_key");
      assertThat(right.status()).isEqualTo(200);
      assertThat(options.withKey("sk-test").toString()).doesNotContain("sk-test");
    }
  }

  @Test
  void otherRoutesAreNotFound() throws IOException {
    try (var model = SimulatedModel.start(options)) {
      var uri = URI.create(model.uri() + "/models");

      assertThat(PlainHttp.send("GET", uri, Map.of(), "").status()).isEqualTo(404);
    }
  }

  @Test
  void callsAreCountedByQuestionWithoutWhatDiffersEachTime() throws IOException {
    try (var model = SimulatedModel.start(options)) {
      ask(model, question("nonce: " + "0a".repeat(16) + "\\nBEGIN " + "1b".repeat(8) + "\\nsame"));
      ask(model, question("nonce: " + "2c".repeat(16) + "\\nBEGIN " + "3d".repeat(8) + "\\nsame"));
      ask(model, question("R7 +id = " + "0a".repeat(16)));
      ask(model, question("R7 +id = " + "2c".repeat(16)));

      assertThat(model.callsByQuestion().values()).containsExactly(2, 1, 1);
      assertThat(model.callsByQuestion()).containsEntry("same", 2);
    }
  }

  @Test
  void aListenerIsToldOfACallBeforeItIsAnswered()
      throws IOException, InterruptedException, ExecutionException {
    var reached = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var held =
        options.withBeforeAnswer(_ -> {
          reached.countDown();
          awaited(release);
        });
    try (var model = SimulatedModel.start(held);
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var answer = callers.submit(() -> ask(model, QUESTION));
      reached.await();

      var callsMeanwhile = model.calls().size();
      var answeredMeanwhile = answer.isDone();
      release.countDown();

      assertThat(callsMeanwhile).isEqualTo(1);
      assertThat(answeredMeanwhile).isFalse();
      assertThat(answer.get().status()).isEqualTo(200);
    }
  }

  @Test
  void aCallTakesItsDelay() throws IOException {
    try (var model = SimulatedModel.start(options.withDelay(Duration.ofMillis(120)))) {
      var started = System.nanoTime();

      ask(model, QUESTION);

      assertThat(Duration.ofNanos(System.nanoTime() - started))
          .isGreaterThanOrEqualTo(Duration.ofMillis(120));
    }
  }

  @Test
  void closingCutsOffCallsThatWait() throws InterruptedException, ExecutionException {
    var reached = new CountDownLatch(1);
    var slow = options.withDelay(Duration.ofHours(1)).withBeforeAnswer(_ -> reached.countDown());
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var model = SimulatedModel.start(slow);
      var answer = callers.submit(() -> ask(model, QUESTION));
      reached.await();

      model.close();

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(answer::get)
          .withCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void aTakenPortIsNamed() {
    try (var model = SimulatedModel.start(options)) {
      var port = model.uri().getPort();

      assertThatExceptionOfType(SimulatorException.PortUnusable.class)
          .isThrownBy(() -> SimulatedModel.start(options.withPort(port)))
          .withMessageContaining(Integer.toString(port));
    }
  }

  private static String question(String user) {
    return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + user + "\"}]}";
  }

  private static PlainHttp.Answer ask(SimulatedModel model, String body) throws IOException {
    return ask(model, body, "Bearer none");
  }

  private static PlainHttp.Answer ask(SimulatedModel model, String body, String authorization)
      throws IOException {
    return PlainHttp.send(
        "POST",
        URI.create(model.uri() + "/chat/completions"),
        Map.of("Content-Type", "application/json", "Authorization", authorization),
        body);
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
