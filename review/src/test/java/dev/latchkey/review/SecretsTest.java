package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  /// Random letters and digits, put together so that no scanner takes this file for a leak.
  private static final String RANDOM = "Zk3" + "vQ9xT1" + "bL7mN4c" + "R8wY2uH6" + "sJ0dF5gA1eP";

  private static String random(int length) {
    return RANDOM.repeat(1 + length / RANDOM.length()).substring(0, length);
  }

  static Stream<List<String>> secrets() {
    return Stream.of(
        List.of("a GitHub token", "gh" + "p_" + random(36)),
        List.of("a GitHub token", "github" + "_pat_" + random(60)),
        List.of("a GitLab token", "gl" + "pat-" + random(20)),
        List.of("an AWS access key", "AK" + "IA" + "Q3EXV7ML2KD9TRWB"),
        List.of("a Google API key", "AI" + "za" + random(35)),
        List.of("a Slack token", "xo" + "xb-" + random(30)),
        List.of("a Slack webhook", "https://hooks." + "slack.com/services/T0/B0/" + random(24)),
        List.of("a model provider's key", "sk-" + "ant-" + random(40)),
        List.of("a model provider's key", "sk-" + random(32)),
        List.of("a payment provider's key", "sk_" + "live_" + random(24)),
        List.of("an npm token", "np" + "m_" + random(36)),
        List.of("a PyPI token", "py" + "pi-" + random(80)),
        List.of("a SendGrid key", "SG" + "." + random(22) + "." + random(43)),
        List.of(
            "a signed token", "ey" + "J" + random(20) + ".ey" + "J" + random(30) + ".abcdefghij"));
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void secretOfAKnownFormIsFoundInCodeAndMasked(List<String> secret) {
    String line = "  client.login(\"" + secret.getLast() + "\", 3); // as agreed";

    List<Secrets.Secret> found = Secrets.in(line);

    assertThat(found).extracting(Secrets.Secret::kind).containsExactly(secret.getFirst());
    assertThat(found.getFirst().certain()).isTrue();
    assertThat(Secrets.masked(line))
        .isEqualTo("  client.login(\"[masked secret]\", 3); // as agreed");
  }

  @Test
  void awsSecretKeyIsFoundBesideItsName() {
    String line = "aws_secret_access_key = " + random(40);

    assertThat(Secrets.masked(line)).isEqualTo("aws_secret_access_key = [masked secret]");
  }

  @Test
  void passwordInAnAddressIsFoundAndTheAddressStays() {
    String line = "db: postgres://shop:" + random(8) + "@db.internal:5432/shop";

    assertThat(Secrets.masked(line))
        .isEqualTo("db: postgres://shop:[masked secret]@db.internal:5432/shop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password = \"%s\"",
        "  \"api_key\": \"%s\",",
        "const clientSecret = '%s';",
        "ACCESS_KEY=%s",
        "  token: %s",
        "DB_PASSWORD := \"%s\""
      })
  void randomValueOfANameThatSaysItIsSecretIsFound(String form) {
    String line = form.formatted(random(20));

    List<Secrets.Secret> found = Secrets.in(line);

    assertThat(found).extracting(Secrets.Secret::certain).containsExactly(false);
    assertThat(Secrets.masked(line)).isEqualTo(form.formatted(Secrets.MASK));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password = \"\"",
        "password = \"changeme1234\"",
        "String token = tokens.next1();",
        "token = request.headers.auth2",
        "String secret = \"example-secret-1\";",
        "apiKey: ${API_KEY_2024}",
        "api_key = os.environ[\"API_KEY_1\"]",
        "the password: at least 12 characters",
        "int tokens = 12345678901234;",
        "private static final String KEY = \"KEY\";",
        "http://localhost:8080/a@b",
        "https://user:${PASSWORD}@host/",
        "ghp_short",
        "import sk-learn-something",
        "-----BEGIN CERTIFICATE-----"
      })
  void whatIsNoSecretIsLeftAlone(String line) {
    assertThat(Secrets.in(line)).isEmpty();
    assertThat(Secrets.masked(line)).isEqualTo(line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"password = \"hunter2hunter2\"", "DB_PASSWORD=Tr0ub4dor&3xyz"})
  void passwordThatAPersonChoseIsFound(String line) {
    assertThat(Secrets.masked(line)).contains(Secrets.MASK);
  }

  @Test
  void severalSecretsOfALineAreMaskedEach() {
    String token = "gh" + "s_" + random(36);

    String masked = Secrets.masked(token + " and " + token + " password='" + token + "'");

    assertThat(masked).isEqualTo("[masked secret] and [masked secret] password='[masked secret]'");
  }

  @Test
  void privateKeyOnOneLineIsMaskedWhole() {
    String key =
        "-----BEGIN RSA PRIVATE" + " KEY-----\\n" + random(60) + "\\n-----END RSA PRIVATE KEY-----";

    assertThat(Secrets.masked("key = \"" + key + "\"")).isEqualTo("key = \"[masked secret]\"");
  }

  @Test
  void maskedTextHasNoMoreSecrets() {
    String once = Secrets.masked("password = \"" + random(24) + "\" gh" + "p_" + random(40));

    assertThat(Secrets.in(once)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password=",
        "://a:",
        "aws secret ",
        "-----BEGIN PRIVATE KEY-----",
        "eyJ",
        "token "
      })
  void longLinesOfAlmostSecretsAreReadInLinearTime(String piece) {
    String line = piece.repeat(1_000_000 / piece.length());

    assertThat(Secrets.masked(line)).endsWith(piece);
  }
}
