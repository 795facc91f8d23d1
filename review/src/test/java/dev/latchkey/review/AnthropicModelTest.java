package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class AnthropicModelTest {
  private static final ModelRequest REQUEST =
      new ModelRequest("the rules", "the material", AnswerSchema.JSON, 777);
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final String KEY = "sk-canary-0123456789";

  private static Model model(ModelStub stub) {
    return ModelChoice.of("anthropic:small").withUrl(stub.url()).withKey(KEY).open();
  }

  @Test
  void requestHasRulesMaterialSchemaAndLimit() throws IOException {
    try (ModelStub stub = ModelStub.saying(Wire.ANTHROPIC, "{}")) {
      model(stub).complete(REQUEST, LONG);

      JsonNode sent = stub.requests.getFirst();
      assertThat(sent.at("/model").stringValue()).isEqualTo("small");
      assertThat(sent.at("/system").toString()).contains("the rules");
      assertThat(sent.at("/messages")).hasSize(1);
      assertThat(sent.at("/messages/0/role").stringValue()).isEqualTo("user");
      assertThat(sent.at("/messages/0/content").toString()).contains("the material");
      assertThat(sent.at("/max_tokens").intValue()).isEqualTo(777);
      assertThat(sent.at("/stream").booleanValue()).isFalse();
      assertThat(sent.has("temperature")).isFalse();
      assertThat(sent.at("/output_config/format/type").stringValue()).isEqualTo("json_schema");
      assertThat(sent.at("/output_config/format/schema/required").toString())
          .contains("nonce", "files_seen", "findings");
    }
  }

  @Test
  void keyAndVersionAreHeaders() throws IOException {
    try (ModelStub stub = ModelStub.saying(Wire.ANTHROPIC, "{}")) {
      model(stub).complete(REQUEST, LONG);

      assertThat(stub.headers.getFirst().get("X-api-key")).containsExactly(KEY);
      assertThat(stub.headers.getFirst().get("Anthropic-version")).containsExactly("2023-06-01");
      assertThat(stub.headers.getFirst()).doesNotContainKey("Authorization");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "stop_sequence, STOP",
    "refusal, FILTERED",
    "model_context_window_exceeded, LENGTH",
    "pause_turn, OTHER",
    "tool_use, OTHER",
  })
  void stopReasonIsRead(String word, FinishReason reason) throws IOException {
    String body = Wire.ANTHROPIC.completion("x", word, ModelStub.USAGE);
    try (ModelStub stub =
        ModelStub.answering(Wire.ANTHROPIC, (self, e) -> ModelStub.send(e, 200, body))) {
      ModelReply reply = model(stub).complete(REQUEST, LONG);

      assertThat(reply).isEqualTo(new ModelReply("x", ModelStub.USAGE, reason));
    }
  }

  @Test
  void answerWithoutTextIsEmpty() throws IOException {
    String body = "{\"role\":\"assistant\",\"content\":[],\"stop_reason\":\"refusal\"}";
    try (ModelStub stub =
        ModelStub.answering(Wire.ANTHROPIC, (self, e) -> ModelStub.send(e, 200, body))) {
      ModelReply reply = model(stub).complete(REQUEST, LONG);

      assertThat(reply).isEqualTo(new ModelReply("", Usage.NONE, FinishReason.FILTERED));
    }
  }
}
