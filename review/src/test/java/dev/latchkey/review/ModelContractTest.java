package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every kind of endpoint.
class ModelContractTest {
  private static final ModelRequest REQUEST =
      new ModelRequest("the rules", "the material", AnswerSchema.JSON, 777);
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final String KEY = "sk-canary-0123456789";

  private static Model model(Wire wire, ModelStub stub) {
    return wire.choice("small").withUrl(stub.url()).withKey(KEY).open();
  }

  /// Asserts that it was asked `times` times, and that no message tells what it must not.
  private static ModelException failure(Wire wire, int times, ModelStub.Answer answer)
      throws IOException {
    try (ModelStub stub = ModelStub.answering(wire, answer)) {
      Model model = model(wire, stub);
      ModelException failure =
          catchThrowableOfType(ModelException.class, () -> model.complete(REQUEST, LONG));
      assertThat(stub.requests).hasSize(times);
      for (Throwable t = failure; t != null; t = t.getCause()) {
        assertThat(String.valueOf(t.getMessage())).doesNotContain(KEY, "the material");
      }
      return failure;
    }
  }

  private static ModelException failure(Wire wire, int status, String body) throws IOException {
    return failure(wire, 1, (stub, exchange) -> ModelStub.send(exchange, status, body));
  }

  /// Every wire with every one of some values.
  private static Stream<Arguments> each(Object... values) {
    return Arrays.stream(Wire.values())
        .flatMap(wire -> Arrays.stream(values).map(value -> Arguments.of(wire, value)));
  }

  @ParameterizedTest
  @EnumSource
  void textUsageAndFinishReasonAreRead(Wire wire) throws IOException {
    String cut = wire.completion("tëxt\n", wire.length, new Usage(5, 777));
    try (ModelStub whole = ModelStub.saying(wire, "tëxt");
        ModelStub partial =
            ModelStub.answering(wire, (stub, exchange) -> ModelStub.send(exchange, 200, cut))) {
      ModelReply first = model(wire, whole).complete(REQUEST, LONG);
      ModelReply second = model(wire, partial).complete(REQUEST, LONG);

      assertThat(first).isEqualTo(new ModelReply("tëxt", ModelStub.USAGE, FinishReason.STOP));
      assertThat(second)
          .isEqualTo(new ModelReply("tëxt\n", new Usage(5, 777), FinishReason.LENGTH));
    }
  }

  @ParameterizedTest
  @EnumSource
  void reasonThatIsNotKnownIsOther(Wire wire) throws IOException {
    String odd = wire.completion("x", "odd", ModelStub.USAGE);
    try (ModelStub stub = ModelStub.answering(wire, (s, e) -> ModelStub.send(e, 200, odd))) {
      ModelReply reply = model(wire, stub).complete(REQUEST, LONG);

      assertThat(reply.finishReason()).isEqualTo(FinishReason.OTHER);
    }
  }

  @ParameterizedTest
  @EnumSource
  void endpointWithoutSchemasIsAskedWithoutFromThenOn(Wire wire) throws IOException {
    String said = wire.completion("y", wire.stop, ModelStub.USAGE);
    try (ModelStub stub =
        ModelStub.answering(
            wire,
            (self, exchange) -> {
              boolean schema = self.requests.getLast().toString().contains("files_seen");
              ModelStub.send(
                  exchange, schema ? 400 : 200, schema ? wire.error("unknown field") : said);
            })) {
      Model model = model(wire, stub);

      assertThat(model.complete(REQUEST, LONG).text()).isEqualTo("y");
      assertThat(model.complete(REQUEST, LONG).text()).isEqualTo("y");
      assertThat(stub.requests).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void requestThatIsRefusedBothWaysIsRefused(Wire wire) throws IOException {
    ModelException failure =
        failure(wire, 2, (stub, e) -> ModelStub.send(e, 400, wire.error("bad; " + KEY)));

    assertThat(failure).isInstanceOf(ModelException.Refused.class);
    assertThat(failure).hasMessageContaining("answered 400: bad; [key]");
  }

  static Stream<Arguments> keyThatIsRefusedIsBadCredentials() {
    return each(401, 403);
  }

  @ParameterizedTest
  @MethodSource
  void keyThatIsRefusedIsBadCredentials(Wire wire, int status) throws IOException {
    ModelException failure = failure(wire, status, wire.error("Incorrect API key: " + KEY));

    assertThat(failure).isInstanceOf(ModelException.BadCredentials.class);
    assertThat(failure).hasMessageContaining("answered " + status);
  }

  @ParameterizedTest
  @EnumSource
  void keyThatNoHeaderCarriesIsBadCredentials(Wire wire) throws IOException {
    try (ModelStub stub = ModelStub.saying(wire, "{}")) {
      Model model = wire.choice("small").withUrl(stub.url()).withKey(KEY + "\nX: y").open();

      assertThatThrownBy(() -> model.complete(REQUEST, LONG))
          .isInstanceOf(ModelException.BadCredentials.class)
          .hasNoCause()
          .message()
          .doesNotContain(KEY);
      assertThat(stub.requests).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void unknownModelIsRefusedWithTheEndpointsReason(Wire wire) throws IOException {
    ModelException failure =
        failure(wire, 404, wire.error("model 'small' not found, pull it; " + KEY));

    assertThat(failure)
        .isInstanceOf(ModelException.Refused.class)
        .hasMessageContaining("answered 404: model 'small' not found, pull it; [key]");
  }

  @ParameterizedTest
  @EnumSource
  void pathThatIsNotKnownHintsAtTheAddress(Wire wire) throws IOException {
    ModelException failure = failure(wire, 404, "404 page not found");

    assertThat(failure)
        .isInstanceOf(ModelException.Refused.class)
        .hasMessageEndingWith("answered 404: is its address right?");
  }

  static Stream<Arguments> retryAfterIsKept() {
    return each("7", "120", "Fri, 31 Dec 9999 23:59:59 GMT");
  }

  @ParameterizedTest
  @MethodSource
  void retryAfterIsKept(Wire wire, String header) throws IOException {
    ModelException failure =
        failure(
            wire,
            1,
            (stub, exchange) -> {
              exchange.getResponseHeaders().set("Retry-After", header);
              ModelStub.send(exchange, 429, wire.error("slow down"));
            });

    long seconds = header.endsWith("GMT") ? 86_400 : Long.parseLong(header);
    assertThat(failure)
        .hasMessageContaining("answered 429: it is limited now")
        .isInstanceOfSatisfying(
            ModelException.Unavailable.class,
            e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(seconds)));
  }

  static Stream<Arguments> endpointInTroubleIsUnavailable() {
    return each(408, 429, 500, 502, 503, 529);
  }

  @ParameterizedTest
  @MethodSource
  void endpointInTroubleIsUnavailable(Wire wire, int status) throws IOException {
    ModelException failure = failure(wire, status, "oops");

    assertThat(failure)
        .hasMessageContaining("answered " + status)
        .isInstanceOfSatisfying(
            ModelException.Unavailable.class, e -> assertThat(e.retryAfter()).isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void promptBeyondTheContextIsTooLong(Wire wire) throws IOException {
    assertThat(failure(wire, 400, wire.tooLong())).isInstanceOf(ModelException.TooLong.class);
    assertThat(failure(wire, 413, "")).isInstanceOf(ModelException.TooLong.class);
  }

  @ParameterizedTest
  @EnumSource
  void redirectIsNotFollowed(Wire wire) throws IOException {
    ModelException failure =
        failure(
            wire,
            1,
            (stub, exchange) -> {
              exchange.getResponseHeaders().set("Location", wire.path);
              ModelStub.send(exchange, 307, "");
            });

    assertThat(failure).isInstanceOf(ModelException.Refused.class);
    assertThat(failure).hasMessageContaining("redirect");
  }

  static Stream<Arguments> answerThatIsNoCompletionIsRefused() {
    return each("<html>hello</html>", "{}", "[]", "null", "", "{\"choices\":[]}", "{\"mess");
  }

  @ParameterizedTest
  @MethodSource
  void answerThatIsNoCompletionIsRefused(Wire wire, String body) throws IOException {
    ModelException failure = failure(wire, 200, body);

    assertThat(failure).isInstanceOf(ModelException.Refused.class);
    assertThat(failure).hasMessageContaining("no chat completion");
  }

  @ParameterizedTest
  @EnumSource
  void bodyThatStallsEndsAtTheDeadline(Wire wire) throws IOException {
    try (ModelStub stub = ModelStub.answering(wire, ModelStub::stall)) {
      long start = System.nanoTime();

      assertThatThrownBy(() -> model(wire, stub).complete(REQUEST, Duration.ofMillis(300)))
          .isInstanceOf(ModelException.Unavailable.class)
          .hasMessageContaining("in time");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @ParameterizedTest
  @EnumSource
  void bodyWithoutEndIsCutOff(Wire wire) throws IOException {
    try (ModelStub stub = ModelStub.answering(wire, ModelStub::sendWithoutEnd)) {
      assertThatThrownBy(() -> model(wire, stub).complete(REQUEST, LONG))
          .isInstanceOf(ModelException.Refused.class)
          .hasMessageContaining("8 MiB");
    }
  }

  @ParameterizedTest
  @EnumSource
  void endpointThatIsNotThereIsUnavailable(Wire wire) throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Model model = wire.choice("x").withUrl(wire.url(port)).withKey(KEY).open();

    assertThatThrownBy(() -> model.complete(REQUEST, LONG))
        .isInstanceOf(ModelException.Unavailable.class)
        .hasMessageContaining("127.0.0.1:" + port);
  }
}
