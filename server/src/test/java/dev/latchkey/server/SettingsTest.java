package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @Test
  void whatIsNotSetHasTheDocumentedDefault() {
    Map<String, String> variables = complete();
    for (String name :
        new String[] {"GITHUB_API_URL", "HOST", "PORT", "ADMIN_PORT", "LATCHKEY_DATABASE"}) {
      variables.remove(name);
    }

    Settings settings = Settings.read(variables);

    assertThat(settings.app().api()).hasToString("https://api.github.com");
    assertThat(settings.webhooks()).isEqualTo(new Settings.Listener("PORT", "0.0.0.0", 3000));
    assertThat(settings.admin().listener())
        .isEqualTo(new Settings.Listener("ADMIN_PORT", "127.0.0.1", 3001));
    assertThat(settings.database()).isEqualTo(Path.of("data/latchkey.db"));
    assertThat(settings.limits().perRepository().text()).isEqualTo("30/1h");
  }

  @ParameterizedTest
  @ValueSource(strings = {"APP_ID", "WEBHOOK_SECRET", "LATCHKEY_OWNERS", "LATCHKEY_MODEL"})
  void whatIsRequiredIsNamedWhenItIsMissing(String name) {
    Map<String, String> variables = complete();
    variables.remove(name);

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.read(variables))
        .withMessageStartingWith(name + " is not set; set it to ");
  }

  @ParameterizedTest
  @CsvSource({
    "WEBHOOK_SECRET, development, has 11 characters; allowed are 16 or more",
    "WEBHOOK_SECRET_PREVIOUS, short, has 5 characters; allowed are 16 or more",
    "WEBHOOK_SECRET, secret-for-development, is easily guessed",
    "ADMIN_TOKEN, 0000000000000000, is easily guessed",
    "APP_ID, a b, the App id must be",
    "PRIVATE_KEY, nonsense, the private key",
    "PRIVATE_KEY_PATH, /no/such/key.pem, are both set",
    "GITHUB_API_URL, api.github.com, is not an http or https address",
    "GITHUB_API_URL, https://user:hunter2@host, has a user",
    "LATCHKEY_OWNERS, 'acme,,b', has a name which no owner can have",
    "PORT, 70000, is not a port; allowed is a number from 0 to 65535",
    "ADMIN_PORT, http, is not a port",
    "LATCHKEY_MODEL, qwen3, is not a provider and a name; allowed are ollama:NAME",
    "LATCHKEY_MODEL, gpt:4, 'is no provider; allowed are ollama, openai'",
    "LATCHKEY_POLL, 0s, is out of bounds; allowed is a time from 1s to 7d",
    "ADMIN_HOST, 0.0.0.0, is not an address of this machine alone",
    "LATCHKEY_DATABASE, /, is a folder; allowed is the path of a file",
    "LATCHKEY_DATABASE, jdbc:postgresql://db/x, names a database server",
    "LATCHKEY_MODEL_ALLOW_REMOTE, perhaps, is neither true nor false",
    "LATCHKEY_LIMIT_PER_REPOSITORY, lots, allowed are such as 30/1h",
    "LATCHKEY_LIMIT_PER_REPOSITORY, 0/1h, allowed are 1 to",
    "LATCHKEY_SETTLE_WINDOW, soon, has no such time",
    "LATCHKEY_SETTLE_WINDOW, 2d, is out of bounds",
  })
  void aWrongValueIsToldWithItsNameAndWhatIsAllowed(String name, String value, String message) {
    Map<String, String> variables = complete();
    variables.put(name, value);

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.read(variables))
        .satisfies(e -> {
          assertThat(e.getMessage()).contains(name).contains(message).doesNotContain("\n");
          assertThat(e.getMessage()).doesNotContain("hunter2");
        });
  }

  @Test
  void ownersAreComparedWithoutRegardToCase() {
    Map<String, String> variables = complete();
    variables.put("LATCHKEY_OWNERS", "Acme, octocat");

    Settings.App app = Settings.read(variables).app();

    assertThat(app.serves("ACME")).isTrue();
    assertThat(app.serves("octocat")).isTrue();
    assertThat(app.serves("stranger")).isFalse();
  }

  @Test
  void anAdminPageForOthersNeedsAToken() {
    Map<String, String> variables = complete();
    variables.put("ADMIN_HOST", "0.0.0.0");
    variables.put("ADMIN_TOKEN", "a token for tests only");

    Settings.Admin admin = Settings.read(variables).admin();

    assertThat(admin.listener().host()).isEqualTo("0.0.0.0");
    assertThat(admin.token()).isPresent();
  }

  @Test
  void settingsNeverShowASecret() {
    Settings settings = Settings.read(complete());

    assertThat(settings.toString()).doesNotContain(TestServer.SECRET).doesNotContain("BEGIN");
  }

  private static Map<String, String> complete() {
    return new HashMap<>(TestServer.settings(Path.of("folder")));
  }
}
