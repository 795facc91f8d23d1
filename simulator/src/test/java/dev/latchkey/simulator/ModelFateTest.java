package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.testkit.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

final class ModelFateTest {
  private final SimulatedModelOptions options =
      SimulatedModelOptions.of(ManualClock.at("2026-11-01T12:00:00Z"), _ -> "42");

  @Test
  void eachQuestionHasItsFateByAttempt() throws IOException {
    var script =
        options.withScript((call, attempt) ->
            call.question().user().equals("hard") && attempt < 3
                ? ModelFate.fail(500)
                : ModelFate.proceed());
    try (var model = SimulatedModel.start(script)) {
      assertThat(ask(model, "hard").status()).isEqualTo(500);
      assertThat(ask(model, "easy").status()).isEqualTo(200);
      assertThat(ask(model, "hard").status()).isEqualTo(500);
      assertThat(ask(model, "hard").status()).isEqualTo(200);
      assertThat(model.callsByQuestion()).containsEntry("hard", 3).containsEntry("easy", 1);
    }
  }

  @Test
  void aRefusalMaySayWhenToComeBack() throws IOException {
    try (var model = started(ModelFate.fail(429, Duration.ofSeconds(7)))) {
      var answer = ask(model, "x");

      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.headers()).containsEntry("retry-after", "7");
      assertThat(answer.json().path("error").path("code").asString())
          .isEqualTo("rate_limit_exceeded");
    }
  }

  @Test
  void anotherTextIsAReplyInItsPlace() throws IOException {
    try (var model = started(ModelFate.reply("{\"wrong\":[]}"));
        var cut = started(ModelFate.cutShort("{\"findings\":["))) {
      var wrong = ask(model, "x").json().path("choices").path(0);
      var half = ask(cut, "x").json().path("choices").path(0);

      assertThat(wrong.path("message").path("content").asString()).isEqualTo("{\"wrong\":[]}");
      assertThat(wrong.path("finish_reason").asString()).isEqualTo("stop");
      assertThat(half.path("message").path("content").asString()).isEqualTo("{\"findings\":[");
      assertThat(half.path("finish_reason").asString()).isEqualTo("length");
    }
  }

  @Test
  void aGarbledAnswerIsNoJson() throws IOException {
    try (var model = started(ModelFate.garble())) {
      var answer = ask(model, "x");

      assertThat(answer.status()).isEqualTo(200);
      assertThatExceptionOfType(JacksonException.class).isThrownBy(answer::json);
    }
  }

  @Test
  void aCallThatHangsIsAnsweredWhenItIsReleased() throws ExecutionException, InterruptedException {
    var reached = new CountDownLatch(1);
    var release = new CompletableFuture<Boolean>();
    var script =
        options.withScript((_, _) -> {
          reached.countDown();
          return ModelFate.hang(release);
        });
    try (var model = SimulatedModel.start(script);
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var answer = callers.submit(() -> ask(model, "x"));
      reached.await();
      var answered = answer.isDone();
      release.complete(true);

      assertThat(answered).isFalse();
      assertThat(answer.get().status()).isEqualTo(200);
    }
  }

  @Test
  void closingCutsOffCallsThatHang() throws InterruptedException {
    var reached = new CountDownLatch(1);
    var script =
        options.withScript((_, _) -> {
          reached.countDown();
          return ModelFate.hang(new CompletableFuture<Boolean>());
        });
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var model = SimulatedModel.start(script);
      var answer = callers.submit(() -> ask(model, "x"));
      reached.await();

      model.close();

      assertThatExceptionOfType(ExecutionException.class).isThrownBy(answer::get);
    }
  }

  @Test
  void aLateAnswerIsTheUsualOne() throws IOException {
    try (var late = started(ModelFate.delay(Duration.ofMillis(60)));
        var slow = started(ModelFate.slow(100, Duration.ofMillis(30)))) {
      for (var model : new SimulatedModel[] {late, slow}) {
        var started = System.nanoTime();

        var answer = ask(model, "x");

        assertThat(Duration.ofNanos(System.nanoTime() - started))
            .isGreaterThanOrEqualTo(Duration.ofMillis(60));
        assertThat(answer.json().path("choices").path(0).path("message").path("content").asString())
            .isEqualTo("42");
      }
    }
  }

  @Test
  void anAnswerMayBreakOffOrNeverCome() {
    try (var broken = started(ModelFate.breakOff(20));
        var dropped = started(ModelFate.drop())) {
      for (var model : new SimulatedModel[] {broken, dropped}) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> ask(model, "x"));
        assertThat(model.calls()).isNotEmpty();
      }
    }
  }

  @Test
  void onlyErrorsAreFailures() {
    assertThatIllegalArgumentException().isThrownBy(() -> ModelFate.fail(200));
  }

  private SimulatedModel started(ModelFate fate) {
    return SimulatedModel.start(options.withScript((_, _) -> fate));
  }

  private static PlainHttp.Answer ask(SimulatedModel model, String question) throws IOException {
    return PlainHttp.send(
        "POST",
        URI.create(model.uri() + "/chat/completions"),
        Map.of("Content-Type", "application/json", "Authorization", "Bearer none"),
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}]}");
  }
}
