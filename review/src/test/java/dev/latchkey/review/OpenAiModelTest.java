package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenAiModelTest {
  private static final ModelRequest REQUEST =
      new ModelRequest("the rules", "the material", AnswerSchema.JSON, 777);
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final String KEY = "sk-canary-0123456789";

  private static ModelReply reply(String body) throws IOException {
    try (ModelStub stub =
        ModelStub.answering(Wire.OPENAI, (self, e) -> ModelStub.send(e, 200, body))) {
      return ModelChoice.of("openai:small").withUrl(stub.url()).open().complete(REQUEST, LONG);
    }
  }

  @Test
  void requestHasRulesMaterialSchemaAndLimit() throws IOException {
    try (ModelStub stub = ModelStub.saying(Wire.OPENAI, "{}")) {
      ModelChoice.of("openai:small")
          .withUrl(stub.url())
          .withKey(KEY)
          .open()
          .complete(REQUEST, LONG);

      JsonNode sent = stub.requests.getFirst();
      assertThat(sent.at("/model").stringValue()).isEqualTo("small");
      assertThat(sent.at("/messages/0/role").stringValue()).isEqualTo("system");
      assertThat(sent.at("/messages/0/content").stringValue()).isEqualTo("the rules");
      assertThat(sent.at("/messages/1/content").stringValue()).isEqualTo("the material");
      assertThat(sent.at("/max_tokens").intValue()).isEqualTo(777);
      assertThat(sent.at("/temperature").doubleValue()).isZero();
      assertThat(sent.at("/response_format/type").stringValue()).isEqualTo("json_schema");
      assertThat(sent.at("/response_format/json_schema/strict").booleanValue()).isTrue();
      assertThat(sent.at("/response_format/json_schema/schema/required").toString())
          .contains("nonce", "files_seen", "findings");
      assertThat(stub.headers.getFirst().get("Authorization")).containsExactly("Bearer " + KEY);
    }
  }

  @Test
  void noKeyIsSentWhereNoneIsGiven() throws IOException {
    try (ModelStub stub = ModelStub.saying(Wire.OPENAI, "{}")) {
      ModelChoice.of("openai:small").withUrl(stub.url()).open().complete(REQUEST, LONG);

      assertThat(stub.headers.getFirst()).doesNotContainKey("Authorization");
    }
  }

  @Test
  void temperatureIsLeftOutWithTheSchema() throws IOException {
    String said = Wire.OPENAI.completion("y", "stop", ModelStub.USAGE);
    try (ModelStub stub =
        ModelStub.answering(
            Wire.OPENAI,
            (self, e) -> {
              boolean all = self.requests.getLast().has("response_format");
              ModelStub.send(e, all ? 422 : 200, all ? "{}" : said);
            })) {
      ModelChoice.of("openai:small").withUrl(stub.url()).open().complete(REQUEST, LONG);

      assertThat(stub.requests.getLast().has("temperature")).isFalse();
    }
  }

  @Test
  void filteredAnswerIsToldApart() throws IOException {
    ModelReply reply = reply(Wire.OPENAI.completion("x", "content_filter", ModelStub.USAGE));

    assertThat(reply).isEqualTo(new ModelReply("x", ModelStub.USAGE, FinishReason.FILTERED));
  }

  @Test
  void missingUsageIsNone() throws IOException {
    ModelReply reply =
        reply("{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"x\"}}]}");

    assertThat(reply).isEqualTo(new ModelReply("x", Usage.NONE, FinishReason.OTHER));
  }
}
