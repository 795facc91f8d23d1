package dev.latchkey.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the README says about settings is so.
class ReadmeConfigurationTest {

  private static final Pattern EXAMPLE =
      Pattern.compile("```yaml\n(# latchkey\\.yml\n.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  private String readme = "";

  @BeforeEach
  void read() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("README.md"))) {
      root = requireNonNull(root.getParent());
    }
    readme = Files.readString(root.resolve("README.md"));
  }

  @Test
  void theExampleIsComplete() {
    Matcher example = EXAMPLE.matcher(readme);
    assertThat(example.find()).isTrue();
    byte[] bytes = example.group(1).getBytes(StandardCharsets.UTF_8);
    Map<String, String> variables = Map.of("PRIVATE_KEY_PATH", TestKeys.file(folder).toString());

    Settings settings =
        Settings.read(Configuration.of(variables, SettingsFile.parse(bytes, "latchkey.yml")));

    assertThat(settings.app().owners()).containsExactlyInAnyOrder("acme", "octocat");
    assertThat(settings.model().name()).isEqualTo("ollama:qwen3-coder");
    assertThat(settings.prices()).containsKey("openai:gpt-4.1");
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void theTableHasEachSettingWithItsDefault(Setting setting) {
    String row = "| `" + setting.key() + "` | `" + setting.variable() + "` | ";

    assertThat(readme)
        .contains(row + setting.otherwise().map(text -> "`" + text + "` |").orElse(""));
  }
}
