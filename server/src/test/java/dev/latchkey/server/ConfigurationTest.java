package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.github.CheckState;
import dev.latchkey.review.Severity;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The operator's file, and variables, which win over it.
class ConfigurationTest {

  /// A value for each setting that isn't its default, another one, and one that is refused.
  private record Sample(
      String one, String other, String wrong, Function<Settings, Object> read, Object expected) {}

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Setting.class)
  void everySettingIsReadFromTheFile(Setting setting) throws IOException {
    Sample sample = sample(setting);

    Settings settings = read(without(setting), file(setting, sample.one()));

    assertThat(sample.read().apply(settings)).hasToString(sample.expected().toString());
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void theVariableWinsOverTheFile(Setting setting) throws IOException {
    Sample sample = sample(setting);
    Map<String, String> variables = without(setting);
    variables.put(setting.variable(), variable(setting, sample.one()));

    Settings settings = read(variables, file(setting, sample.other()));

    assertThat(sample.read().apply(settings)).hasToString(sample.expected().toString());
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void aWrongValueInTheFileIsToldWithItsLineAndKey(Setting setting) throws IOException {
    Path file = file(setting, sample(setting).wrong());
    int line = Files.readString(file).lines().toList().size();

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> read(without(setting), file))
        .satisfies(e ->
            assertThat(e.getMessage())
                .contains("latchkey.yml line " + line, "\"" + setting.key() + "\"")
                .containsAnyOf("allowed", "must be", "allow it", "does not exist")
                .hasLineCount(1));
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void aWrongValueOfTheVariableIsToldWithItsName(Setting setting) {
    Map<String, String> variables = without(setting);
    variables.put(setting.variable(), variable(setting, sample(setting).wrong()));

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.read(Configuration.of(variables)))
        .satisfies(e ->
            assertThat(e.getMessage())
                .startsWith(setting.variable())
                .containsAnyOf("allowed", "must be", "allow it", "does not exist")
                .hasLineCount(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "servers: 1 | line 1: unknown key \"servers\", known are admin, database, github, limits",
        "server: {prot: 1} | line 1: unknown key \"server.prot\", known are host, port",
        "server: 1 | line 1: \"server\" must be keys with values; known are host, port",
        "[1] | line 1: must be keys with values",
        "server: {port: 1, port: 2} | line 1: \"server.port\" is given twice",
        "server: {port: [1]} | line 1: \"server.port\" must be a text",
        "server: {port: } | line 1: \"server.port\" must be given a value, or left out",
        "database: {path: x} | line 1: \"database\" must be a text",
        "github: {owners: [[a]]} | line 1: \"github.owners\" must be a text",
        "model: {prices: 1} | line 1: \"model.prices\" must be keys with values",
        "model: {prices: {gpt: {in: 1, out: 1}}} | line 1: \"model.prices\" must be models as in",
        "model: {prices: {openai:a: {in: 1}}} | line 1: \"model.prices.openai:a\" must be given",
        "model: {prices: {openai:a: {in: -1, out: 1}}} | \"model.prices.openai:a.in\" must be",
        "model: {prices: {openai:a: {in: 1e9, out: 1}}} | \"model.prices.openai:a.in\" must be",
        "server: *none | line 1: no YAML: found undefined alias",
        "server: [ | no YAML",
      })
  void aMistakeInTheFileIsToldWithItsLine(String text, String told) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> SettingsFile.parse(bytes, "latchkey.yml"))
        .satisfies(e ->
            assertThat(e.getMessage()).startsWith("latchkey.yml").contains(told).hasLineCount(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- "})
  void deepNestingIsRefused(String opening) {
    byte[] bytes = opening.repeat(60_000 / opening.length()).getBytes(StandardCharsets.UTF_8);

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> SettingsFile.parse(bytes, "latchkey.yml"))
        .withMessageStartingWith("latchkey.yml");
  }

  @Test
  void aFileLargerThanTheBoundIsRefused() {
    byte[] bytes = ("#" + "x".repeat(Yaml.MAX_BYTES)).getBytes(StandardCharsets.UTF_8);

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> SettingsFile.parse(bytes, "latchkey.yml"))
        .withMessage("latchkey.yml is larger than 64 KiB");
  }

  @Test
  void aSecretThatIsNoYamlIsNotRepeated() {
    byte[] bytes = "admin: {token: *canary}".getBytes(StandardCharsets.UTF_8);

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> SettingsFile.parse(bytes, "latchkey.yml"))
        .withMessage("latchkey.yml line 1: no YAML: found undefined alias");
  }

  @Test
  void severalDocumentsAreRefused() {
    byte[] bytes = "database: a\n---\ndatabase: b\n".getBytes(StandardCharsets.UTF_8);

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> SettingsFile.parse(bytes, "latchkey.yml"))
        .withMessageContaining("latchkey.yml line 2: no YAML");
  }

  @Test
  void aNamedFileMustBeThere() {
    Path none = folder.resolve("none.yml");

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Configuration.read(Map.of(), none))
        .withMessage(none + " does not exist");
  }

  @Test
  void anEmptyFileSetsNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("latchkey.yml"), "# nothing yet\n");

    assertThat(Configuration.read(Map.of(), file).inForce())
        .noneMatch(line -> line.source().startsWith("latchkey"));
  }

  @Test
  void anEmptyVariableLeavesTheFileInForce() throws IOException {
    Map<String, String> variables = without(Setting.PORT);
    variables.put("PORT", " ");

    assertThat(read(variables, file(Setting.PORT, "4000")).webhooks().port()).isEqualTo(4000);
  }

  @Test
  void aKeyByVariableWinsOverAKeyFileByFile() throws IOException {
    Path file = file(Setting.PRIVATE_KEY_PATH, "/no/such/key.pem");

    Settings settings = read(new HashMap<>(TestServer.settings(folder)), file);

    assertThat(settings.app().credentials().appId()).isEqualTo("4711");
  }

  @Test
  void bothKindsOfKeyInTheFileAreRefused() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("latchkey.yml"), "github:\n  private-key: a\n  private-key-path: b\n");

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> read(without(Setting.PRIVATE_KEY), file))
        .withMessageContainingAll("line 2", "line 3", "both set; set one of them");
  }

  @Test
  void pricesAreReadByModel() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("latchkey.yml"),
            "model:\n  prices:\n    openai:gpt-4.1: {in: 2, out: 8.00}\n");

    Settings settings = read(new HashMap<>(TestServer.settings(folder)), file);

    assertThat(settings.prices())
        .containsExactly(
            Map.entry(
                "openai:gpt-4.1", new Settings.Price(new BigDecimal("2"), new BigDecimal("8.00"))));
  }

  @Test
  void ownersMayBeAList() throws IOException {
    Settings settings = read(without(Setting.OWNERS), file(Setting.OWNERS, "[Acme, octocat]"));

    assertThat(settings.app().owners()).containsExactlyInAnyOrder("acme", "octocat");
  }

  @Test
  void daysAreThoseOfTheZone() throws IOException {
    Settings settings = read(without(Setting.ZONE), file(Setting.ZONE, "Europe/Berlin"));

    assertThat(settings.limits().perOwner().zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(settings.limits().tokensPerDay().limit("tokens").units()).isEqualTo(2_000_000);
  }

  @Test
  void aRunningServerIsFoundWithoutTheRest() throws IOException {
    Path file = file(Setting.ADMIN_PORT, "4001");

    Settings.Admin admin =
        new SettingsReading(Configuration.read(Map.of("ADMIN_HOST", "127.0.0.2"), file)).admin();

    assertThat(admin.listener()).isEqualTo(new Settings.Listener("ADMIN_PORT", "127.0.0.2", 4001));
  }

  @Test
  void quietMustFitIntoTheLongestWait() {
    Map<String, String> variables = new HashMap<>(TestServer.settings(folder));
    variables.put("LATCHKEY_REVIEW_QUIET", "20m");

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.read(variables))
        .withMessageStartingWith("LATCHKEY_REVIEW_QUIET doesn't fit");
  }

  private static Settings read(Map<String, String> variables, Path file) {
    return Settings.read(Configuration.read(variables, file));
  }

  private Map<String, String> without(Setting setting) {
    Map<String, String> variables = new HashMap<>(TestServer.settings(folder));
    variables.remove(setting.variable());
    boolean key = setting == Setting.PRIVATE_KEY || setting == Setting.PRIVATE_KEY_PATH;
    if (key) {
      variables.remove("PRIVATE_KEY");
    }
    return variables;
  }

  private static String variable(Setting setting, String text) {
    return switch (setting) {
      case MODEL_PROVIDER -> text + ":none";
      case MODEL_NAME -> "openai:" + text;
      default -> text;
    };
  }

  /// Writes a file with that as its last line.
  private Path file(Setting setting, String value) throws IOException {
    List<String> lines = new ArrayList<>();
    String[] names = setting.key().split("\\.", 2);
    String shown = value.startsWith("[") ? value : "\"" + value.replace("\n", "\\n") + "\"";
    if (names.length == 1) {
      lines.add(names[0] + ": " + shown);
    } else {
      lines.add(names[0] + ":");
      if (setting == Setting.MODEL_PROVIDER) {
        lines.add("  name: none");
      } else if (setting == Setting.MODEL_NAME) {
        lines.add("  provider: openai");
      }
      lines.add("  " + names[1] + ": " + shown);
    }
    return Files.writeString(folder.resolve("latchkey.yml"), String.join("\n", lines) + "\n");
  }

  private Sample sample(Setting setting) {
    return switch (setting) {
      case APP_ID -> new Sample("4712", "4713", "a b", s -> s.app().credentials().appId(), "4712");
      case PRIVATE_KEY ->
          new Sample(
              TestKeys.privateKeyPem(), "none", "none", s -> s.app().credentials().appId(), "4711");
      case PRIVATE_KEY_PATH ->
          new Sample(
              TestKeys.file(folder).toString(),
              "none",
              "none",
              s -> s.app().credentials().appId(),
              "4711");
      case WEBHOOK_SECRET -> secret(s -> s.app().webhookSecrets().getFirst().reveal());
      case WEBHOOK_SECRET_PREVIOUS -> secret(s -> s.app().webhookSecrets().getLast().reveal());
      case ADMIN_TOKEN -> secret(s -> s.admin().token().orElseThrow().reveal());
      case MODEL_KEY ->
          new Sample("sk-one", "sk-two", "s k", s -> String.valueOf(s.model().key()), "sk-one");
      case API_URL ->
          new Sample(
              "https://ghe/api/v3",
              "https://other",
              "http://ghe",
              s -> s.app().api(),
              "https://ghe/api/v3");
      case OWNERS -> new Sample("one", "two", "o n e", s -> s.app().owners(), "[one]");
      case HOST -> new Sample("127.0.0.3", "::1", "::x", s -> s.webhooks().host(), "127.0.0.3");
      case ADMIN_HOST ->
          new Sample("127.0.0.3", "::1", "0.0.0.0", s -> s.admin().listener().host(), "127.0.0.3");
      case PORT -> port(s -> s.webhooks().port());
      case ADMIN_PORT -> port(s -> s.admin().listener().port());
      case DATABASE -> new Sample("x.db", "y.db", "jdbc:x", s -> s.database(), "x.db");
      default -> sampleOfTheModelAndReviews(setting);
    };
  }

  private static Sample sampleOfTheModelAndReviews(Setting setting) {
    return switch (setting) {
      case MODEL_PROVIDER ->
          new Sample("ollama", "openai", "gpt", s -> s.model().name(), "ollama:none");
      case MODEL_NAME ->
          new Sample("qwen:8b", "other", "   ", s -> s.model().name(), "openai:qwen:8b");
      case MODEL_URL ->
          new Sample(
              "http://[::1]:9/v1",
              "http://127.0.0.1:8/v1",
              "http://10.0.0.1/v1",
              s -> String.valueOf(s.model().url()),
              "http://[::1]:9/v1");
      case MODEL_ALLOW_REMOTE -> flag(true, s -> s.model().allowRemote());
      case PER_PULL_REQUEST -> limit(s -> s.limits().perPullRequest().text());
      case PER_REPOSITORY -> limit(s -> s.limits().perRepository().text());
      case PER_OWNER -> limit(s -> s.limits().perOwner().text());
      case TOKENS_PER_DAY ->
          new Sample("500", "600", "0", s -> s.limits().tokensPerDay().text(), "500/day");
      case ZONE ->
          new Sample("Asia/Tokyo", "UTC", "Mars", s -> s.limits().perOwner().zone(), "Asia/Tokyo");
      case QUIET -> time("2h", s -> s.reviews().quiet());
      case QUIET_MAX -> time("8d", s -> s.reviews().quietMax());
      case POLL -> time("0s", s -> s.upkeep().poll().orElseThrow());
      case RESYNC -> time("0s", s -> s.upkeep().resync());
      case SETTLE_WINDOW -> time("2h", s -> s.upkeep().settleWindow());
      case ON_PUSH -> flag(false, s -> s.reviews().onPush());
      case DRAFTS -> flag(true, s -> s.reviews().drafts());
      case BOTS -> flag(true, s -> s.reviews().bots());
      case FORKS -> flag(false, s -> s.reviews().forks());
      case VERIFY -> flag(true, s -> s.reviews().verify());
      case INLINE -> new Sample("3", "4", "101", s -> s.reviews().inline(), 3);
      case INLINE_FROM ->
          new Sample("major", "nit", "bad", s -> s.reviews().inlineFrom(), Severity.MAJOR);
      case UNREVIEWED ->
          new Sample(
              "failure",
              "skipped",
              "success",
              s -> s.reviews().unreviewed(),
              CheckState.Conclusion.FAILURE);
      default -> throw new AssertionError(setting + " has no sample");
    };
  }

  private static Sample secret(Function<Settings, Object> read) {
    return new Sample(
        "a secret that is one",
        "a secret that is two",
        "aaaaaaaaaaaaaaaaaaaa",
        read,
        "a secret that is one");
  }

  private static Sample port(Function<Settings, Object> read) {
    return new Sample("4000", "4001", "65536", read, 4000);
  }

  private static Sample limit(Function<Settings, Object> read) {
    return new Sample("7/2h", "8/day", "7", read, "7/2h");
  }

  private static Sample flag(boolean one, Function<Settings, Object> read) {
    return new Sample(Boolean.toString(one), Boolean.toString(!one), "yes", read, one);
  }

  private static Sample time(String wrong, Function<Settings, Object> read) {
    return new Sample("90s", "2m", wrong, read, Duration.ofSeconds(90));
  }

  @Test
  void everySettingHasAnotherKey() {
    List<String> keys = Arrays.stream(Setting.values()).map(Setting::key).toList();

    assertThat(keys).doesNotHaveDuplicates();
  }
}
