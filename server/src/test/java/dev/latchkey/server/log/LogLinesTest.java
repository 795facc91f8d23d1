package dev.latchkey.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the server's own configuration of the log writes, and what it never does.
class LogLinesTest {

  private static final String WEBHOOK_SECRET = "canary-webhook \"quoted\" \\ secret+/=";
  private static final String MODEL_KEY = "canary-model-key-0123456789";
  private static final String ADMIN_TOKEN = "canary-admin-token";
  private static final String FIRST_KEY_LINE = line(0);
  private static final String LAST_KEY_LINE = "canaryLastLine==";
  private static final String PRIVATE_KEY =
      "-----BEGIN RSA PRIVATE KEY-----\n"
          + FIRST_KEY_LINE
          + "\n"
          + LAST_KEY_LINE
          + "\n-----END RSA PRIVATE KEY-----\n";

  /// A canary of each kind, and what of it must not be seen.
  private static final Map<String, String> CANARIES =
      Map.ofEntries(
          Map.entry(WEBHOOK_SECRET, "canary-webhook"),
          Map.entry(WEBHOOK_SECRET.replace("\\", "\\\\").replace("\"", "\\\""), "canary-webhook"),
          Map.entry(MODEL_KEY, "canary-model"),
          Map.entry(ADMIN_TOKEN, "canary-admin"),
          Map.entry(PRIVATE_KEY, FIRST_KEY_LINE),
          Map.entry(FIRST_KEY_LINE, FIRST_KEY_LINE),
          Map.entry(LAST_KEY_LINE, LAST_KEY_LINE),
          Map.entry(line(1), line(1)),
          Map.entry(PRIVATE_KEY.replace("\n", "\\n"), FIRST_KEY_LINE),
          Map.entry("ghs_" + "c4nary".repeat(6), "c4nary"),
          Map.entry("github_pat_" + "c4nary_".repeat(8), "c4nary"),
          Map.entry("Bearer c4nary.short", "c4nary"),
          Map.entry("Authorization: token c4naryword", "c4nary"),
          Map.entry("{\"authorization\":\"Basic c4naryword\"}", "c4nary"),
          Map.entry("x-api-key: c4naryword", "c4nary"),
          Map.entry("sk-ant-c4nary-" + "0".repeat(20), "c4nary"),
          Map.entry("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJjNG5h.c4narysignature", "c4nary"),
          Map.entry("https://user:c4nary@host.example/path", "c4nary"));

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void noSecretIsSeenWhereverItIsLogged(String format) {
    register();

    for (Map.Entry<String, String> canary : CANARIES.entrySet()) {
      String secret = canary.getKey();
      IllegalStateException failure = new IllegalStateException("outer " + secret);
      failure.initCause(new IOException("inner " + secret));
      failure.addSuppressed(new IOException("beside " + secret));

      String out =
          logged(
              format,
              logger -> {
                logger.info("event=a value={}", secret);
                logger.info("event=b value=" + secret.replace("{}", ""));
                logger.warn("event=c", failure);
                logger.atInfo().setMessage("event=d").addArgument(secret).log();
              },
              Map.of("delivery", secret));

      assertThat(out).contains("[masked]").doesNotContain(canary.getValue());
    }
  }

  @Test
  void withoutTheEncoderTheSameCanariesAreSeen() {
    assertThat(CANARIES)
        .allSatisfy((secret, seen) -> assertThat("event=a value=" + secret).contains(seen));
    assertThat(CANARIES.keySet()).hasSizeGreaterThan(15);
  }

  @Test
  void whatIsNoSecretIsLeftAsItIs() {
    String hash = "0123456789abcdef".repeat(4);
    List<String> plain =
        List.of(
            "event=work.ended work=7 kind=\"review\" lane=\"pull/5/1\" state=DONE",
            "key=" + hash,
            "head=" + "a".repeat(40),
            "https://api.example/repos/acme/web/pulls/1?per_page=100",
            "id=72d3162e-cc78-11e3-81ab-4c9367dc0958");

    for (String text : plain) {
      assertThat(Redaction.mask(text)).isEqualTo(text);
    }
  }

  @Test
  void aValueCantBeginALineOfItsOwn() {
    String forged = "x\n2026-01-01T00:00:00.000Z INFO Fake event=forged\r\u2028\u0085\u001b[2J";
    IOException failure = new IOException(forged);

    String text =
        logged("text", logger -> logger.warn("v=" + forged, failure), Map.of("d", forged));
    String json =
        logged("json", logger -> logger.warn("v=" + forged, failure), Map.of("d", forged));

    assertThat(text.lines().filter(line -> !line.startsWith("\t"))).hasSize(1);
    assertThat(text.lines().filter(line -> line.startsWith("\t2026"))).isEmpty();
    assertThat(text).contains("\\n2026", "\\u001b[2J", "\\u2028").doesNotContain("\u001b");
    assertThat(json).hasLineCount(1).doesNotContain("\u001b", "\u2028", "\u0085");
    assertThat(JsonMapper.shared().readTree(json).path("message").stringValue())
        .isEqualTo("v=" + forged);
  }

  @Test
  void textSaysWhenHowBadWhoAndWhatAbout() {
    String out = logged("text", logger -> logger.info("event=done n={}", 3), Map.of("work", "7"));

    assertThat(out)
        .matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]{12}Z INFO  Sample event=done n=3 work=7\n");
  }

  @Test
  void whatTheMessageSaysIsNotRepeated() {
    String out = logged("text", logger -> logger.info("event=done work=7"), Map.of("work", "7"));

    assertThat(out).endsWith("Sample event=done work=7\n");
  }

  @Test
  void jsonHasTheEventAndWhatItIsAboutAsMembers() {
    String out =
        logged(
            "json",
            logger -> logger.error("event=step.failed n=3", new IOException("why")),
            Map.of("work", "7"));

    JsonNode line = JsonMapper.shared().readTree(out);
    assertThat(line.path("event").stringValue()).isEqualTo("step.failed");
    assertThat(line.path("level").stringValue()).isEqualTo("ERROR");
    assertThat(line.path("work").stringValue()).isEqualTo("7");
    assertThat(line.path("stack").stringValue()).startsWith("java.io.IOException: why\n  ");
  }

  @Test
  void anUnknownFormatIsText() {
    assertThat(logged("yaml", logger -> logger.info("event=done"), Map.of()))
        .endsWith("Sample event=done\n");
  }

  private static void register() {
    Redaction.register(WEBHOOK_SECRET);
    Redaction.register(MODEL_KEY);
    Redaction.register(ADMIN_TOKEN);
    Redaction.register(PRIVATE_KEY);
  }

  private static String line(int first) {
    byte[] bytes = new byte[48];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (first * 7 + i * 37);
    }
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// Returns what the server's configuration writes to standard error.
  private static String logged(String format, Consumer<Logger> talk, Map<String, String> about) {
    PrintStream before = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
    LoggerContext context = new LoggerContext();
    LogbackMDCAdapter adapter = new LogbackMDCAdapter();
    context.setMDCAdapter(adapter);
    context.putProperty("LATCHKEY_LOG_FORMAT", format);
    try {
      JoranConfigurator configurator = new JoranConfigurator();
      configurator.setContext(context);
      configurator.doConfigure(LogLines.class.getResource("/logback.xml"));
      about.forEach(adapter::put);
      talk.accept(context.getLogger("dev.latchkey.server.Sample"));
      return out.toString(StandardCharsets.UTF_8);
    } catch (JoranException e) {
      throw new UncheckedIOException(new IOException(e));
    } finally {
      context.stop();
      System.setErr(before);
    }
  }
}
