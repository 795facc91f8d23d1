package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelChoiceTest {
  private static final String KEY = "sk-canary-0123456789";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "openai:x|https://models.example.org/v1|not on this machine",
        "openai:x|http://192.168.1.5:11434/v1|not on this machine",
        "openai:x|http://localhost.example.org/v1|not on this machine",
        "anthropic:x|https://api.anthropic.com/v1|not on this machine",
        "ollama:x|http://192.168.1.5:11434|not on this machine",
        "openai:x|ftp://127.0.0.1/v1|must be of the form https://host/v1",
        "openai:x|http:///v1|must be of the form",
        "ollama:x|ftp://127.0.0.1|https://host or http://127.0.0.1:PORT",
        "openai:x|http://user:pass@127.0.0.1/v1|no user",
        "ollama:x|http://user:pass@127.0.0.1|no user",
      })
  void addressThatCanNotBeUsedIsRefused(String name, URI url, String message) {
    assertThatThrownBy(() -> ModelChoice.of(name).withUrl(url).withKey(KEY).open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("pass", KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai:", "anthropic: ", "ollama:", "gpt", "", ":x", "OpenAI:x"})
  void nameThatIsNotKnownIsRefused(String name) {
    assertThatThrownBy(() -> ModelChoice.of(name).withKey(KEY).open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("openai:NAME, anthropic:NAME, ollama:NAME or scripted:FILE");
  }

  @ParameterizedTest
  @EnumSource
  void remoteModelNeedsLeaveAndHttps(Wire wire) {
    ModelChoice choice = wire.choice("x").withKey(KEY).withAllowRemote(true);

    assertThat(choice.withUrl(URI.create("https://models.example.org")).open()).isNotNull();
    assertThatThrownBy(() -> choice.withUrl(URI.create("http://models.example.org")).open())
        .hasMessageContaining("https");
  }

  @ParameterizedTest
  @CsvSource({"http://localhost:1/v1", "http://127.8.9.1/v1", "http://[::1]:11434/v1"})
  void thisMachineNeedsNoLeave(URI url) {
    for (Wire wire : Wire.values()) {
      assertThat(wire.choice("x").withKey(KEY).withUrl(url).open()).isNotNull();
    }
  }

  @Test
  void addressThatIsNotGivenIsOnThisMachineUnlessItIsAnthropics() {
    assertThat(ModelChoice.of("openai:x").open()).isInstanceOf(OpenAiModel.class);
    assertThat(ModelChoice.of("ollama:x").open()).isInstanceOf(OllamaModel.class);
    assertThatThrownBy(() -> ModelChoice.of("anthropic:x").withKey(KEY).open())
        .hasMessageContaining("api.anthropic.com is not on this machine");
    assertThat(ModelChoice.of("anthropic:x").withKey(KEY).withAllowRemote(true).open())
        .isInstanceOf(AnthropicModel.class);
  }

  @Test
  void anthropicNeedsItsKey() {
    ModelChoice choice = ModelChoice.of("anthropic:x").withAllowRemote(true);

    assertThatThrownBy(choice::open).hasMessageContaining("LATCHKEY_MODEL_KEY");
    assertThatThrownBy(() -> choice.withKey(" ").open()).hasMessageContaining("needs a key");
  }

  @Test
  void keyIsNotPartOfAnyText() {
    assertThat(ModelChoice.of("openai:x").withKey(KEY).toString()).doesNotContain(KEY);
    assertThat(new Endpoint(ModelChoice.OLLAMA, "x", KEY).toString()).doesNotContain(KEY);
  }
}
