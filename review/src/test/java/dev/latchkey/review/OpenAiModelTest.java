package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiModelTest {
  private static final ModelRequest REQUEST =
      new ModelRequest("the rules", "the material", AnswerSchema.JSON, 777);
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final String KEY = "sk-canary-0123456789";

  private static Model model(OpenAiStub stub) {
    return ModelChoice.of("openai:small").withUrl(stub.url()).withKey(KEY).open();
  }

  private static ModelException failure(HttpHandler handler) throws IOException {
    try (OpenAiStub stub = OpenAiStub.answering(handler)) {
      Model model = model(stub);
      ModelException failure =
          catchThrowableOfType(ModelException.class, () -> model.complete(REQUEST, LONG));
      assertThat(stub.requests).hasSize(1);
      for (Throwable t = failure; t != null; t = t.getCause()) {
        assertThat(String.valueOf(t.getMessage())).doesNotContain(KEY, "the material");
      }
      return failure;
    }
  }

  @Test
  void requestHasRulesMaterialSchemaAndLimit() throws IOException {
    try (OpenAiStub stub =
        OpenAiStub.answering(
            exchange -> OpenAiStub.send(exchange, 200, OpenAiStub.completion("{}", "stop")))) {
      model(stub).complete(REQUEST, LONG);

      var sent = stub.requests.getFirst();
      assertThat(sent.at("/model").stringValue()).isEqualTo("small");
      assertThat(sent.at("/messages/0/role").stringValue()).isEqualTo("system");
      assertThat(sent.at("/messages/0/content").stringValue()).isEqualTo("the rules");
      assertThat(sent.at("/messages/1/content").stringValue()).isEqualTo("the material");
      assertThat(sent.at("/max_tokens").intValue()).isEqualTo(777);
      assertThat(sent.at("/response_format/type").stringValue()).isEqualTo("json_schema");
      assertThat(sent.at("/response_format/json_schema/strict").booleanValue()).isTrue();
      assertThat(sent.at("/response_format/json_schema/schema/required").toString())
          .contains("nonce", "files_seen", "findings");
      assertThat(stub.headers.getFirst().get("Authorization")).containsExactly("Bearer " + KEY);
    }
  }

  @Test
  void noKeyIsSentWhereNoneIsGiven() throws IOException {
    try (OpenAiStub stub =
        OpenAiStub.answering(
            exchange -> OpenAiStub.send(exchange, 200, OpenAiStub.completion("{}", "stop")))) {
      ModelChoice.of("openai:small").withUrl(stub.url()).open().complete(REQUEST, LONG);

      assertThat(stub.headers.getFirst()).doesNotContainKey("Authorization");
    }
  }

  @ParameterizedTest
  @CsvSource({"stop, STOP", "length, LENGTH", "content_filter, FILTERED", "odd, OTHER"})
  void textUsageAndFinishReasonAreRead(String word, FinishReason reason) throws IOException {
    try (OpenAiStub stub =
        OpenAiStub.answering(
            exchange -> OpenAiStub.send(exchange, 200, OpenAiStub.completion("tëxt", word)))) {
      ModelReply reply = model(stub).complete(REQUEST, LONG);

      assertThat(reply).isEqualTo(new ModelReply("tëxt", new Usage(120, 30), reason));
    }
  }

  @Test
  void missingUsageIsNone() throws IOException {
    String body = "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"x\"}}]}";
    try (OpenAiStub stub = OpenAiStub.answering(e -> OpenAiStub.send(e, 200, body))) {
      ModelReply reply = model(stub).complete(REQUEST, LONG);

      assertThat(reply).isEqualTo(new ModelReply("x", Usage.NONE, FinishReason.OTHER));
    }
  }

  @Test
  void endpointWithoutSchemasIsAskedWithoutFromThenOn() throws IOException {
    AtomicReference<OpenAiStub> self = new AtomicReference<>();
    String refusal = "{\"error\":{\"message\":\"unknown field\"}}";
    try (OpenAiStub stub =
        OpenAiStub.answering(exchange -> {
          boolean schema = self.get().requests.getLast().has("response_format");
          OpenAiStub.send(
              exchange, schema ? 400 : 200, schema ? refusal : OpenAiStub.completion("y", "stop"));
        })) {
      self.set(stub);
      Model model = model(stub);

      assertThat(model.complete(REQUEST, LONG).text()).isEqualTo("y");
      assertThat(model.complete(REQUEST, LONG).text()).isEqualTo("y");
      assertThat(stub.requests).hasSize(3);
      assertThat(stub.requests.getLast().has("temperature")).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"401", "403"})
  void keyThatIsRefusedIsBadCredentials(int status) throws IOException {
    String echo = "{\"error\":{\"message\":\"Incorrect API key: " + KEY + "\"}}";

    ModelException failure = failure(exchange -> OpenAiStub.send(exchange, status, echo));

    assertThat(failure).isInstanceOf(ModelException.BadCredentials.class);
    assertThat(failure).hasMessageContaining("answered " + status);
  }

  @ParameterizedTest
  @CsvSource({"429, 7, 7", "503, 120, 120", "429, 99999999, 86400"})
  void retryAfterIsKept(int status, String header, long seconds) throws IOException {
    ModelException failure =
        failure(exchange -> {
          exchange.getResponseHeaders().set("Retry-After", header);
          OpenAiStub.send(exchange, status, "{}");
        });

    assertThat(failure)
        .isInstanceOfSatisfying(
            ModelException.Unavailable.class,
            e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(seconds)));
  }

  @ParameterizedTest
  @CsvSource({"500", "502", "429", "408"})
  void endpointInTroubleIsUnavailable(int status) throws IOException {
    ModelException failure = failure(exchange -> OpenAiStub.send(exchange, status, "oops"));

    assertThat(failure)
        .isInstanceOfSatisfying(
            ModelException.Unavailable.class, e -> assertThat(e.retryAfter()).isEmpty());
  }

  @Test
  void promptBeyondTheContextIsTooLong() throws IOException {
    String body = "{\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"schema\"}}";

    assertThat(failure(exchange -> OpenAiStub.send(exchange, 400, body)))
        .isInstanceOf(ModelException.TooLong.class);
    assertThat(failure(exchange -> OpenAiStub.send(exchange, 413, "")))
        .isInstanceOf(ModelException.TooLong.class);
  }

  @Test
  void unknownModelIsRefusedWithTheEndpointsReason() throws IOException {
    String body = "{\"error\":{\"message\":\"model 'small' not found, pull it; " + KEY + "\"}}";

    assertThat(failure(exchange -> OpenAiStub.send(exchange, 404, body)))
        .isInstanceOf(ModelException.Refused.class)
        .hasMessageContaining("answered 404: model 'small' not found, pull it; [key]");
  }

  @Test
  void redirectIsNotFollowed() throws IOException {
    ModelException failure =
        failure(exchange -> {
          exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/v1");
          OpenAiStub.send(exchange, 307, "");
        });

    assertThat(failure).isInstanceOf(ModelException.Refused.class);
    assertThat(failure).hasMessageContaining("redirect");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"<html>hello</html>", "{}", "{\"choices\":[]}", "''"})
  void answerThatIsNoCompletionIsRefused(String body) throws IOException {
    assertThat(failure(exchange -> OpenAiStub.send(exchange, 200, body)))
        .isInstanceOf(ModelException.Refused.class)
        .hasMessageContaining("no chat completion");
  }

  @Test
  void bodyThatStallsEndsAtTheDeadline() throws IOException {
    AtomicReference<OpenAiStub> self = new AtomicReference<>();
    try (OpenAiStub stub = OpenAiStub.answering(exchange -> self.get().stall(exchange))) {
      self.set(stub);
      long start = System.nanoTime();

      assertThatThrownBy(() -> model(stub).complete(REQUEST, Duration.ofMillis(300)))
          .isInstanceOf(ModelException.Unavailable.class)
          .hasMessageContaining("in time");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void bodyWithoutEndIsCutOff() throws IOException {
    AtomicReference<OpenAiStub> self = new AtomicReference<>();
    try (OpenAiStub stub = OpenAiStub.answering(exchange -> self.get().sendWithoutEnd(exchange))) {
      self.set(stub);

      assertThatThrownBy(() -> model(stub).complete(REQUEST, LONG))
          .isInstanceOf(ModelException.Refused.class)
          .hasMessageContaining("8 MiB");
    }
  }

  @Test
  void endpointThatIsNotThereIsUnavailable() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Model model =
        ModelChoice.of("openai:x").withUrl(URI.create("http://127.0.0.1:" + port + "/v1")).open();

    assertThatThrownBy(() -> model.complete(REQUEST, LONG))
        .isInstanceOf(ModelException.Unavailable.class)
        .hasMessageContaining("127.0.0.1:" + port);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "openai:x|https://models.example.org/v1|not on this machine",
        "openai:x|http://192.168.1.5:11434/v1|not on this machine",
        "openai:x|http://localhost.example.org/v1|not on this machine",
        "openai:x|ftp://127.0.0.1/v1|must be of the form",
        "openai:x|http:///v1|must be of the form",
        "openai:x|http://user:pass@127.0.0.1/v1|no user",
        "openai:|http://127.0.0.1/v1|openai:NAME",
        "gpt|http://127.0.0.1/v1|openai:NAME",
      })
  void choiceThatCanNotBeUsedIsRefused(String name, URI url, String message) {
    assertThatThrownBy(() -> ModelChoice.of(name).withUrl(url).open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("pass");
  }

  @Test
  void remoteModelNeedsLeaveAndHttps() {
    ModelChoice choice = ModelChoice.of("openai:x").withAllowRemote(true);

    assertThat(choice.withUrl(URI.create("https://models.example.org/v1")).open()).isNotNull();
    assertThatThrownBy(() -> choice.withUrl(URI.create("http://models.example.org/v1")).open())
        .hasMessageContaining("https");
  }

  @ParameterizedTest
  @CsvSource({"http://localhost:1/v1", "http://127.8.9.1/v1", "http://[::1]:11434/v1"})
  void thisMachineNeedsNoLeave(URI url) {
    assertThat(ModelChoice.of("openai:x").withUrl(url).open()).isNotNull();
  }

  @Test
  void keyIsNotPartOfAChoicesText() {
    assertThat(ModelChoice.of("openai:x").withKey(KEY).toString()).doesNotContain(KEY);
  }
}
