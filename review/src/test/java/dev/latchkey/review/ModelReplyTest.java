package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReplyTest {
  private static final ModelReply REPLY =
      new ModelReply("\"ü\n\u2028🙂", new Usage(5_000_000_000L, 2), FinishReason.LENGTH);

  @Test
  void keptReplyIsReadAsItWas() {
    assertThat(ModelReply.fromJson(REPLY.toJson())).isEqualTo(REPLY);
  }

  @Test
  void formStaysReadable() {
    String kept =
        "{\"text\":\"a\",\"inputTokens\":1,\"outputTokens\":2,\"finishReason\":\"stop\",\"new\":1}";

    assertThat(ModelReply.fromJson(kept))
        .isEqualTo(new ModelReply("a", new Usage(1, 2), FinishReason.STOP));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{}", "{\"text\":1}", "{\"text\":\"a\"}"})
  void anythingElseIsRefused(String json) {
    assertThatThrownBy(() -> ModelReply.fromJson(json))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
