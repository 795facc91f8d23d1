package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class OllamaModelTest {
  private static final ModelRequest REQUEST = request("the material", 777);
  private static final Duration LONG = Duration.ofSeconds(10);

  private static ModelRequest request(String user, int maxOutputTokens) {
    return new ModelRequest("the rules", user, AnswerSchema.JSON, maxOutputTokens);
  }

  private static Model model(ModelStub stub) {
    return ModelChoice.of("ollama:small:7b").withUrl(stub.url()).open();
  }

  private static ModelStub reading(int promptTokens) throws IOException {
    String body = Wire.OLLAMA.completion("x", "stop", new Usage(promptTokens, 9));
    return ModelStub.answering(Wire.OLLAMA, (self, e) -> ModelStub.send(e, 200, body));
  }

  @Test
  void requestHasRulesMaterialSchemaAndLimits() throws IOException {
    try (ModelStub stub = ModelStub.saying(Wire.OLLAMA, "{}")) {
      model(stub).complete(REQUEST, LONG);

      JsonNode sent = stub.requests.getFirst();
      assertThat(sent.at("/model").stringValue()).isEqualTo("small:7b");
      assertThat(sent.at("/messages/0/role").stringValue()).isEqualTo("system");
      assertThat(sent.at("/messages/0/content").stringValue()).isEqualTo("the rules");
      assertThat(sent.at("/messages/1/content").stringValue()).isEqualTo("the material");
      assertThat(sent.at("/stream").booleanValue()).isFalse();
      assertThat(sent.at("/options/num_ctx").intValue()).isEqualTo(4096);
      assertThat(sent.at("/options/num_predict").intValue()).isEqualTo(777);
      assertThat(sent.at("/options/temperature").doubleValue()).isZero();
      assertThat(sent.at("/format/required").toString())
          .contains("nonce", "files_seen", "findings");
      assertThat(stub.headers.getFirst()).doesNotContainKey("Authorization");
    }
  }

  @Test
  void keyIsSentWhereOneIsGiven() throws IOException {
    try (ModelStub stub = ModelStub.saying(Wire.OLLAMA, "{}")) {
      ModelChoice.of("ollama:x").withUrl(stub.url()).withKey("k1").open().complete(REQUEST, LONG);

      assertThat(stub.headers.getFirst().get("Authorization")).containsExactly("Bearer k1");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 4096",
    "9000, 777, 4096",
    "9000, 840, 4096",
    "9000, 841, 8192",
    "36000, 4000, 16384",
    "42000, 4000, 32768",
    "10000000, 1, 131072",
    "1, 2147483647, 131072",
  })
  void contextHoldsPromptAndAnswer(int bytes, int answer, int context) {
    assertThat(OllamaModel.context(new ModelRequest("", "a".repeat(bytes), "{}", answer)))
        .isEqualTo(context);
  }

  @Test
  void contextIsCountedInBytes() {
    assertThat(OllamaModel.context(new ModelRequest("é".repeat(9000), "", "{}", 1)))
        .isEqualTo(8192);
  }

  @Test
  void promptThatWasCutIsTooLong() throws IOException {
    try (ModelStub stub = reading(4096)) {
      assertThatThrownBy(() -> model(stub).complete(REQUEST, LONG))
          .isInstanceOf(ModelException.TooLong.class)
          .hasMessageContaining("4096 tokens")
          .hasMessageContaining("cut");
    }
  }

  @Test
  void promptThatJustFitsIsAnswered() throws IOException {
    try (ModelStub stub = reading(4095)) {
      ModelReply reply = model(stub).complete(REQUEST, LONG);

      assertThat(reply).isEqualTo(new ModelReply("x", new Usage(4095, 9), FinishReason.STOP));
    }
  }

  @Test
  void missingCountsAndReasonAreNone() throws IOException {
    String body = "{\"message\":{\"role\":\"assistant\",\"content\":\"x\"},\"done\":true}";
    try (ModelStub stub =
        ModelStub.answering(Wire.OLLAMA, (self, e) -> ModelStub.send(e, 200, body))) {
      ModelReply reply = model(stub).complete(REQUEST, LONG);

      assertThat(reply).isEqualTo(new ModelReply("x", Usage.NONE, FinishReason.OTHER));
    }
  }
}
